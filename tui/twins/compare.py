"""Twin of the screen 'compare': a run beside those before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.counted import counted
from schemas.json_model import JsonModel
from tui.drawing.axes import short
from tui.twins.line_words import ScreenJson, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.run_comparison import Comparison

_LOG = "log10"  # unit of medians, which are told as numbers


@dataclass(frozen=True, slots=True)
class CompareTwin(JsonModel):
    """Twin of the screen 'compare'."""

    json_keys = "screen *comparison"

    comparison: Comparison
    """What it shows."""
    screen: Literal["compare"] = "compare"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> CompareTwin:
    """Return what the screen 'compare' shows."""
    from qc.triage.run_comparison import compare_run

    with lab.facts.reading() as con:
        return CompareTwin(compare_run(con, begin))


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"compare: run {screen['run']} with {counted(screen['n_before'], 'run')} before it"
    for place, one in numbered(screen["lines"]):
        is_log = one["unit"] == _LOG
        unit = one["of_unit"] if is_log else "percent" if one["unit"] == "percent" else one["unit"]
        value, mean = (short(10**part if is_log and part is not None else part) for part in (one["value"], one["mean"]))
        far = f", {one['z']:+.2f} SD from them" if one["z"] is not None else ", too few or too alike for a distance"
        before = f"; mean before {mean} {unit}{far}" if one["mean"] is not None else "; no run before"
        yield f"number {place}: {one['analyte']} {one['matrix']}, {one['name']} {value} {unit}{before}"
