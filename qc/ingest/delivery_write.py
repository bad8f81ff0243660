"""One delivery into the facts: one transaction, with the record of every file it came from."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from qc.ingest.delivery import Delivery
from qc.ingest.stored_runs import take_runs
from qc.ingest.stored_sheets import take_sheet
from qc.store.facts import insert, next_id, transaction
from qc.store.frames import first_row
from qc.store.seals import seal
from qc.store.tables import MEASURED_TABLES, SHEET_TABLES

if TYPE_CHECKING:
    import polars as pl

    from qc.readers.intake import Intake
    from qc.store.connection import Connection


def is_known(con: Connection, delivery: Delivery) -> bool:
    """Tell whether a delivery is already in the facts.

    Parameters
    ----------
    delivery : Delivery
        What to look for, by its hash.

    Returns
    -------
    bool
        True if every byte of it came in before.
    """
    sql = "SELECT 1 FROM sources WHERE delivery_sha256 = ? LIMIT 1"
    return first_row(con, sql, [delivery.sha256]) is not None


def take_in(con: Connection, delivery: Delivery, intake: Intake, *, now: datetime, correct: bool) -> int:
    """Write one delivery, wholly or not at all.

    Parameters
    ----------
    correct : bool
        Whether a run that is already in may get a new version.

    Raises
    ------
    ReaderError
        If a run is already in and this is not a correction.
    """
    with transaction(con):
        source_id = next_id(con, "sources")
        n_rows = _take_tables(con, intake, source_id=source_id, correct=correct)
        written = _sources(delivery, intake, source_id, n_rows, now)
        insert(con, "sources", written)
        insert(con, "file_seals", _file_seals(intake, source_id))
        insert(con, "file_remarks", _file_remarks(intake, source_id))
        run_ids = [row[0] for row in con.execute("SELECT run_id FROM runs WHERE source_id = ?", [source_id]).fetchall()]
        keys = {"source_id": written["source_id"].to_list(), "run_id": run_ids}
        # In the same transaction, so that no row ever stands unsealed.
        seal(con, keys, tables={"sources", "file_seals", "file_remarks", "runs", *intake.tables})
    return n_rows


def _take_tables(con: Connection, intake: Intake, *, source_id: int, correct: bool) -> int:
    sheets = {name: frame for name, frame in intake.tables.items() if name in SHEET_TABLES}
    rows = {name: frame for name, frame in intake.tables.items() if name in MEASURED_TABLES}
    n_rows = sum(take_sheet(con, name, frame, source_id=source_id) for name, frame in sheets.items())
    if intake.runs:
        n_rows += take_runs(con, intake.runs, rows, source_id=source_id, correct=correct)
    return n_rows


def _sources(delivery: Delivery, intake: Intake, source_id: int, n_rows: int, now: datetime) -> pl.DataFrame:
    import polars as pl

    from qc.version import __version__

    rows = [
        {
            "source_id": source_id + offset,
            "sha256": part.sha256,
            "delivery_sha256": delivery.sha256,
            "part": part.part,
            "file_name": part.name,
            "n_bytes": len(part.content),
            "kind": intake.kind,
            "reader": intake.reader,
            "reader_version": intake.reader_version,
            "software": f"assaygate {__version__}",
            "ingested_at": now.replace(tzinfo=None),
            "n_rows": n_rows,
        }
        for offset, part in enumerate(delivery.parts)
    ]
    return pl.DataFrame(rows)


def _file_seals(intake: Intake, source_id: int) -> pl.DataFrame:
    import polars as pl

    rows = [
        {"source_id": source_id, "kind": seal.kind, "state": seal.state.value, "sentence": seal.sentence}
        for seal in intake.seals
    ]
    texts = dict.fromkeys(("kind", "state", "sentence"), pl.String)
    return pl.DataFrame(rows, schema={"source_id": pl.Int64, **texts})


def _file_remarks(intake: Intake, source_id: int) -> pl.DataFrame:
    import polars as pl

    rows = [
        {"source_id": source_id, "kind": remark.kind.value, "place": remark.where, "sentence": remark.sentence}
        for remark in dict.fromkeys(intake.remarks)
    ]
    texts = dict.fromkeys(("kind", "place", "sentence"), pl.String)
    return pl.DataFrame(rows, schema={"source_id": pl.Int64, **texts})
