"""What every picture has in common: a cursor over its points, and a text that says the same."""

from __future__ import annotations

from typing import Protocol

from tui.drawing.colours import Palette
from tui.drawing.grid import Grid


class Picture(Protocol):
    """A picture of evidence."""

    @property
    def n_points(self) -> int:
        """Points that the cursor may stand on."""

    @property
    def first_point(self) -> int:
        """Point that the cursor stands on at first: the one that matters."""

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw into a grid."""

    def moved(self, cursor: int, right: int, down: int) -> int:
        """Return where the cursor stands after a step."""


class Along:
    """Picture whose points lie in one row."""

    n_points: int = 0

    def moved(self, cursor: int, right: int, down: int) -> int:
        """Return where the cursor stands after a step.

        Parameters
        ----------
        down : int
            Steps down; they count as steps to the left.
        """
        return max(0, min(self.n_points - 1, cursor + right - down))
