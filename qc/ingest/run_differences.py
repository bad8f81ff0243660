"""What a delivered run would change of the newest version of the same run, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.ingest.correction_rows import CorrectionRow, row_json
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection
    from schemas.run import Run

_KEYS: Mapping[str, tuple[str, ...]] = {
    "reported": ("role", "sample", "analyte", "matrix", "replicate", "material", "level", "lot"),
    "wells": ("plate", "well", "analyte"),
}
"""What names a measured row within its run; rows with the same names are told apart by their order."""
_NEWEST = "SELECT * FROM runs WHERE run = ? QUALIFY version = max(version) OVER ()"


def run_differences(con: Connection, runs: Sequence[Run], tables: Mapping[str, pl.DataFrame]) -> list[CorrectionRow]:
    """Return what runs would change.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        ``wells`` and ``reported``, with a column ``run``.

    Returns
    -------
    list of CorrectionRow
        For each run first what is known of it as a whole, which stands there even where it is the same; then each
        measured row that differs, comes or goes.
    """
    return [row for run in runs for row in _of_run(con, run, tables)]


def is_same(rows: Sequence[CorrectionRow]) -> bool:
    """Tell whether differences change nothing."""
    return all(row.before == row.after for row in rows)


def delivered_rows(runs: Sequence[Run], tables: Mapping[str, pl.DataFrame]) -> list[CorrectionRow]:
    """Return every row of runs as one that comes new."""
    return [row for run in runs for row in _of_run(None, run, tables)]


def _of_run(con: Connection | None, run: Run, tables: Mapping[str, pl.DataFrame]) -> list[CorrectionRow]:
    import polars as pl

    known = query(con, _NEWEST, [run.run]).to_dicts() if con else []
    header = {name: value for name, value in asdict(run).items() if name != "run"}
    before = {name: known[0][name] for name in header} if known else None
    rows = [CorrectionRow("runs", run.study, row_json({"run": run.run}), None, row_json(before), row_json(header))]
    for table, keys in _KEYS.items():
        new = _named(tables[table].filter(pl.col("run") == run.run), keys) if table in tables else {}
        old = _named(_stored(con, table, known[0]["run_id"]), keys) if con and known else {}
        rows += _differences(table, run, keys, old, new)
    return rows


def _stored(con: Connection, table: str, run_id: int) -> pl.DataFrame:
    return query(con, f"SELECT * FROM {table} WHERE run_id = ? ORDER BY rowid", [run_id])  # noqa: S608 - one of ours


_Named = dict[tuple[Any, ...], dict[str, Any]]


def _named(frame: pl.DataFrame, keys: Sequence[str]) -> _Named:
    found: _Named = {}
    for row in frame.iter_rows(named=True):
        name = tuple(row[key] for key in keys)
        place = 1
        while (*name, place) in found:
            place += 1
        found[*name, place] = {column: value for column, value in row.items() if column not in ("run", "run_id")}
    return found


def _differences(table: str, run: Run, keys: Sequence[str], old: _Named, new: _Named) -> list[CorrectionRow]:
    rows = []
    for name in [*new, *(name for name in old if name not in new)]:
        before, after = _content(old.get(name), keys), _content(new.get(name), keys)
        if before != after:
            key = row_json({"run": run.run, **dict(zip((*keys, "place"), name, strict=True))})
            line = (new.get(name) or old[name]).get("line")
            rows.append(CorrectionRow(table, run.study, key, line, before, after))
    return rows


def _content(row: dict[str, Any] | None, keys: Sequence[str]) -> str:
    if row is None:
        return "null"
    return row_json({name: value for name, value in row.items() if name not in keys and name != "line"})
