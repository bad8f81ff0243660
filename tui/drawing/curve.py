"""Standard curve on a logarithmic axis: standards, controls, samples, the range, and the sample that is looked at."""

from __future__ import annotations

import math

from qc.triage.plate_view import Curve, Well
from tui.drawing.axes import decades, round_ticks, short
from tui.drawing.colours import Palette
from tui.drawing.grid import Grid
from tui.drawing.picture import Along

_LEFT, _RIGHT, _TOP = 8, 2, 1
_LEGEND_FROM = 14  # lines of the picture from which the shapes are explained
_MARGIN = 0.15  # decades that are left free at both ends


class CurvePicture(Along):
    """Curve with a cursor over the wells that were read from it."""

    def __init__(self, curve: Curve, analyte: str) -> None:
        self.curve, self.analyte = curve, analyte
        self.wells = sorted(curve.wells, key=lambda well: (well.signal or 0.0, well.name))
        self.n_points = len(self.wells)

    @property
    def first_point(self) -> int:
        """The first well of the result that is looked at."""
        return next((at for at, well in enumerate(self.wells) if well.is_own), 0)

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw the curve.

        Parameters
        ----------
        cursor : int
            Well of the cursor, in the order of the signals.
        """
        if grid.height < 9 or grid.width < 34:
            grid.text(1, 0, "too small here: enter shows the curve", palette.muted)
            return
        plane = _Plane(self.curve, self.wells, grid, below=4 if grid.height >= _LEGEND_FROM else 3)
        self._ground(grid, palette, plane)
        self._line(grid, palette, plane)
        for well in sorted(self.wells, key=lambda well: (well.role == "control", well.is_flagged, well.is_own)):
            shape, ink = _shape(well, palette)
            grid.text(plane.x(_conc(well, plane)), plane.y(well.signal or 0.0), shape, ink, bold=well.is_own)
        for conc, signal, _, is_accepted in self.curve.standards:
            if conc > 0:
                shape = "◆" if is_accepted else "◇"
                grid.text(plane.x(conc), plane.y(signal), shape, palette.standard, bold=True)
        if 0 <= cursor < self.n_points:
            self._cross(grid, palette, plane, self.wells[cursor])
        self._range(grid, palette, plane)
        self._words(grid, palette, plane, cursor)

    def _ground(self, grid: Grid, palette: Palette, plane: _Plane) -> None:
        bottom = plane.bottom
        if self.curve.lloq:
            grid.fill(_LEFT, _TOP, plane.x(self.curve.lloq), bottom, palette.band_3)
        if self.curve.uloq:
            grid.fill(plane.x(self.curve.uloq) + 1, _TOP, grid.width - _RIGHT, bottom, palette.band_3)
        for tick in round_ticks(plane.low, plane.high, max(2, min(6, plane.height // 3))):
            grid.text(0, plane.y(tick), short(tick).rjust(_LEFT - 2) + " ┤", palette.muted)
        grid.text(0, _TOP, "signal".rjust(_LEFT - 2), palette.muted)
        unit, free_from = f"{self.curve.unit}, log", 0
        for value, is_whole in decades(10**plane.left, 10**plane.right):
            x = plane.x(value)
            grid.text(x, bottom, "┴" if is_whole else "╵", palette.muted)
            start = x - len(short(value)) // 2
            if is_whole and start >= free_from:
                grid.text(start, bottom + 1, short(value), palette.muted)
                free_from = start + len(short(value)) + 1
        for start in (grid.width - len(unit) - 1, 0):
            is_free = all(cell == " " for cell in grid.cells[bottom + 1][: len(unit) + 1])
            if start >= free_from or (start == 0 and is_free):
                grid.text(start, bottom + 1, unit, palette.muted)
                return

    def _range(self, grid: Grid, palette: Palette, plane: _Plane) -> None:
        """Name the ends of the range, where nothing else stands."""
        for limit, name in ((self.curve.lloq, "LLOQ"), (self.curve.uloq, "ULOQ")):
            words = f"{name} {short(limit)}"
            if not limit:
                continue
            x = plane.x(limit)
            start = x + 1 if name == "LLOQ" else x - len(words)
            for y in (_TOP, _TOP + 1) if name == "LLOQ" else (plane.bottom - 1, plane.bottom - 2):
                if start > _LEFT and set(grid.cells[y][start : start + len(words)]) <= {" ", "╌"}:
                    grid.text(start, y, words, palette.muted)
                    break

    def _line(self, grid: Grid, palette: Palette, plane: _Plane) -> None:
        before: tuple[float, float] | None = None
        n_steps = 2 * (grid.width - _LEFT - _RIGHT)
        for step in range(n_steps + 1):
            conc = 10 ** (plane.left + (plane.right - plane.left) * step / n_steps)
            signal = self.curve.signal_at(conc)
            if signal is None or not math.isfinite(signal):
                before = None
                continue
            here = (plane.x(conc) + 0.5, plane.exact_y(signal) + 0.5)
            if before is not None:
                grid.line(before, here, palette.point)
            before = here
        grid.flush()

    def _cross(self, grid: Grid, palette: Palette, plane: _Plane, well: Well) -> None:
        x, y = plane.x(_conc(well, plane)), plane.y(well.signal or 0.0)
        for below in range(y + 1, plane.bottom):
            if grid.cells[below][x] == " ":
                grid.text(x, below, "┆", palette.ink)
        for left in range(_LEFT, x):
            if grid.cells[y][left] == " ":
                grid.text(left, y, "╌", palette.ink)
        grid.text(x, y, _shape(well, palette)[0], palette.cursor_ink, bold=True, ground=palette.cursor)
        name = "this sample" if well.is_own else well.role
        for start, words in ((x - len(name) - 3, f"{name} ▶"), (x + 2, f"◀ {name}")):
            cells = grid.cells[y][max(0, start) : start + len(words)]
            if start > _LEFT and start + len(words) < grid.width - _RIGHT and set(cells) <= {" ", "╌"}:
                grid.text(start, y, words, palette.ink, bold=True)
                return

    def _words(self, grid: Grid, palette: Palette, plane: _Plane, cursor: int) -> None:
        title = f"{self.analyte} · {self.curve.model.upper()} curve, weight {self.curve.weight or 'none'}"
        grid.text(1, 0, title, palette.ink, bold=True)
        span = f"range {short(self.curve.lloq)} to {short(self.curve.uloq)} {self.curve.unit}"
        if len(title) + len(span) + 4 < grid.width:
            grid.text(grid.width - len(span) - 1, 0, span, palette.muted)
        keys = "◆ standard  □ control  ○ sample  ● this sample  ✖ held  shaded: out of range"
        if len(keys) + 2 > grid.width:
            keys = "◆ standard  □ control  ○ sample  ● this  ✖ held"
        if plane.below > 3:
            grid.text(1, grid.height - 2, keys, palette.muted)
        if 0 <= cursor < self.n_points:
            words = readout(self.wells[cursor], self.curve, grid.width - 2)
            grid.text(1, grid.height - 1, words, palette.ink, bold=True)


class _Plane:
    def __init__(self, curve: Curve, wells: list[Well], grid: Grid, *, below: int) -> None:
        concs = [conc for conc, *_ in curve.standards if conc > 0] + [well.conc for well in wells if well.conc]
        concs = [conc for conc in concs if conc and conc > 0] or [1.0, 10.0]
        floor = min((conc for conc, *_ in curve.standards if conc > 0), default=min(concs)) / 10
        self.left = math.log10(max(min(concs), floor)) - _MARGIN
        self.right = math.log10(max(concs)) + _MARGIN
        signals = [signal for _, signal, *_ in curve.standards] + [well.signal or 0.0 for well in wells]
        top = max(signals, default=1.0)
        self.low, self.high = min(0.0, *signals, 0.0), (top or 1.0) * 1.06
        self.below, self.bottom = below, grid.height - below
        self.width, self.height = grid.width - _LEFT - _RIGHT, grid.height - _TOP - below

    def x(self, conc: float) -> int:
        place = (math.log10(max(conc, 1e-12)) - self.left) / (self.right - self.left)
        return _LEFT + round(max(0.0, min(1.0, place)) * (self.width - 1))

    def exact_y(self, signal: float) -> float:
        place = (signal - self.low) / (self.high - self.low)
        return _TOP + (1 - max(0.0, min(1.0, place))) * (self.height - 1)

    def y(self, signal: float) -> int:
        return round(self.exact_y(signal))


def _conc(well: Well, plane: _Plane) -> float:
    if well.conc and well.conc > 0:
        return well.conc
    return float(10 ** (plane.right if well.censor == ">" else plane.left))


def _shape(well: Well, palette: Palette) -> tuple[str, str]:
    if well.is_flagged:
        return "✖", palette.bad
    if well.is_own:
        return "●", palette.ink
    return ("□", palette.note) if well.role == "control" else ("○", palette.muted)


def readout(well: Well, curve: Curve, width: int = 0) -> str:
    """Say in words what a well shows.

    Parameters
    ----------
    width : int
        Columns that there are; 0 means any number. What matters least is left out first.
    """
    conc = well.conc
    if well.censor or conc is None:
        where = "beyond the curve"
    elif curve.lloq is not None and conc < curve.lloq:
        where = "below the range"
    elif curve.uloq is not None and conc > curve.uloq:
        where = "above the range"
    else:
        where = "in range"
    amount = f"{well.censor}{short(conc)} {curve.unit}" if conc is not None else "no concentration"
    signal = f"signal {short(well.signal)}"
    forms = (
        f"{well.name}  {well.label}  {signal} → {amount}  {where}",
        f"{well.name}  {signal} → {amount}  {where}",
        f"{well.name}  {amount}  {where}",
    )
    return next((form for form in forms if not width or len(form) <= width), forms[-1])
