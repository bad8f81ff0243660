"""What became of every cell of a file that was read: used, flagged, or left aside with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class Aside(JsonModel):
    """Cells of one file that mean nothing to a result, or that say something against one."""

    where: str
    """Place a person can find: ``lines 1 to 3``, ``column 'colour'``, ``sheet 'Notes'``."""
    n_cells: int
    """Cells that are not blank."""
    why: str
    """Why they are left aside, or what they say; short, without a full stop."""
    text: str = ""
    """How the first of them begins; empty where the place says it."""
    is_column: bool = False
    """Whether they are a column of a table, which somebody filled in and nobody read."""
    near: str = ""
    """Title that is known and nearest to that of the column; empty if none is."""

    def __str__(self) -> str:
        """Return place, text and reason as one clause."""
        quoted = f" '{self.text}'" if self.text else ""
        return f"{self.where}{quoted}" + (f" ({self.why})" if self.why else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedAccount(JsonModel):
    """The account of one file: cells of the file = used + flagged + left aside."""

    json_keys = "file n_cells n_used n_flagged n_left words flagged left_aside"

    file: str
    """Name of the file."""
    n_cells: int
    """Cells that are not blank, on every sheet."""
    n_used: int
    """Cells that became part of what was read."""
    flagged: tuple[Aside, ...] = ()
    """Cells that were read and say something against a result."""
    left_aside: tuple[Aside, ...] = ()
    """Cells that were not taken, each with its reason."""

    @property
    def n_flagged(self) -> int:
        """Cells that are flagged."""
        return sum(one.n_cells for one in self.flagged)

    @property
    def n_left(self) -> int:
        """Cells that are left aside."""
        return sum(one.n_cells for one in self.left_aside)

    @property
    def is_closed(self) -> bool:
        """Whether the account adds up to the file."""
        return self.n_cells == self.n_used + self.n_flagged + self.n_left

    @property
    def count_words(self) -> str:
        """Name of the file and its counts in a clause."""
        return (
            f"{self.file}, {self.n_cells} cells: {self.n_used} used, {self.n_flagged} flagged, {self.n_left} left aside"
        )

    @property
    def words(self) -> list[str]:
        """A line for what is flagged and one for what is left aside; none where every cell was used."""
        asides_by_word = {"flagged": self.flagged, "left aside": self.left_aside}
        return [f"{word}: {_listed(asides)}" for word, asides in asides_by_word.items() if asides]


_MOST_LISTED = 12
"""Entries of a line; the JSON and the facts hold all."""


def _listed(asides: tuple[Aside, ...]) -> str:
    rest = len(asides) - _MOST_LISTED
    return ", ".join([*map(str, asides[:_MOST_LISTED]), *([f"and {rest} more"] if rest > 0 else [])])
