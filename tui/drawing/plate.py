"""Plate map of 96 or 384 wells: a colour for the size, the number where it fits whole, a letter for the role."""

from __future__ import annotations

import math

from qc.triage.plates import Plate, Well
from tui.drawing.axes import short
from tui.drawing.grid import Grid
from tui.drawing.palette import Palette, ink_on, ramp

_LEFT, _TOP, _BELOW = 3, 2, 2
_WIDEST = 9
_LETTERS = {"calibrator": "S", "control": "C", "blank": "B", "sample": " ", "empty": " "}


class PlatePicture:
    """Plate with a cursor over its wells.

    Parameters
    ----------
    plate : Plate
        The plate.
    layer : str
        ``conc`` or ``signal``: what the colour tells.
    """

    def __init__(self, plate: Plate, layer: str = "conc") -> None:
        self.plate, self.layer = plate, layer
        self.by_place = {(well.row, well.column): well for well in plate.wells}
        self.n_points = plate.n_rows * plate.n_columns

    @property
    def first_point(self) -> int:
        """The first well of the result that is looked at, else the first one that is held, else A1."""
        for wanted in (self.plate.own, [well for well in self.plate.wells if well.is_flagged]):
            if wanted:
                return wanted[0].row * self.plate.n_columns + wanted[0].column
        return 0

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
        row, column = divmod(cursor, self.plate.n_columns)
        row = max(0, min(self.plate.n_rows - 1, row + down))
        return row * self.plate.n_columns + max(0, min(self.plate.n_columns - 1, column + right))

    def value(self, well: Well) -> float | None:
        """Return the number that a well shows.

        Parameters
        ----------
        well : Well
            The well.

        Returns
        -------
        float or None
            Concentration or signal; None if there is none.
        """
        return well.signal if self.layer == "signal" else well.conc

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw the plate.

        Parameters
        ----------
        grid : Grid
            Where.
        palette : Palette
            Colours.
        cursor : int
            Well of the cursor, by rows.
        """
        width, height = self.cell_size(grid.width, grid.height)
        if width < 2 or grid.height < self.plate.n_rows + _TOP + _BELOW:
            grid.text(1, 0, "too small here: enter shows the plate", palette.muted)
            return
        row, column = divmod(cursor, self.plate.n_columns)
        low, high = self._span()
        for at in range(self.plate.n_columns):
            if width >= 3 or at % 2 == 0:
                ink = palette.ink if at == column else palette.muted
                grid.text(_LEFT + at * width, 1, str(at + 1).rjust(width - 1), ink, bold=at == column)
        for line in range(self.plate.n_rows):
            ink = palette.ink if line == row else palette.muted
            grid.text(0, _TOP + line * height, chr(ord("A") + line).rjust(2), ink, bold=line == row)
            for at in range(self.plate.n_columns):
                self._well(
                    grid, palette, (line, at), (width, height), (low, high), is_cursor=(line, at) == (row, column)
                )
        self._words(grid, palette, (row, column), height)

    def cell_size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size of a well on the screen.

        Parameters
        ----------
        width : int
            Columns of the picture.
        height : int
            Rows of the picture.

        Returns
        -------
        tuple of int
            Columns and rows, with a gap of one column.
        """
        rows = (height - _TOP - _BELOW) // self.plate.n_rows
        return min(_WIDEST, (width - _LEFT) // self.plate.n_columns), max(1, min(2, rows))

    def _span(self) -> tuple[float, float]:
        logs = [math.log10(v) for well in self.plate.wells if (v := self.value(well)) is not None and v > 0]
        low, high = (min(logs), max(logs)) if logs else (0.0, 1.0)
        return low, high if high > low else low + 1

    def _well(
        self,
        grid: Grid,
        palette: Palette,
        place: tuple[int, int],
        size: tuple[int, int],
        span: tuple[float, float],
        *,
        is_cursor: bool,
    ) -> None:
        (width, height), well = size, self.by_place.get(place)
        x, y = _LEFT + place[1] * width, _TOP + place[0] * height
        value = self.value(well) if well else None
        ground = palette.empty
        if value is not None and value > 0:
            ground = ramp((math.log10(value) - span[0]) / (span[1] - span[0]))
        ground = palette.cursor if is_cursor else ground
        ink = palette.cursor_ink if is_cursor else ink_on(ground)
        grid.fill(x, y, x + width - 1, y + height, ground)
        mark = _mark(well)
        is_bad = well is not None and (well.is_flagged or bool(well.flag))
        grid.text(x, y, mark, ink, bold=is_bad, ground=ground)
        if value is not None and not (height == 1 and mark != " " and len(short(value)) > width - 2):
            room = width - 1 if height == 2 else width - 2
            grid.number(x + (width - 1 - room), y + height - 1, short(value), room, ink, ground=ground)

    def _words(self, grid: Grid, palette: Palette, place: tuple[int, int], height: int) -> None:
        grid.text(1, 0, f"plate {self.plate.plate} · {self.layer}", palette.ink, bold=True)
        below = _TOP + self.plate.n_rows * height
        words = "◉ this  ✗ held  S standard  C control  B blank"
        grid.text(1, grid.height - 2 if below < grid.height - 1 else below, words, palette.muted)
        well = self.by_place.get(place)
        told = readout(well, self.plate.unit) if well else "no well"
        grid.text(1, grid.height - 1, told, palette.ink, bold=True)


def _mark(well: Well | None) -> str:
    if well is None:
        return " "
    if well.is_own:
        return "◉"
    return "✗" if well.is_flagged or well.flag else _LETTERS.get(well.role, " ")


def readout(well: Well, unit: str) -> str:
    """Say in words what a well holds.

    Parameters
    ----------
    well : Well
        The well.
    unit : str
        Unit of the concentrations.

    Returns
    -------
    str
        Well, role, name, concentration, signal and flags.
    """
    amount = f"{well.censor}{short(well.conc)} {unit}" if well.conc is not None else "no concentration"
    told = f"{well.name}  {well.role} {well.label}  {amount}  signal {short(well.signal)}"
    return told + ("  ✗ held" if well.is_flagged else "") + (f"  flag '{well.flag}'" if well.flag else "")
