"""Two pictures on one line each: a number against its limits, and the replicates of a sample against each other."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qc.items.blinded_item import FindingShown
from qc.triage.plate_view import Well
from tui.drawing.axes import short
from tui.drawing.colours import Palette
from tui.drawing.grid import Grid
from tui.drawing.picture import Along

_LEFT, _RIGHT = 3, 3
_HEADED = 60  # columns from which the numbers have a heading
_WIDE = 50.0  # ratio of the largest to the smallest number from which the axis is logarithmic


class LimitsPicture(Along):
    """Observed numbers against their limits, one finding below the other."""

    is_small = True

    def __init__(self, findings: Sequence[FindingShown]) -> None:
        self.findings = [finding for finding in findings if finding.observed is not None and finding.limits]
        self.n_points = len(self.findings)
        self.first_point = 0

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw one axis for each finding, from the cursor's on."""
        top = 0
        for finding in self.findings[cursor:]:
            if top + 8 > grid.height:
                break
            _axis(grid, palette, finding, top)
            top += 9


def _axis(grid: Grid, palette: Palette, finding: FindingShown, top: int) -> None:
    observed = finding.observed if finding.observed is not None else math.nan
    values = [observed, *(float(limit["value"]) for limit in finding.limits)]
    is_log = min(values) > 0 and max(values) / min(values) >= _WIDE
    scaled = [math.log10(value) if is_log else value for value in values]
    low, high = min(scaled), max(scaled)
    pad = (high - low) * 0.12 or abs(high) * 0.2 or 1.0
    width = grid.width - _LEFT - _RIGHT

    def column(value: float) -> int:
        place = ((math.log10(value) if is_log else value) - low + pad) / (high - low + 2 * pad)
        return _LEFT + round(place * (width - 1))

    ink = palette.warn if finding.verdict == "warn" else palette.bad
    title = f"{finding.rule} · {finding.unit}{', log scale' if is_log else ''}"
    grid.text(1, top, title, palette.ink, bold=True)
    line = top + 4
    grid.text(_LEFT, line, "─" * width, palette.muted)
    free = [0, 0]
    for limit in sorted(finding.limits, key=lambda limit: float(limit["value"])):
        x, row = column(float(limit["value"])), 0
        words = f"{limit['name'].replace('_', ' ')} {short(float(limit['value']))}"
        start = max(1, min(grid.width - len(words) - 1, x - len(words) // 2))
        row = 0 if start >= free[0] else 1
        grid.text(x, line, "┼", palette.warn, bold=True)
        for y in range(line + 1, line + 1 + row):
            grid.text(x, y, "│", palette.muted)
        if start >= free[row]:
            grid.text(start, line + 1 + row, words, palette.muted)
            free[row] = start + len(words) + 2
    x = column(observed)
    grid.text(x, line, "●", ink, bold=True)
    grid.text(x, line - 1, "▼", ink, bold=True)
    words = f"{observed:g} {finding.unit}"
    grid.text(max(1, min(grid.width - len(words) - 1, x - len(words) // 2)), line - 2, words, ink, bold=True)


class ReplicatesPicture(Along):
    """Wells of one sample against each other, and against their mean."""

    is_small = True

    def __init__(self, wells: Sequence[Well], unit: str, cv_percent: float | None) -> None:
        self.wells, self.unit, self.cv_percent = list(wells), unit, cv_percent
        self.n_points = len(self.wells)
        self.first_point = 0

    def draw(self, grid: Grid, palette: Palette, cursor: int) -> None:
        """Draw one bar for each well."""
        cv = f"CV {self.cv_percent:.1f} %" if self.cv_percent is not None else "one well, no CV"
        grid.text(1, 0, f"replicates · {len(self.wells)} wells · {cv}", palette.ink, bold=True)
        head = f"{self.unit}   from mean"
        if grid.width >= _HEADED:
            grid.text(grid.width - len(head) - 2, 1, head, palette.muted)
        concs = [well.conc for well in self.wells if well.conc is not None]
        mean = sum(concs) / len(concs) if concs else None
        largest = max([*concs, mean or 0.0, 1e-300])
        width = max(8, grid.width - 30)
        for at, well in enumerate(self.wells[: max(0, grid.height - 5)]):
            y = 2 + at
            ink = palette.cursor if at == cursor else palette.point
            grid.text(1, y, ("▸" if at == cursor else " ") + well.name.ljust(4), palette.ink, bold=at == cursor)
            if well.conc is None:
                grid.text(7, y, f"{well.censor or 'no'} concentration, signal {short(well.signal)}", palette.muted)
                continue
            grid.text(7, y, "━" * max(1, round(well.conc / largest * width)), ink)
            grid.text(9 + width, y, f"{well.censor}{well.conc:.4g}", palette.ink, bold=True)
            if mean:
                grid.text(20 + width, y, f"{(well.conc / mean - 1) * 100:+.1f} %", palette.muted)
        below = 2 + min(len(self.wells), max(0, grid.height - 5))
        if mean is not None:
            x = 7 + round(mean / largest * width) - 1
            grid.text(x, below, "┴", palette.warn)
            words = f"mean {mean:.4g} {self.unit} before dilution"
            grid.text(max(1, min(x - len(words) // 2, grid.width - len(words) - 1)), below + 1, words, palette.muted)
