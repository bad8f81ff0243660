"""Levey-Jennings chart: a control in SD over its runs, with bands, a shape for each rule, and the new lots."""

from __future__ import annotations

from collections.abc import Sequence

from qc.triage.controls import ControlPoint, ControlSeries
from tui.drawing.axes import short
from tui.drawing.grid import Grid
from tui.drawing.palette import Palette
from tui.drawing.picture import Along

_Z_SHOWN = 4.0  # SD from the middle to the edge of the picture; what lies beyond stands at the edge with an arrow
SHAPES = {"1-3s": "▲", "2-2s": "■", "R-4s": "◆", "4-1s": "▣", "1-2s": "△"}
"""Shape by rule; a rule that is not named here has the diamond of the drift rules."""
_DRIFT, _GOOD = "◈", "●"
_LEFT, _RIGHT, _TOP, _BELOW = 6, 9, 1, 3
_TIGHT = 3.2  # rows for one SD below which the lines at 1 SD are left out


class LeveyJennings(Along):
    """Chart of one or more levels, one of which is shown.

    Parameters
    ----------
    series : sequence of ControlSeries
        Levels.
    analyte : str
        Name of the analyte.
    level : int
        Which level to show.
    """

    def __init__(self, series: Sequence[ControlSeries], analyte: str, level: int = 0) -> None:
        self.series, self.analyte, self.level = list(series), analyte, level
        self.points = list(self.series[level].points) if self.series else []
        self.n_points = len(self.points)

    @property
    def first_point(self) -> int:
        """The newest point of the own run."""
        own = [at for at, point in enumerate(self.points) if point.is_own]
        return own[-1] if own else max(0, self.n_points - 1)

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw the chart.

        Parameters
        ----------
        grid : Grid
            Where.
        palette : Palette
            Colours.
        cursor : int
            Point of the cursor.
        """
        height = grid.height - _TOP - _BELOW
        if not self.points or height < 5 or grid.width < 34:
            grid.text(1, 0, "no control of this analyte in this run" if not self.points else "", palette.muted)
            return
        rows = _Rows(height)
        self._bands(grid, palette, rows)
        first, step, x0 = self._window(grid.width, cursor)
        self._joined(grid, palette, rows, first, step, x0)
        self._events(grid, palette, first, step, x0)
        self._marks(grid, palette, rows, (first, step, x0), cursor)
        self._words(grid, palette, cursor)

    def _bands(self, grid: Grid, palette: Palette, rows: _Rows) -> None:
        left, right = _LEFT, grid.width - _RIGHT
        bands = ((-1, 1, palette.band_1), (1, 2, palette.band_2), (-2, -1, palette.band_2))
        for low, high, ground in (*bands, (2, 3, palette.band_3), (-3, -2, palette.band_3)):
            grid.fill(left, rows.row(high), right, rows.row(low), ground)
        last = self.points[-1]
        for z in (3, 2, 1, 0, -1, -2, -3):
            if abs(z) == 1 and rows.per_sd < _TIGHT / 2:
                continue
            y = rows.row(z)
            ink = palette.bad if abs(z) == 3 else palette.warn if abs(z) == 2 else palette.muted
            if z == 0 or abs(z) > 1:
                grid.text(left, y, {0: "─", 2: "╌", 3: "┄"}[abs(z)] * (right - left), ink)
            name = "mean" if z == 0 else f"{z:+d}SD"
            grid.text(0, y, name.rjust(_LEFT - 1), palette.ink if z == 0 else ink)
            if last.target is not None and last.sd is not None:
                grid.text(right + 1, y, short(last.target + z * last.sd), palette.muted)

    def _window(self, width: int, cursor: int) -> tuple[int, int, int]:
        room = width - _LEFT - _RIGHT - 2
        step = max(1, min(6, room // max(1, self.n_points - 1))) if self.n_points > 1 else 1
        n_shown = min(self.n_points, room // step + 1)
        first = max(0, min(self.n_points - n_shown, cursor - n_shown // 2))
        return first, step, width - _RIGHT - 2 - (n_shown - 1) * step

    def _joined(self, grid: Grid, palette: Palette, rows: _Rows, first: int, step: int, x0: int) -> None:
        before: tuple[float, float] | None = None
        for at, point in enumerate(self.points[first:]):
            if point.z is None:
                continue
            here = (x0 + at * step + 0.5, rows.row(point.z) + 0.5)
            if here[0] >= grid.width - _RIGHT:
                break
            if before is not None:
                grid.line(before, here, palette.line)
            before = here
        grid.flush()

    def _events(self, grid: Grid, palette: Palette, first: int, step: int, x0: int) -> None:
        bottom = grid.height - _BELOW
        for at, point in enumerate(self.points[first:]):
            x = x0 + at * step
            if point.events and x < grid.width - _RIGHT:
                for y in range(_TOP, bottom):
                    if grid.cells[y][x] in " ╌┄─":
                        grid.text(x, y, "┆", palette.note)
                grid.text(x, _TOP, "▾", palette.note, bold=True)

    def _marks(self, grid: Grid, palette: Palette, rows: _Rows, window: tuple[int, int, int], cursor: int) -> None:
        first, step, x0 = window
        bottom = grid.height - _BELOW
        for at, point in enumerate(self.points[first:]):
            x = x0 + at * step
            if x >= grid.width - _RIGHT:
                break
            if at + first == cursor:
                for y in range(_TOP, bottom):
                    if grid.cells[y][x] in " ╌┄─┆":
                        grid.text(x, y, "│", palette.muted)
            if point.z is not None:
                y, shape, ink = rows.row(point.z), _shape(point), _ink(point, palette)
                is_cursor = at + first == cursor
                ground = palette.cursor if is_cursor else None
                grid.text(x, y, shape, palette.cursor_ink if is_cursor else ink, bold=True, ground=ground)
            if point.is_own:
                grid.text(x, bottom, "▴", palette.point, bold=True)

    def _words(self, grid: Grid, palette: Palette, cursor: int) -> None:
        own = self.series[self.level]
        n_flagged = sum(1 for point in self.points if point.rules)
        title = f"{self.analyte} · control {own.level}"
        if len(self.series) > 1:
            title += f" ({self.level + 1}/{len(self.series)})"
        grid.text(1, 0, title, palette.ink, bold=True)
        tail = f"n {self.n_points}, flagged {n_flagged}"
        if len(title) + len(tail) + 4 < grid.width:
            grid.text(grid.width - len(tail) - 1, 0, tail, palette.muted)
        self._legend(grid, palette)
        if 0 <= cursor < self.n_points:
            point = self.points[cursor]
            ink = _ink(point, palette) if point.rules else palette.ink
            grid.text(1, grid.height - 1, readout(point, own.unit), ink, bold=True)

    def _legend(self, grid: Grid, palette: Palette) -> None:
        shown = {rule for point in self.points for rule in point.rules}
        parts = [f"{SHAPES.get(rule, _DRIFT)} {rule}" for rule in sorted(shown)]
        parts += ["▴ this run"] + (["▾ new lot"] if any(point.events for point in self.points) else [])
        grid.text(_LEFT, grid.height - 2, "  ".join(parts), palette.muted)


class _Rows:
    def __init__(self, height: int) -> None:
        self.height = height
        self.per_sd = height / (2 * _Z_SHOWN)

    def row(self, z: float) -> int:
        inside = max(-_Z_SHOWN, min(_Z_SHOWN, z))
        return _TOP + min(self.height - 1, max(0, round((_Z_SHOWN - inside) * (self.height - 1) / (2 * _Z_SHOWN))))


def _shape(point: ControlPoint) -> str:
    if not point.rules:
        if point.z is not None and abs(point.z) > _Z_SHOWN:
            return "↑" if point.z > 0 else "↓"
        return _GOOD
    return SHAPES.get(gravest(point.rules), _DRIFT)


def _ink(point: ControlPoint, palette: Palette) -> str:
    if not point.rules:
        return palette.point
    return palette.warn if set(point.rules) <= {"1-2s"} else palette.bad


def gravest(rules: Sequence[str]) -> str:
    """Return the rule that gives a point its shape.

    Parameters
    ----------
    rules : sequence of str
        Short names of rules.

    Returns
    -------
    str
        The first of them that has a shape of its own, in the order of the shapes, else the first.
    """
    return next((rule for rule in SHAPES if rule in rules), rules[0])


def readout(point: ControlPoint, unit: str) -> str:
    """Say in words what a point shows.

    Parameters
    ----------
    point : ControlPoint
        The point.
    unit : str
        Unit of its value.

    Returns
    -------
    str
        Run, value, distance from the target, rules and events.
    """
    z = f"z {point.z:+.2f}" if point.z is not None else "no z"
    said = "✗ " + ", ".join(point.rules) if point.rules else "in control"
    told = f"{point.run}  {short(point.value)} {unit}  {z}  {said}"
    return told + (f"  ▾ {', '.join(point.events)}" if point.events else "")
