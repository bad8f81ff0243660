"""Twin of the screen 'corrections': sheets and runs that would change results."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.counted import counted
from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson, numbered

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.corrections_list import CorrectionLine


@dataclass(frozen=True, slots=True)
class CorrectionsTwin(JsonModel):
    """Twin of the screen 'corrections'."""

    n_waiting: int
    """Corrections that wait."""
    corrections: list[CorrectionLine]
    """Corrections that wait, oldest first."""
    screen: Literal["corrections"] = "corrections"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> CorrectionsTwin:
    """Return what the screen 'corrections' shows."""
    from qc.triage.corrections_list import correction_lines

    with lab.facts.reading() as con:
        lines = correction_lines(lab, con)
    return CorrectionsTwin(len(lines), lines)


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"corrections: {counted(screen['n_waiting'], 'correction')} waiting"
    for place, one in numbered(screen["corrections"]):
        yield f"correction {place}: {one['item']}, {one['sentence']}"
        for row in one["rows"]:
            old, new = row["before"] or {}, row["after"] or {}
            key = ", ".join(f"{name} {value}" for name, value in row["key"].items())
            changes = [f"{name} from {_said(old.get(name))} to {_said(new.get(name))}" for name in {**old, **new}]
            yield f"  {row['table']}, {key}: {', '.join(changes)}"


def _said(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)
