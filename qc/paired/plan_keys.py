"""The keys of a plan file: what each may say, and what it says where nothing is written."""

from __future__ import annotations

from typing import Any

from schemas.errors import Fault

TEXTS = ("study",)
VISITS = ("baseline", "followup")
FRACTIONS = ("confidence", "alpha")
CHOICES: dict[str, tuple[str, ...]] = {
    "test": ("signed_rank",),
    "zeros": ("wilcox", "pratt"),
    "alternative": ("two_sided", "less", "greater"),
    "estimator": ("hodges_lehmann",),
    "correction": ("holm",),
    "below_lloq": ("recensor", "substitute_half"),
    "resolution": ("reported", "none"),
    "several_results": ("refuse",),
}
DEFAULTS: dict[str, Any] = {  # Any: texts and numbers
    "test": "signed_rank",
    "zeros": "wilcox",
    "alternative": "two_sided",
    "estimator": "hodges_lehmann",
    "confidence": 0.95,
    "alpha": 0.05,
    "correction": "holm",
    "below_lloq": "recensor",
    "resolution": "reported",
    "minimum_pairs": 6,  # smallest n whose exact two-sided p can fall below 0.05: 2 to the power of -5 is 0.031
    "several_results": "refuse",
}
REQUIRED = {
    "study": "the study that the plan is for",
    "endpoints": "the contrasts of the family",
    "baseline": "the visit that is subtracted",
    "followup": "the visit that it is subtracted from",
}


def fault_of_value(key: str, value: object) -> Fault | None:
    """Say what is wrong with the value of a key.

    Parameters
    ----------
    key : str
        Key of the plan; an unknown one is somebody else's to report.
    value : object
        Value as TOML gave it.

    Returns
    -------
    Fault or None
        What was expected, or None if nothing is wrong.
    """
    where = f"key '{key}'"
    if key in CHOICES and value not in CHOICES[key]:
        return Fault(where, f"'{value}' is not known. Expected: {', '.join(CHOICES[key])}.")
    if key in TEXTS and not (isinstance(value, str) and value.strip()):
        return Fault(where, f"'{value}' is no text: a name is expected.")
    if key in VISITS and not _is_visit(value):
        return Fault(where, f"'{value}' is no visit: a text or a whole number is expected.")
    if key in FRACTIONS and not _is_fraction(value):
        return Fault(where, f"'{value}' is out of range: a number above 0 and below 1 is expected.")
    if key == "minimum_pairs" and not _is_count(value):
        return Fault(where, f"'{value}' is out of range: a whole number of 2 or more is expected.")
    return None


def _is_visit(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.strip() != "")


def _is_fraction(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 2
