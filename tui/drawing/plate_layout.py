"""How large the wells of a plate are drawn, and which of them stands where."""

from __future__ import annotations

from dataclasses import dataclass

LEFT, TOP, BELOW = 3, 2, 2
"""Columns before the wells, and the lines above and below them where there is room."""
TALLEST = 3
"""Lines of the tallest wells, of which the last one stays free."""
_WIDEST = 9


@dataclass(frozen=True, slots=True)
class Layout:
    """How large the wells are drawn."""

    width: int
    """Columns of a well, with a gap of one."""
    height: int
    """Lines of a well; 0 where two wells share a line."""
    top: int
    """Lines above the wells."""
    below: int
    """Lines below the wells."""

    @property
    def ink(self) -> int:
        """Columns of a well without its gap; a well of one column has none."""
        return max(1, self.width - 1)

    def lines(self, n_rows: int) -> int:
        """Return the lines of all wells."""
        return n_rows * self.height if self.height else (n_rows + 1) // 2

    def line_of(self, row: int) -> int:
        """Return the first line of a row of wells.

        Parameters
        ----------
        row : int
            Row of the plate, from 0.
        """
        return self.top + (row * self.height if self.height else row // 2)

    def place(self, x: int, y: int) -> tuple[int, int] | None:
        """Return the row and column of the plate at a place of the picture.

        Returns
        -------
        tuple of int or None
            Row and column, which may lie behind the plate; None left of it or above.
        """
        if x < LEFT or y < self.top:
            return None
        row = (y - self.top) // self.height if self.height else (y - self.top) * 2
        return row, (x - LEFT) // self.width


def fitting_layout(width: int, height: int, n_rows: int, n_columns: int) -> Layout | None:
    """Choose how large the wells of a plate are drawn.

    Returns
    -------
    Layout or None
        None if the plate does not fit at all.
    """
    columns = min(_WIDEST, (width - LEFT) // n_columns)
    if columns < 1:
        return None
    for top, below in ((TOP, BELOW), (TOP, 1), (1, 1)):
        room = height - top - below
        if room >= n_rows and columns > 1:
            return Layout(columns, min(TALLEST, room // n_rows), top, below)
    return Layout(columns, 0, 1, 1) if height - 2 >= (n_rows + 1) // 2 else None
