"""The manual of the rules and the catalogue of limits, as lines that can be searched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.cards.guidance import card_of
from qc.triage.child_command import ask_command
from schemas.finding import LimitJson
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.cards.guidance import Card
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class RuleManual(JsonModel):
    """One rule."""

    id: str
    """Id."""
    version: int
    """Version."""
    scope: str
    """What it speaks about."""
    manual: str
    """Its whole manual."""
    limits: Mapping[str, tuple[LimitJson, ...]]
    """Limits by profile."""
    guidance: Card | None
    """What to look at, do and write down when it speaks; None for a rule of another package."""

    @property
    def headline(self) -> str:
        """First sentence of the manual."""
        return self.manual.splitlines()[0] if self.manual else ""


@dataclass(frozen=True, slots=True)
class LimitLine(JsonModel):
    """One limit."""

    where: str
    """Analyte and matrix, or the acceptance profile."""
    name: str
    """What it limits, with method, sex and age where it holds for these alone."""
    value: str
    """Number."""
    unit: str
    """Unit."""
    status: str
    """``confirmed``, ``unconfirmed`` or ``proposed``."""
    source: str
    """Where it comes from."""


def rule_manuals() -> list[RuleManual]:
    """Return the manual of every rule.

    Returns
    -------
    list of RuleManual
        By id.
    """
    return [
        RuleManual(
            rule["id"],
            rule["version"],
            rule["scope"],
            rule["manual"],
            {name: tuple(limits) for name, limits in rule["limits"].items()},
            card_of(rule["id"]),
        )
        for rule in ask_command(None, "rules")
    ]


def limit_lines(lab: LabFolder) -> list[LimitLine]:
    """Return every limit of the catalogue and of the acceptance profiles.

    Parameters
    ----------
    lab : LabFolder
        Lab whose own files are laid over the shipped ones.

    Returns
    -------
    list of LimitLine
        Analytes first, then profiles.
    """
    from qc.lab.catalogue.catalogue_files import texts_of_folder
    from schemas.catalogue import load_catalogue
    from schemas.limits_view import analyte_view

    lines: list[LimitLine] = []
    for name, analyte in load_catalogue(texts_of_folder(lab.paths.catalogue)).analytes.items():
        for matrix, entry in analyte_view(analyte).as_json()["matrices"].items():
            lines += [_line(f"{name} {matrix}", _name(limit), limit) for limit in entry["limits"]]
    for rule in rule_manuals():
        for profile, limits in rule.limits.items():
            lines += [_line(f"profile {profile}", f"{rule.id} {limit['name']}", limit) for limit in limits]
    return lines


def _name(limit: Mapping[str, Any]) -> str:
    ages = limit["age_from"], limit["age_to"]
    age = "" if ages == (None, None) else f"age {ages[0] or 0:g} to {ages[1]:g}" if ages[1] else f"age {ages[0]:g} on"
    return " ".join(filter(None, [limit["name"], limit["method"], limit["lot"], limit["sex"], age]))


def _line(where: str, name: str, limit: Mapping[str, Any]) -> LimitLine:
    unit = "" if limit["unit"] == "1" else str(limit["unit"])
    return LimitLine(where, name, f"{limit['value']:g}", unit, str(limit["status"]), str(limit["source"]))
