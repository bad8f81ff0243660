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
        """Draw into a grid.

        Parameters
        ----------
        grid : Grid
            Where.
        palette : Palette
            Colours.
        cursor : int
            Point of the cursor.
        """

    def moved(self, cursor: int, right: int, down: int) -> int:
        """Return where the cursor stands after a step.

        Parameters
        ----------
        cursor : int
            Where it stands.
        right : int
            Steps to the right.
        down : int
            Steps down.

        Returns
        -------
        int
            Where it stands then.
        """


class Along:
    """Picture whose points lie in one row."""

    n_points: int = 0

    def moved(self, cursor: int, right: int, down: int) -> int:
        """Return where the cursor stands after a step.

        Parameters
        ----------
        cursor : int
            Where it stands.
        right : int
            Steps to the right.
        down : int
            Steps down; they count as steps to the left.

        Returns
        -------
        int
            Where it stands then.
        """
        return max(0, min(self.n_points - 1, cursor + right - down))
