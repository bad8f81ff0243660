"""Corrections as facts and ledger tell them: what waits, what was refused, and what was accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from qc.ingest.correction_rows import CorrectionRow, corrections_of, row_json, unapplied_corrections
from qc.items.decisions import Act, Decision
from qc.store.frames import first_row, query
from qc.store.tables import SHEET_TABLES, newest_view
from schemas.canonical import canonical_json, sha256_text
from schemas.correction_name import name_of_correction
from schemas.tables.sheets import SHEETS

if TYPE_CHECKING:
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What one delivery would change."""

    number: int
    """Number of the delivery."""
    file: str
    """Name of its main file."""
    sha256: str
    """Hash of the delivery."""
    kind: str
    """Kind of the delivery: ``samples``, ``results``, ``plate`` and so on."""
    delivered_by: str
    """Who handed it in."""
    delivered_at: datetime
    """When, in UTC."""
    rows: tuple[CorrectionRow, ...]
    """Rows with what is in force now beside what was delivered."""
    decision: Decision | None
    """Decision that counts; None if nobody has decided."""
    is_applied: bool
    """Whether it is in force."""

    @property
    def name(self) -> str:
        """What a person types: ``C12``."""
        return name_of_correction(self.number)

    @property
    def is_run(self) -> bool:
        """Whether it would give runs new versions; else it changes rows of sheets."""
        return any(row.table == "runs" for row in self.rows)

    @property
    def changes(self) -> tuple[CorrectionRow, ...]:
        """Rows that would be otherwise."""
        return tuple(row for row in self.rows if row.before != row.after)

    @property
    def state(self) -> str:
        """``waiting``, ``rejected`` or ``approved``; ``in force`` where nothing is left of it to decide on."""
        if self.is_applied:
            return "approved"
        if self.decision is not None:
            return "rejected" if self.decision.act is Act.REJECT else "approved"
        return "waiting" if self.changes or self.is_run else "in force"

    @property
    def judged_sha256(self) -> str:
        """Hash of what is decided on: every row before and after."""
        return rows_sha256([[row.table, row.key, row.before, row.after] for row in self.rows])


def rows_sha256(rows: Sequence[Sequence[str]]) -> str:
    """Return the hash of rows of a correction: table, key, before and after of each, the last three as JSON."""
    return sha256_text(canonical_json([list(row) for row in rows]))


_SOURCES = """
    SELECT source_id, file_name, delivery_sha256, kind, coalesce(delivered_by, ''), ingested_at FROM sources
    WHERE source_id IN (SELECT unnest(?::BIGINT[])) ORDER BY source_id
"""


def open_corrections(con: Connection, decisions: Mapping[str, Decision]) -> list[Correction]:
    """Return the corrections that are not in force, oldest first: those that wait, refused ones, accepted ones.

    Parameters
    ----------
    decisions : mapping of str to Decision
        Decision that counts, by item.
    """
    rows = unapplied_corrections(con)
    return _corrections(con, rows, decisions, is_applied=False) if rows else []


def waiting_corrections(con: Connection, decisions: Mapping[str, Decision]) -> list[Correction]:
    """Return the corrections that wait for a person, oldest first."""
    return [one for one in open_corrections(con, decisions) if one.state == "waiting"]


def known_correction(con: Connection, number: int, decisions: Mapping[str, Decision]) -> Correction | None:
    """Return a correction, whatever became of it; None if there is none of this number."""
    rows = corrections_of(con, [number])
    is_applied = first_row(con, "SELECT 1 FROM sources WHERE applies = ?", [number]) is not None
    return next(iter(_corrections(con, rows, decisions, is_applied=is_applied)), None)


def _corrections(
    con: Connection, rows: Mapping[int, Sequence[CorrectionRow]], decisions: Mapping[str, Decision], *, is_applied: bool
) -> list[Correction]:
    return [
        Correction(
            number=number,
            file=file,
            sha256=sha256,
            kind=kind,
            delivered_by=by,
            delivered_at=at,
            rows=tuple(rows[number] if is_applied else with_rows_in_force(con, rows[number])),
            decision=decisions.get(name_of_correction(number)),
            is_applied=is_applied,
        )
        for number, file, sha256, kind, by, at in con.execute(_SOURCES, [list(rows)]).fetchall()
    ]


def with_rows_in_force(con: Connection, rows: Sequence[CorrectionRow]) -> list[CorrectionRow]:
    """Put what is in force now beside what was delivered: another correction may have changed it meanwhile."""
    current = {sheet: _in_force(con, sheet) for sheet in {row.table for row in rows if row.table in SHEET_TABLES}}
    return [
        replace(row, before=current[row.table].get(row.key, "null")) if row.table in current else row for row in rows
    ]


def _in_force(con: Connection, sheet: str) -> dict[str, str]:
    import polars as pl

    from schemas.tables.check import columns

    keys = SHEETS[sheet].key
    types = {name: kind for name, kind in columns(SHEETS[sheet].model).items() if name != "line"}
    rows = query(con, f"SELECT * FROM {newest_view(sheet)}")  # noqa: S608 - a view of ours
    rows = rows.select(pl.col(name).cast(kind) for name, kind in types.items())
    return {
        row_json({key: row[key] for key in keys}): row_json({k: v for k, v in row.items() if k not in keys})
        for row in rows.iter_rows(named=True)
    }
