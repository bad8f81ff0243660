"""How sure the door is that a cell contradicts what the rest of its table bears out, and what it says of it.

A statement of a table (a mean, a ratio) is trusted where nearly all rows keep it; then the few that do not are held
against the file. Where more do not, the statement is not what it was taken for: that is told once, and holds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import combinations
from typing import TYPE_CHECKING

from schemas.file_remark import FileRemark, RemarkKind

if TYPE_CHECKING:
    from schemas.text_tables.sheet import Row, Sheet

_LEAST_AGREEING, _SHARE_AGREEING = 2, 0.5
_LEAST_KEEPING = 3
"""Rows that must keep a statement before another one is held against the file."""
_KEEPING_FOR_EACH = 2
"""Rows that must keep it for each row that does not."""
_FEW, _FEW_SHARE = 2, 0.1
"""Exceptions that are few: two, since cells that changed places make two, or one row in ten."""
_NEAR = 0.002
"""Part of a number by which other formulas and hidden digits miss it; cells out of place miss it by more."""


class Bearing(Enum):
    """What the cells of a row or group say of a number that is stated of them."""

    KEPT = auto()
    """They give it."""
    PARTLY = auto()
    """They give it without one of them, as where an analyst or the instrument left a replicate out."""
    NEAR = auto()
    """They nearly give it."""
    BROKEN = auto()
    """They give another."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """One cell that is contradicted."""

    row: Row
    """Its row."""
    column: int
    """Its column."""
    text: str
    """Clause that says by what, without a full stop."""
    is_sure: bool
    """Whether it is held against the file; else it is told and no more."""

    def remark(self, sheet: Sheet, header: Row) -> FileRemark:
        """Return it as a remark on the file."""
        where = sheet.where(self.row, self.column, header.cell(self.column))
        text = f"{self.text}. A cell is out of place or was changed: export it again."
        return FileRemark(RemarkKind.INSTRUMENT, where, text)


def is_borne_out(bearings: Sequence[Bearing]) -> bool:
    """Tell whether a statement is made at all: two rows at least, and half of all, give the very number."""
    return bearings.count(Bearing.KEPT) >= max(_LEAST_AGREEING, _SHARE_AGREEING * len(bearings))


def is_trusted(bearings: Sequence[Bearing]) -> bool:
    """Tell whether so many rows keep a statement, and so few do not, that an exception is held against the file."""
    n_broken = bearings.count(Bearing.BROKEN)
    is_usual = bearings.count(Bearing.KEPT) >= max(_LEAST_KEEPING, _KEEPING_FOR_EACH * n_broken)
    return is_usual and n_broken <= max(_FEW, _FEW_SHARE * len(bearings))


def is_near(stated: float, expected: Sequence[float]) -> bool:
    """Tell whether a number is missed by so little that no cell out of place can be the cause."""
    return any(abs(stated - one) <= _NEAR * abs(stated) for one in expected)


def all_but_one(numbers: Sequence[float]) -> list[tuple[float, ...]]:
    """Return the numbers without each one of them; none for a single number."""
    return list(combinations(numbers, len(numbers) - 1)) if len(numbers) > 1 else []
