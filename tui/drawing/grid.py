"""A grid of character cells with colours, and a finer grid of braille dots for lines."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE = 0x2800
_MAY_BE_CROSSED = frozenset(" ─╌┄┆")


@lru_cache(maxsize=4096)
def _style(ink: str | None, background: str | None, is_bold: bool) -> Style:
    return Style(color=ink, bgcolor=background, bold=is_bold or None)


class Grid:
    """Cells of a picture; what lies outside of them is left out without a word."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.cells = [[" "] * width for _ in range(height)]
        self._ink: list[list[str | None]] = [[None] * width for _ in range(height)]
        self._ground: list[list[str | None]] = [[None] * width for _ in range(height)]
        self._bold = [[False] * width for _ in range(height)]
        self._dots: dict[tuple[int, int], tuple[int, str]] = {}

    def text(
        self, x: int, y: int, text: str, ink: str | None = None, *, bold: bool = False, ground: str | None = None
    ) -> None:
        """Write text into a row; where it is too long it ends with an ellipsis after a whole word.

        Parameters
        ----------
        ground : str, optional
            Background; None leaves the one that is there.
        """
        if not 0 <= y < self.height:
            return
        if x + len(text) > self.width and len(text) > 1:
            # A number that is cut is another number: only whole words stay.
            text = f"{text[: max(0, self.width - x - 1)].rpartition(' ')[0]}…"
        for at, letter in enumerate(text, start=x):
            if 0 <= at < self.width:
                self.cells[y][at], self._ink[y][at], self._bold[y][at] = letter, ink, bold
                if ground is not None:
                    self._ground[y][at] = ground

    def number(
        self, x: int, y: int, text: str, width: int, ink: str | None = None, *, ground: str | None = None
    ) -> bool:
        """Write a number to the right of a space, or nothing: a number that is cut is another number."""
        if len(text) > width or x < 0 or x + width > self.width:
            return False
        self.text(x, y, text.rjust(width), ink, ground=ground)
        return True

    def fill(self, x0: int, y0: int, x1: int, y1: int, ground: str) -> None:
        """Colour the background of a rectangle."""
        for y in range(max(0, y0), min(self.height, y1)):
            for x in range(max(0, x0), min(self.width, x1)):
                self._ground[y][x] = ground

    def line(self, start: tuple[float, float], end: tuple[float, float], ink: str) -> None:
        """Draw a line of dots; :meth:`flush` puts them into the cells.

        Parameters
        ----------
        start : tuple of float
            Column and row in cells; the middle of a cell is at a half.
        """
        (x0, y0), (x1, y1) = (start[0] * 2, start[1] * 4), (end[0] * 2, end[1] * 4)
        n_steps = int(max(abs(x1 - x0), abs(y1 - y0))) + 1
        for step in range(n_steps + 1):
            x, y = int(x0 + (x1 - x0) * step / n_steps), int(y0 + (y1 - y0) * step / n_steps)
            cell = (x >> 1, y >> 2)
            mask = self._dots.get(cell, (0, ink))[0]
            self._dots[cell] = (mask | _DOTS[y & 3][x & 1], ink)

    def flush(self) -> None:
        """Put the dots into cells that hold nothing but a grid line."""
        for (x, y), (mask, ink) in self._dots.items():
            if 0 <= y < self.height and 0 <= x < self.width and self.cells[y][x] in _MAY_BE_CROSSED:
                self.cells[y][x], self._ink[y][x], self._bold[y][x] = chr(_BRAILLE + mask), ink, False
        self._dots.clear()

    def lines(self) -> list[str]:
        """Return the letters without colours."""
        return ["".join(row) for row in self.cells]

    def strips(self) -> list[Strip]:
        """Return the rows as Textual draws them."""
        return [self._strip(y) for y in range(self.height)]

    def _strip(self, y: int) -> Strip:
        segments: list[Segment] = []
        row, styles = self.cells[y], list(zip(self._ink[y], self._ground[y], self._bold[y], strict=True))
        start = 0
        for x in range(1, self.width + 1):
            if x == self.width or styles[x] != styles[start]:
                segments.append(Segment("".join(row[start:x]), _style(*styles[start])))
                start = x
        return Strip(segments, self.width)
