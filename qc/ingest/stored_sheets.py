"""Sheets into the facts: a changed row is a new version, the old one stays; what changes results waits for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import CorrectionRow, row_json
from qc.ingest.touched_runs import touched_runs
from qc.store.facts import insert
from qc.store.frames import query
from qc.store.tables import SHEET_TABLES, newest_view
from schemas.tables.sheets import SHEETS

if TYPE_CHECKING:
    import polars as pl

    from qc.ingest.handed_in import HandedIn
    from qc.store.connection import Connection


def take_sheet(
    con: Connection, sheet: str, frame: pl.DataFrame, *, source_id: int, handed_in: HandedIn
) -> tuple[int, list[CorrectionRow]]:
    """Write the rows of a sheet that are new or have changed, but for those that results rest on.

    Parameters
    ----------
    sheet : str
        Table of the sheet: one of ``qc.store.tables.SHEET_TABLES``.
    frame : DataFrame
        Rows of the sheet; each key once.

    Returns
    -------
    tuple of int and list of CorrectionRow
        Number of rows that were written, and the rows that wait; rows equal to their newest version are left out.
    """
    import polars as pl

    changed = _changed(con, sheet, frame)
    waits = _waits(con, sheet, changed, handed_in) if changed.height else pl.Series(dtype=pl.Boolean)
    _write(con, sheet, changed.filter(~waits), source_id=source_id)
    return changed.height - int(waits.sum()), _rows(sheet, changed.filter(waits))


def write_versions(con: Connection, sheet: str, rows: pl.DataFrame, *, source_id: int) -> int:
    """Write rows of a sheet, each as the version after its newest; those that are in force already are left out."""
    changed = _changed(con, sheet, rows)
    _write(con, sheet, changed, source_id=source_id)
    return changed.height


def _write(con: Connection, sheet: str, changed: pl.DataFrame, *, source_id: int) -> None:
    import polars as pl

    version = (pl.col("known_version").fill_null(0) + 1).alias("version")
    insert(con, sheet, changed.select(*_columns(changed), version, pl.lit(source_id).alias("source_id")))


def _columns(frame: pl.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in ("line", "known_version") and not name.startswith("before.")]


def _changed(con: Connection, sheet: str, frame: pl.DataFrame) -> pl.DataFrame:
    # Rows that differ from those in force, with `before.` in front of the columns of these.
    import polars as pl

    keys, columns = list(SHEETS[sheet].key), _columns(frame)
    known = query(con, f"SELECT * FROM {newest_view(sheet)}")  # noqa: S608 - a view of ours
    known = known.with_columns(pl.col(column).cast(frame.schema[column]) for column in columns)
    # A sheet is handed in whole again and again: only rows that say something new become versions.
    own = frame.select(*columns, *(["line"] if "line" in frame.columns else []))
    changed = own.join(known, on=columns, how="anti", nulls_equal=True)
    before = known.select(
        *keys,
        pl.col("version").cast(pl.Int64).alias("known_version"),
        *(pl.col(column).alias(f"before.{column}") for column in columns if column not in keys),
    )
    return changed.join(before, on=keys, how="left", nulls_equal=True)


def _waits(con: Connection, sheet: str, changed: pl.DataFrame, handed_in: HandedIn) -> pl.Series:
    import polars as pl

    keys = list(SHEETS[sheet].key)
    if handed_in.recorded is not None:
        written = handed_in.recorded.written
        return pl.Series([(sheet, row_json(row)) not in written for row in changed.select(keys).iter_rows(named=True)])
    is_old = changed["known_version"].is_not_null()
    if handed_in.correct or not handed_in.changes_sheets:
        return is_old
    if not is_old.any() and not handed_in.released_studies:
        return pl.repeat(False, changed.height, eager=True)
    touched = touched_runs(con, sheet, changed.select(keys))
    all_touched = set(touched["i"].to_list())
    released = set(touched.filter(pl.col("study").is_in(list(handed_in.released_studies)))["i"].to_list())
    means_more = changed.select(_means_otherwise(sheet, changed)).to_series()
    return pl.Series(
        [
            i in (all_touched if old else released) and more
            for i, (old, more) in enumerate(zip(is_old, means_more, strict=True))
        ],
        dtype=pl.Boolean,
    )


def _means_otherwise(sheet: str, changed: pl.DataFrame) -> pl.Expr:
    import polars as pl

    keys = SHEETS[sheet].key
    remarks = {column.name for column in SHEETS[sheet].columns if column.is_remark}
    columns = [name for name in _columns(changed) if name not in keys and name not in remarks]
    differs = [~pl.col(name).eq_missing(pl.col(f"before.{name}")) for name in columns]
    return pl.any_horizontal(pl.col("known_version").is_null(), *differs)


def _rows(sheet: str, waiting: pl.DataFrame) -> list[CorrectionRow]:
    keys = list(SHEETS[sheet].key)
    columns = [name for name in _columns(waiting) if name not in keys]
    delivered: Sequence[dict[str, object]] = waiting.to_dicts()
    return [
        CorrectionRow(
            table=sheet,
            study=str(row.get("study") or ""),
            key=row_json({name: row[name] for name in keys}),
            line=row.get("line"),  # type: ignore[arg-type]
            before=row_json(
                None if row["known_version"] is None else {name: row[f"before.{name}"] for name in columns}
            ),
            after=row_json({name: row[name] for name in columns}),
        )
        for row in delivered
    ]


def written_rows(con: Connection, source_ids: Sequence[int]) -> dict[int, set[tuple[str, str]]]:
    """Return the rows of sheets that deliveries have written, by delivery: each with its table and key."""
    found: dict[int, set[tuple[str, str]]] = {}
    for sheet in SHEET_TABLES:
        sql = f"SELECT * FROM {sheet} WHERE source_id IN (SELECT unnest(?::BIGINT[]))"  # noqa: S608 - one of ours
        for row in query(con, sql, [list(source_ids)]).select("source_id", *SHEETS[sheet].key).iter_rows(named=True):
            source_id = row.pop("source_id")
            found.setdefault(source_id, set()).add((sheet, row_json(row)))
    return found


def frame_of_rows(sheet: str, rows: Sequence[CorrectionRow]) -> pl.DataFrame:
    """Return rows that waited as a frame of their sheet, as they were delivered."""
    import json
    from datetime import datetime

    import polars as pl

    from schemas.tables.check import columns

    types = {name: kind for name, kind in columns(SHEETS[sheet].model).items() if name != "line"}
    cells = [{**json.loads(row.key), **json.loads(row.after)} for row in rows]
    series = []
    for name, kind in types.items():
        values = [row.get(name) for row in cells]
        if kind == pl.Datetime:
            values = [None if value is None else datetime.fromisoformat(value) for value in values]
        series.append(pl.Series(name, values, dtype=kind, strict=False))
    return pl.DataFrame(series)
