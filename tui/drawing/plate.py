"""Plate map of 96 or 384 wells: a colour for the size, the number where it fits whole, a letter for the role.

Where there are too few lines for the plate, two wells share one, as its upper and its lower half.
"""

from __future__ import annotations

import math

from qc.triage.plate_view import Plate, Well
from tui.drawing.axes import short
from tui.drawing.colours import Palette, ink_on, ramp
from tui.drawing.grid import Grid
from tui.drawing.plate_layout import BELOW, LEFT, TALLEST, TOP, Layout, fitting_layout
from tui.drawing.well_words import LETTERS, mark_of, readout

_FEWEST_SAMPLES = 3  # samples from which the colours are spread over samples alone
_RAMP = 14  # columns of the legend of colours
_LAYERS = {"conc": "concentration", "signal": "signal"}


class PlatePicture:
    """Plate with a cursor over its wells.

    Parameters
    ----------
    layer : str
        ``conc`` or ``signal``: what the colour tells.
    """

    def __init__(self, plate: Plate, layer: str = "conc") -> None:
        self.plate, self.layer = plate, layer
        self.by_place = {(well.row, well.column): well for well in plate.wells}
        self.n_points = plate.n_rows * plate.n_columns
        self.low, self.high = self._span()

    @property
    def first_point(self) -> int:
        """The first well of the result that is looked at, else the first one that is held, else A1."""
        for wanted in (self.plate.own, [well for well in self.plate.wells if well.is_flagged]):
            if wanted:
                return wanted[0].row * self.plate.n_columns + wanted[0].column
        return 0

    def moved(self, cursor: int, right: int, down: int) -> int:
        """Return where the cursor stands after a step."""
        row, column = divmod(cursor, self.plate.n_columns)
        row = max(0, min(self.plate.n_rows - 1, row + down))
        return row * self.plate.n_columns + max(0, min(self.plate.n_columns - 1, column + right))

    def at(self, x: int, y: int, width: int, height: int, cursor: int) -> int:
        """Return the well at a place of the picture.

        Parameters
        ----------
        cursor : int
            Where the cursor stands; it stays where no well is.
        """
        layout = self.layout(width, height)
        place = layout.place(x, y) if layout else None
        if place is None or place[0] >= self.plate.n_rows or place[1] >= self.plate.n_columns:
            return cursor
        return place[0] * self.plate.n_columns + place[1]

    def value(self, well: Well) -> float | None:
        """Return the number that a well shows.

        Returns
        -------
        float or None
            Concentration or signal; None if there is none.
        """
        return well.signal if self.layer == "signal" else well.conc

    def layout(self, width: int, height: int) -> Layout | None:
        """Choose how large the wells are drawn.

        Returns
        -------
        Layout or None
            None if the plate does not fit at all.
        """
        return fitting_layout(width, height, self.plate.n_rows, self.plate.n_columns)

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw the plate.

        Parameters
        ----------
        cursor : int
            Well of the cursor, by rows.
        """
        layout = self.layout(grid.width, grid.height)
        if layout is None:
            grid.text(1, 0, "too small here: enter shows the plate", palette.muted)
            return
        row, column = divmod(cursor, self.plate.n_columns)
        self._headings(grid, palette, layout, (row, column))
        if layout.height:
            has_numbers = self._has_room(layout)
            for place in ((line, at) for line in range(self.plate.n_rows) for at in range(self.plate.n_columns)):
                self._well(grid, palette, place, layout, has_numbers=has_numbers, is_cursor=place == (row, column))
        else:
            self._halves(grid, palette, layout, (row, column))
        self._words(grid, palette, layout, (row, column))

    def _has_room(self, layout: Layout) -> bool:
        # Numbers in some wells alone would be read as the only ones: either all samples show theirs, or none does.
        texts = [self._text(well) for well in self.plate.wells if well.role == "sample"]
        return all(len(text) <= layout.width - 1 for text in texts)

    def _text(self, well: Well) -> str:
        value = self.value(well)
        return short(value) if value is not None else (well.censor or "–" if well.role == "sample" else "")

    def _span(self) -> tuple[float, float]:
        of_samples = self._logs({"sample"})
        logs = of_samples if len(of_samples) >= _FEWEST_SAMPLES else self._logs(set(LETTERS))
        low, high = (min(logs), max(logs)) if logs else (0.0, 1.0)
        return low, high if high > low else low + 1

    def _logs(self, roles: set[str]) -> list[float]:
        wells = [well for well in self.plate.wells if well.role in roles]
        return [math.log10(value) for well in wells if (value := self.value(well)) is not None and value > 0]

    def _ground(self, well: Well | None, palette: Palette) -> str:
        value = self.value(well) if well else None
        if value is None or value <= 0:
            return palette.empty
        return ramp((math.log10(value) - self.low) / (self.high - self.low), palette.ramp_gap)

    def _headings(self, grid: Grid, palette: Palette, layout: Layout, place: tuple[int, int]) -> None:
        row, column = place
        every = 1 if layout.width >= 3 else 2 if layout.width == 2 else 4
        for at in range(self.plate.n_columns):
            if at % every == 0 or at == column:
                ink = palette.ink if at == column else palette.muted
                text = str(at + 1).rjust(layout.ink)
                if every == 1 or at == column or abs(at - column) >= every:
                    grid.text(LEFT + at * layout.width, layout.top - 1, text, ink, bold=at == column)
        for line in range(self.plate.n_rows):
            y = layout.top + (line * layout.height if layout.height else line // 2)
            if layout.height or line % 2 == 0 or line == row:
                ink = palette.ink if line == row else palette.muted
                grid.text(0, y, chr(ord("A") + line).rjust(2), ink, bold=line == row)

    def _well(
        self,
        grid: Grid,
        palette: Palette,
        place: tuple[int, int],
        layout: Layout,
        *,
        has_numbers: bool,
        is_cursor: bool,
    ) -> None:
        well, width, height = self.by_place.get(place), layout.width, layout.height
        x, y = LEFT + place[1] * width, layout.top + place[0] * height
        tall = height - 1 if height == TALLEST else height  # the tallest wells stand apart
        ground = palette.ink if is_cursor else self._ground(well, palette)
        ink = ink_on(ground)
        grid.fill(x, y, x + width - 1, y + tall, ground)
        mark = mark_of(well)
        is_bad = well is not None and (well.is_flagged or well.is_own or bool(well.flag))
        grid.text(x, y, mark, ink, bold=is_bad, ground=ground)
        if well is not None and has_numbers and (tall > 1 or mark == " " or len(self._text(well)) <= width - 2):
            room = width - 1 if tall > 1 or mark == " " else width - 2
            grid.number(x + width - 1 - room, y + tall - 1, self._text(well), room, ink, ground=ground)
        if is_cursor:
            grid.text(x - 1, y, "▸", palette.cursor_mark, bold=True)
            grid.text(x + width - 1, y, "◂", palette.cursor_mark, bold=True)

    def _halves(self, grid: Grid, palette: Palette, layout: Layout, cursor: tuple[int, int]) -> None:
        for line in range(0, self.plate.n_rows, 2):
            for at in range(self.plate.n_columns):
                x, y = LEFT + at * layout.width, layout.top + line // 2
                pair = [self.by_place.get((line + half, at)) for half in (0, 1)]
                upper, lower = (self._ground(well, palette) for well in pair)
                grid.text(x, y, "▀" * layout.ink, upper, ground=lower)
                marks = [mark_of(well) for well in pair if mark_of(well) in "◉✗"]
                if marks:
                    grid.text(x, y, marks[0], ink_on(lower), bold=True, ground=lower)
                if cursor[0] in (line, line + 1) and at == cursor[1]:
                    grid.text(x - 1, y, "▸", palette.cursor_mark, bold=True, ground=palette.empty)
                    grid.text(x + max(1, layout.ink), y, "◂", palette.cursor_mark, bold=True, ground=palette.empty)

    def _words(self, grid: Grid, palette: Palette, layout: Layout, place: tuple[int, int]) -> None:
        unit = f", {self.plate.unit}" if self.layer == "conc" and self.plate.unit else ""
        if layout.top == TOP:
            title = f"plate {self.plate.plate} · {_LAYERS.get(self.layer, self.layer)}{unit}"
            grid.text(1, 0, title, palette.ink, bold=True)
            self._colours(grid, palette, len(title) + 3)
        y = min(grid.height - layout.below, layout.top + layout.lines(self.plate.n_rows) + (layout.height > 1))
        if layout.below > 1:
            words = "◉ this sample  ✗ held  S standard  C control  B blank"
            shorter = "◉ this  ✗ held  S std  C ctrl  B blank"
            grid.text(1, y, words if len(words) + 2 <= grid.width else shorter, palette.muted)
        well = self.by_place.get(place)
        words = readout(well, self.plate.unit, grid.width - 2) if well else "no well"
        grid.text(1, grid.height - 1 if layout.below < BELOW else y + 1, words, palette.ink, bold=True)

    def _colours(self, grid: Grid, palette: Palette, free_from: int) -> None:
        """Say what the darkest and the lightest colour stand for."""
        low, high = short(10**self.low), short(10**self.high)
        start = grid.width - len(low) - len(high) - _RAMP - 4
        if start < free_from:
            return
        grid.text(start, 0, low, palette.muted)
        for at in range(_RAMP):
            grid.text(start + len(low) + 1 + at, 0, " ", ground=ramp(at / (_RAMP - 1), palette.ramp_gap))
        grid.text(start + len(low) + _RAMP + 2, 0, high, palette.muted)
