"""Twin of the screen 'release': the checklist of a release."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.release_checklist import Checklist


@dataclass(frozen=True, slots=True)
class ReleaseTwin(JsonModel):
    """Twin of the screen 'release'."""

    json_keys = "screen *checklist"

    checklist: Checklist
    """What it shows."""
    screen: Literal["release"] = "release"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> ReleaseTwin:
    """Return what the screen 'release' shows."""
    from qc.triage.release_checklist import checklist

    return ReleaseTwin(checklist(lab, begin))


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"release: study {screen['study']}, the gate is {'open' if screen['open'] else 'closed'}"
    for place, one in numbered(screen["points"]):
        state = "yes" if one["holds"] else "no, and it is needed" if one["is_needed"] else "no, but it is not needed"
        hint = f"; {one['hint']}" if one["hint"] else ""
        yield f"point {place}: {one['title']}? {state}: {one['words']}{hint}"
    for one in screen["releases"]:
        yield f"release {one['release']}: {'; '.join(one['signatures']) or 'not signed'}"
