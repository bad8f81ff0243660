"""Uncertainty of measurement in a report: a line for each analyte, matrix, platform and control level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: JSON values of a manifest

from checks.contrast_words.numbers import matrix_text, number_text

if TYPE_CHECKING:
    from checks.contrasts.frozen_release import Release

HEAD = ("Analyte", "Control", "Precision", "Bias", "Reference", "Calibrator", "u", "U (k = 2)")
"""Columns of the table; all of them but the first two in percent."""
KEY = (
    "Relative standard uncertainty in percent. Precision: within the laboratory, each control lot about its own mean, "
    "pooled over lots, or the SD of the control sheet where results are too few; bias: root mean square over lots with "
    "an assigned value; reference and calibrator: as the catalogue states them; a dash is not known and not in u. A "
    "result has the u of the control that lies nearest. The worlds that p is drawn again in move each result by its "
    "precision, and all of them by what they share."
)
"""What the table says, for below it."""
_NAMES = ("precision", "bias", "reference", "calibrator")


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One level of one budget, in words."""

    name: str
    """Analyte, matrix and platform."""
    cells: tuple[str, ...]
    """Control level and percentages; a dash for what is not known."""


def budget_lines(release: Release, names: Mapping[str, str]) -> list[BudgetLine]:
    """Write the budgets of a release.

    Returns
    -------
    list of BudgetLine
        Empty for a release of an earlier version, and where no control says how results scatter.
    """
    found: Any = release.manifest.get("uncertainty")
    return [_line(one, level, names) for one in found or () for level in one["levels"]]


def _line(one: Mapping[str, Any], level: Mapping[str, Any], names: Mapping[str, str]) -> BudgetLine:
    shares = {component["name"]: component["u_percent"] for component in level["components"]}
    name = f"{names.get(one['analyte'], one['analyte'])}, {matrix_text(one['matrix'])}"
    about = f"{level['level']} ({level['n_lots']} {'lot' if level['n_lots'] == 1 else 'lots'})"
    numbers = (*(shares.get(part) for part in _NAMES), level["u_percent"], level["expanded_percent"])
    cells = (about, *(number_text(number, 1) for number in numbers))
    return BudgetLine(f"{name}, {one['platform']}" if one["platform"] else name, cells)
