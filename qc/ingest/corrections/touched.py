"""What rests on the rows of a correction: results, pairs and studies, told as numbers without subject or visit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import CorrectionRow
from qc.ingest.touched_runs import touched_runs
from qc.store.frames import first_row
from qc.store.tables import SHEET_TABLES

if TYPE_CHECKING:
    import polars as pl

    from qc.ingest.corrections.correction import Correction
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Touched:
    """What rests on the rows of a correction."""

    n_results: int
    """Results."""
    n_pairs: int
    """Pairs: a subject with this analyte and matrix at two visits or more, of which a result is among them."""
    studies: tuple[str, ...]
    """Studies."""
    result_ids: tuple[int, ...]
    """The results."""


# An analyte that the sheet writes otherwise than the catalogue is no reason to leave a result out.
_RESULTS = """
    SELECT DISTINCT r.result_id, r.study, r.sample, r.analyte, r.matrix FROM latest_results r JOIN touched t
        ON t.run_id = r.run_id AND t.sample IN ('', r.sample)
        AND (t.analyte IN ('', r.analyte) OR t.analyte NOT IN (SELECT DISTINCT analyte FROM latest_results))
"""
_PAIRS = """
    SELECT count(*) FROM (
        SELECT s.study, s.subject, r.analyte, r.matrix FROM latest_results r JOIN latest_samples s USING (study, sample)
        WHERE s.subject IN (SELECT o.subject FROM own JOIN latest_samples o USING (study, sample))
        GROUP BY ALL HAVING count(DISTINCT s.visit) > 1
            AND bool_or(r.result_id IN (SELECT result_id FROM own))
    )
"""


def touched_of(con: Connection, correction: Correction) -> Touched:
    """Return what rests on the rows that a correction would change."""
    rows = correction.changes or correction.rows
    con.register("touched", _touched(con, rows).to_arrow())
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE own AS {_RESULTS}")
        results = con.execute("SELECT result_id, study FROM own ORDER BY result_id").fetchall()
        ((n_pairs,),) = con.execute(_PAIRS).fetchall()
        named = con.execute("SELECT DISTINCT study FROM touched").fetchall()
        con.execute("DROP TABLE own")
    finally:
        con.unregister("touched")
    studies = {row.study for row in rows} | {study for (study,) in named} - {""}
    return Touched(len(results), int(n_pairs), tuple(sorted(studies - {""})), tuple(row[0] for row in results))


def _touched(con: Connection, rows: Sequence[CorrectionRow]) -> pl.DataFrame:
    import polars as pl

    schema = pl.Schema({"run_id": pl.Int64, "study": pl.String, "sample": pl.String, "analyte": pl.String})
    frames = [pl.DataFrame(schema=schema)]
    for sheet in dict.fromkeys(row.table for row in rows if row.table in SHEET_TABLES):
        from qc.ingest.stored_sheets import frame_of_rows
        from schemas.tables.sheets import SHEETS

        keys = frame_of_rows(sheet, [row for row in rows if row.table == sheet]).select(SHEETS[sheet].key)
        frames.append(touched_runs(con, sheet, keys).select(*schema.names()).cast(schema))
    measured = [_of_run(con, row) for row in rows if row.table not in SHEET_TABLES]
    frames.append(pl.DataFrame([row for row in measured if row], schema=schema, orient="row"))
    return pl.concat(frames).unique()


def _of_run(con: Connection, row: CorrectionRow) -> tuple[int, str, str, str] | None:
    # Of controls, calibrators and the run as a whole every result of the run is touched; of a sample its own.
    key = json.loads(row.key)
    cells = (json.loads(row.before) or {}) | (json.loads(row.after) or {})
    found = first_row(con, "SELECT max(run_id) FROM runs WHERE run = ?", [key["run"]])
    if found is None or found[0] is None or row.before == row.after:
        return None
    is_sample = key.get("role", cells.get("role")) == "sample"
    sample = str(key.get("sample", cells.get("name", ""))) if is_sample else ""
    return int(found[0]), row.study, sample, ""
