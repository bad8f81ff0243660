"""Twin of the screen 'limits': every number with its source."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, limit_words, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.rule_manual import LimitLine


@dataclass(frozen=True, slots=True)
class LimitsTwin(JsonModel):
    """Twin of the screen 'limits'."""

    json_keys = "screen limits"

    limits: list[LimitLine]
    """Every limit of the catalogue and of the acceptance profiles."""
    screen: Literal["limits"] = "limits"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> LimitsTwin:
    """Return what the screen 'limits' shows."""
    from qc.triage.rule_manual import limit_lines

    return LimitsTwin([line for line in limit_lines(lab) if begin in f"{line.where} {line.name}"])


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"limits: {len(screen['limits']):,}"
    for place, one in numbered(screen["limits"]):
        yield f"limit {place}: {one['where']}, {limit_words(one)}"
