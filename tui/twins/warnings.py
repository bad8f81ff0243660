"""Twin of the screen 'warnings': what was approved by rule in spite of a warning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.counted import counted
from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.warned_items import WarnedItem


@dataclass(frozen=True, slots=True)
class WarningsTwin(JsonModel):
    """Twin of the screen 'warnings'."""

    n_approved: int
    """Items that were approved by rule in spite of a warning."""
    approved: list[WarnedItem]
    """The items, by run."""
    screen: Literal["warnings"] = "warnings"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> WarningsTwin:
    """Return what the screen 'warnings' shows."""
    items = lab.approved_in_spite(begin or None)
    return WarningsTwin(len(items), items)


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"warnings: {counted(screen['n_approved'], 'item')} approved by rule in spite of a warning"
    for place, one in numbered(screen["approved"]):
        value = one["value"] or counted(one["n_results"], "result")
        sample = f"sample {one['code']}" if one["code"] else ""
        parts = (one["item"], one["analyte"], value, sample, f"run {one['run']}")
        yield f"item {place}: {', '.join(filter(None, parts))}"
        for finding in one["findings"]:
            yield f"  {finding['rule']}: {finding['sentence']}"
