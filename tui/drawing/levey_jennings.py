"""Levey-Jennings chart: a control in SD over its runs, with bands, a shape for each rule, and the new lots."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qc.triage.control_chart_view import ControlPoint, ControlSeries
from tui.drawing.axes import short
from tui.drawing.colours import Palette
from tui.drawing.grid import Grid
from tui.drawing.picture import Along
from tui.drawing.rule_words import DRIFT, SHAPES, gravest, readout

_GOOD = "●"
_LEFT, _RIGHT, _TOP = 6, 9, 1
_FEWEST_ROWS = 7  # of the plot: one for each SD from -3 to +3
_LEGEND_FROM = 14  # rows of the picture from which the shapes are explained
_SD_SHOWN = 3.4  # SD from the middle to the edge for which there must be room; what lies beyond stands at the edge
_MOST_STEP = 6.0  # columns between two points
_LEAST_UNEVEN = 1.4  # columns between two points below which they are set side by side


class LeveyJennings(Along):
    """Chart of one or more levels, one of which is shown.

    Parameters
    ----------
    title : str
        Title; empty means analyte, level and unit.
    """

    def __init__(self, series: Sequence[ControlSeries], analyte: str, level: int = 0, *, title: str = "") -> None:
        self.title = title
        self.series, self.analyte, self.level = list(series), analyte, level
        self.points = list(self.series[level].points) if self.series else []
        self.n_points = len(self.points)

    @property
    def first_point(self) -> int:
        """The newest point of the own run."""
        own = [at for at, point in enumerate(self.points) if point.is_own]
        return own[-1] if own else max(0, self.n_points - 1)

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw the chart."""
        below = 3 if grid.height >= _LEGEND_FROM else 2
        rows = _Rows(grid.height - _TOP - below)
        if not self.points or rows.height < _FEWEST_ROWS or grid.width < 34:
            grid.text(1, 0, "too small here: enter shows the chart" if self.points else _NO_CONTROL, palette.muted)
            return
        self._bands(grid, palette, rows)
        columns = self._columns(grid.width, cursor)
        self._line(grid, palette, rows, columns)
        self._events(grid, palette, rows, columns)
        self._marks(grid, palette, rows, columns, cursor)
        self._axis(grid, palette, rows, columns)
        if below > 2:
            self._legend(grid, palette)
        self._words(grid, palette, cursor)

    def _bands(self, grid: Grid, palette: Palette, rows: _Rows) -> None:
        left, right = _LEFT, grid.width - _RIGHT
        for y in range(_TOP, _TOP + rows.height):
            far = abs(rows.sd_of(y))
            ground = next((band for to, band in _bands_of(palette) if far <= to), None)
            if ground is not None:
                grid.fill(left, y, right, y + 1, ground)
        last = self.points[-1]
        for z in (3, 2, 1, 0, -1, -2, -3):
            y = rows.row(z)
            ink = palette.bad if abs(z) == 3 else palette.warn if abs(z) == 2 else palette.muted
            if z == 0 or abs(z) > 1:
                grid.text(left, y, {0: "─", 2: "╌", 3: "┄"}[abs(z)] * (right - left), ink)
            name = "mean" if z == 0 else f"{z:+d}SD"
            grid.text(0, y, name.rjust(_LEFT - 1), palette.ink if z == 0 else ink)
            if last.target is not None and last.sd is not None:
                grid.text(right + 1, y, short(last.target + z * last.sd), palette.muted)

    def _columns(self, width: int, cursor: int) -> dict[int, int]:
        """Return the column of each point that is shown; the newest stands at the right."""
        room = width - _LEFT - _RIGHT - 3
        step = min(_MOST_STEP, room / max(1, self.n_points - 1))
        step = step if step >= _LEAST_UNEVEN else 1.0
        n_shown = min(self.n_points, int(room / step) + 1)
        first = max(0, min(self.n_points - n_shown, cursor - n_shown // 2))
        newest = first + n_shown - 1
        return {at: width - _RIGHT - 2 - round((newest - at) * step) for at in range(first, newest + 1)}

    def _line(self, grid: Grid, palette: Palette, rows: _Rows, columns: dict[int, int]) -> None:
        before: tuple[float, float] | None = None
        for at, x in columns.items():
            z = self.points[at].z
            if z is None:
                continue
            here = (x + 0.5, rows.row(z) + 0.5)
            if before is not None:
                grid.line(before, here, palette.line)
            before = here
        grid.flush()

    def _events(self, grid: Grid, palette: Palette, rows: _Rows, columns: dict[int, int]) -> None:
        for at, x in columns.items():
            if self.points[at].events:
                for y in range(_TOP, _TOP + rows.height):
                    if grid.cells[y][x] in " ╌┄─":
                        grid.text(x, y, "┆", palette.note)
                grid.text(x, _TOP, "▾", palette.note, bold=True)

    def _marks(self, grid: Grid, palette: Palette, rows: _Rows, columns: dict[int, int], cursor: int) -> None:
        if cursor in columns:
            for y in range(_TOP, _TOP + rows.height):
                if grid.cells[y][columns[cursor]] in " ╌┄─┆":
                    grid.text(columns[cursor], y, "│", palette.muted)
        for at, x in columns.items():
            point = self.points[at]
            if point.z is None:
                continue
            y, ink = rows.row(point.z), _ink(point, palette)
            if at == cursor:
                grid.text(x, y, _shape(point, rows), palette.cursor_ink, bold=True, ground=palette.cursor)
            else:
                grid.text(x, y, _shape(point, rows), ink, bold=True)
        if cursor in columns and self.points[cursor].rules:
            self._pointer(grid, palette, rows, columns[cursor], self.points[cursor])

    def _pointer(self, grid: Grid, palette: Palette, rows: _Rows, x: int, point: ControlPoint) -> None:
        """Write the rule beside its point, where nothing else stands."""
        if point.z is None:
            return
        y, rule = rows.row(point.z), gravest(point.rules)
        for words in (f"{rule}  z {point.z:+.2f}", rule):
            for start, note in ((x - len(words) - 3, f"{words} ▶"), (x + 2, f"◀ {words}")):
                end = start + len(note)
                if start > _LEFT and end < grid.width - _RIGHT and set(grid.cells[y][start:end]) <= _FREE:
                    grid.text(start, y, note, _ink(point, palette), bold=True)
                    return

    def _axis(self, grid: Grid, palette: Palette, rows: _Rows, columns: dict[int, int]) -> None:
        """Write days below the plot, those of the own run first."""
        y, free = _TOP + rows.height, [True] * grid.width
        own = [at for at in columns if self.points[at].is_own]
        for at in own:
            grid.text(columns[at], y, "▴", palette.point, bold=True)
            free[columns[at]] = False
        for at in [*own[-1:], *columns]:
            when, x = self.points[at].at, columns[at]
            if when is None:
                continue
            day = f"{when:%m-%d}"
            start = x - len(day) - 1 if at in own else x - 2
            end = start + len(day)
            if start > _LEFT and end < grid.width - 1 and all(free[start - 2 : end + 2 - (at in own)]):
                grid.text(start, y, day, palette.ink if at in own else palette.muted)
                free[start:end] = [False] * len(day)

    def _words(self, grid: Grid, palette: Palette, cursor: int) -> None:
        own = self.series[self.level]
        n_flagged = sum(1 for point in self.points if point.rules)
        title = self.title or f"{self.analyte} · control {own.level}, {own.unit}"
        material = "" if self.title else f" · {own.material}"
        tail = f"{self.n_points} runs" if self.title else f"{self.n_points} points, {n_flagged} flagged"
        room = grid.width - len(tail) - 4
        if len(title) + len(material) <= room:
            title += material
        grid.text(1, 0, title, palette.ink, bold=True)
        if len(title) <= room:
            grid.text(grid.width - len(tail) - 1, 0, tail, palette.muted)
        if 0 <= cursor < self.n_points:
            point = self.points[cursor]
            ink = _ink(point, palette) if point.rules else palette.ink
            grid.text(
                1,
                grid.height - 1,
                readout(point, own.unit, grid.width - 2, fine="" if self.title else "in control"),
                ink,
                bold=True,
            )

    def _legend(self, grid: Grid, palette: Palette) -> None:
        shown = {gravest(point.rules) for point in self.points if point.rules}
        parts = ["▴ this run"] + (["▾ new lot"] if any(point.events for point in self.points) else [])
        parts += [f"{SHAPES[rule]} {rule}" for rule in SHAPES if rule in shown]
        parts += [f"{DRIFT} {rule}" for rule in sorted(shown - set(SHAPES))]
        while len("  ".join(parts)) > grid.width - 2:
            parts.pop()
        grid.text(1, grid.height - 2, "  ".join(parts), palette.muted)


_NO_CONTROL = "no control of this analyte in this run"
_FREE = frozenset(" ╌┄─┆") | {chr(code) for code in range(0x2800, 0x2900)}


def _bands_of(palette: Palette) -> tuple[tuple[float, str], ...]:
    return ((1.0, palette.band_1), (2.0, palette.band_2), (3.0, palette.band_3))


class _Rows:
    """Rows of the plot: as many for each SD as for any other, the mean in the middle."""

    def __init__(self, height: int) -> None:
        self.height = height
        self.middle = max(0, (height - 1) // 2)
        self.per_sd = max(1, int(self.middle / _SD_SHOWN))

    def row(self, z: float) -> int:
        steps = math.floor(abs(z) * self.per_sd + 0.5)
        offset = self.middle - steps if z > 0 else self.middle + steps
        return _TOP + min(2 * self.middle, max(0, offset))

    def sd_of(self, y: int) -> float:
        return (self.middle - (y - _TOP)) / self.per_sd

    def holds(self, z: float) -> bool:
        return abs(z) * self.per_sd < self.middle + 0.5


def _shape(point: ControlPoint, rows: _Rows) -> str:
    if point.rules:
        return SHAPES.get(gravest(point.rules), DRIFT)
    if point.z is not None and not rows.holds(point.z):
        return "↑" if point.z > 0 else "↓"
    return _GOOD


def _ink(point: ControlPoint, palette: Palette) -> str:
    if not point.rules:
        return palette.point
    return palette.warn if set(point.rules) <= {"1-2s"} else palette.bad
