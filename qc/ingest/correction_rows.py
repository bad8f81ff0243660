"""Rows that would change what results mean: kept with their delivery, in force only once a person accepts them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.store.facts import insert
from schemas.canonical import canonical_json

if TYPE_CHECKING:
    from qc.store.connection import Connection

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """One row that a delivery would change."""

    table: str
    """Table of the row."""
    study: str
    """Study of the row; empty where it belongs to none."""
    key: str
    """What names the row, as canonical JSON."""
    line: int | None
    """Line of the file; None where it has none."""
    before: str
    """Row in force, as canonical JSON; ``null`` for none."""
    after: str
    """Row that was delivered, as canonical JSON; ``null`` for none."""

    @property
    def change(self) -> tuple[str, str, str, str]:
        """What makes two of them the same change."""
        return self.table, self.key, self.before, self.after


def row_json(row: Row | None) -> str:
    """Return a row as canonical JSON; a time is written as the sheet's own, without a zone."""
    if row is None:
        return "null"
    return canonical_json({name: _plain(value) for name, value in row.items()})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def write_corrections(con: Connection, rows: Sequence[CorrectionRow], *, source_id: int) -> None:
    """Write the rows of one delivery that wait."""
    import polars as pl

    if not rows:
        return
    columns = {
        "source_id": [source_id] * len(rows),
        "ordinal": list(range(1, len(rows) + 1)),
        "table_name": [row.table for row in rows],
        "study": [row.study for row in rows],
        "key": [row.key for row in rows],
        "line": pl.Series([row.line for row in rows], dtype=pl.Int64),
        "before": [row.before for row in rows],
        "after": [row.after for row in rows],
    }
    insert(con, "corrections", pl.DataFrame(columns))


_NOT_APPLIED = "source_id NOT IN (SELECT applies FROM sources WHERE applies IS NOT NULL)"
_ROWS = "SELECT source_id, table_name, study, key, line, before, after FROM corrections WHERE "


def unapplied_corrections(con: Connection) -> dict[int, list[CorrectionRow]]:
    """Return what deliveries would change and is not in force: what waits, and what was refused.

    Returns
    -------
    dict of int to list of CorrectionRow
        By the number of the delivery, oldest first.
    """
    return _grouped(con.execute(f"{_ROWS}{_NOT_APPLIED} ORDER BY source_id, ordinal").fetchall())


def corrections_of(con: Connection, source_ids: Collection[int]) -> dict[int, list[CorrectionRow]]:
    """Return what some deliveries would change or have changed."""
    sql = f"{_ROWS}source_id IN (SELECT unnest(?::BIGINT[])) ORDER BY source_id, ordinal"
    return _grouped(con.execute(sql, [sorted(source_ids)]).fetchall())


def _grouped(rows: Sequence[tuple[Any, ...]]) -> dict[int, list[CorrectionRow]]:
    found: dict[int, list[CorrectionRow]] = {}
    for source_id, *row in rows:
        found.setdefault(source_id, []).append(CorrectionRow(*row))
    return found


def requested_before(con: Connection, rows: Sequence[CorrectionRow]) -> tuple[list[CorrectionRow], list[int]]:
    """Split off changes that another delivery has asked for already.

    Returns
    -------
    tuple
        Changes that are new; numbers of the deliveries in which the others stand, waiting or refused.
    """
    known = {row.change: number for number, own in unapplied_corrections(con).items() for row in own} if rows else {}
    new = [row for row in rows if row.change not in known]
    return new, sorted({known[row.change] for row in rows if row.change in known})


def changed_columns(row: CorrectionRow) -> dict[str, tuple[Any, Any]]:
    """Return what a row said and would say, for each column that differs.

    Returns
    -------
    dict of str to tuple
        Before and after, by column; None on one side for a row that comes or goes.
    """
    return differing_columns(json.loads(row.before), json.loads(row.after))


def differing_columns(before: Row | None, after: Row | None) -> dict[str, tuple[Any, Any]]:
    """Return what two versions of a row say, for each column that differs; None is a row that comes or goes."""
    old, new = before or {}, after or {}
    names = dict.fromkeys([*old, *new])
    return {name: (old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)}
