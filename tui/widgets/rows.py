"""What a table shows: rows that are asked for one by one, as far as they are read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tui.widgets.columns import Cell


class Rows(Protocol):
    """What a table shows."""

    @property
    def n_rows(self) -> int:
        """Number of rows."""

    def cells(self, index: int) -> Sequence[Cell] | None:
        """Return the cells of a row.

        Returns
        -------
        sequence of Cell or None
            None while it is still being read.
        """

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked."""


class NoRows:
    """A table without rows."""

    n_rows = 0

    def cells(self, index: int) -> Sequence[Cell] | None:
        """Return the cells of a row."""
        return None

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked."""
        return False


class FixedRows:
    """Rows of fixed cells."""

    def __init__(self, rows: Sequence[Sequence[Cell]]) -> None:
        self.all = list(rows)
        self.n_rows = len(self.all)

    def cells(self, index: int) -> Sequence[Cell] | None:
        """Return the cells of a row."""
        return self.all[index]

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked."""
        return False
