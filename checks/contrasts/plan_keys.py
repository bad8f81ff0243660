"""The keys of a plan file: what each may say, and what it says where nothing is written."""

from __future__ import annotations

from typing import Any

from schemas.errors import Fault

TEXTS = ("study",)
VISITS = ("baseline", "followup")
FRACTIONS = ("confidence", "alpha", "prentice_wilcoxon_above", "sign_test_above", "target_power")
CHOICES: dict[str, tuple[str, ...]] = {
    "test": ("signed_rank", "sign_flip", "paired_t", "sign_test"),
    "zeros": ("wilcox", "pratt"),
    "alternative": ("two_sided", "less", "greater"),
    "scale": ("raw", "log"),
    "estimator": ("hodges_lehmann", "mean"),
    "correction": ("holm", "bh", "fixed_sequence", "gatekeeping"),
    "below_lloq": (
        "ladder",
        "recensor",
        "prentice_wilcoxon",
        "sign_test",
        "substitute_limit",
        "substitute_half",
        "substitute_sqrt2",
    ),
    "resolution": ("reported", "none"),
    "several_results": ("refuse", "mean", "exclude_subject"),
}
LISTS: dict[str, tuple[str, ...]] = {
    "sensitivity": (
        "without_overridden",
        "leave_one_out",
        "zeros",
        "scale",
        "below_lloq",
        "tests",
        "without_split_plates",
        "unrounded",
    ),
    "excluded_pairs": ("platform", "method", "lot", "two_plates", "overridden"),
}
ALWAYS_EXCLUDED = ("platform", "method", "lot")
DEFAULTS: dict[str, Any] = {  # Any: texts, numbers and lists of texts
    "other_followups": [],
    "test": "signed_rank",
    "zeros": "wilcox",
    "alternative": "two_sided",
    "scale": "raw",
    "estimator": "hodges_lehmann",
    "confidence": 0.95,
    "alpha": 0.05,
    "correction": "holm",
    "sensitivity": list(LISTS["sensitivity"]),
    "below_lloq": "ladder",
    "prentice_wilcoxon_above": 0.15,  # share of censored values; Helsel 2012, chapter 9, proposed
    "sign_test_above": 0.5,  # share of censored values; Helsel 2012, chapter 9, proposed
    "resolution": "reported",
    "minimum_pairs": 6,  # smallest n whose exact two-sided p can fall below 0.05: 2 to the power of -5 is 0.031
    "several_results": "refuse",
    "excluded_pairs": list(ALWAYS_EXCLUDED),
    "equivalence_ratio": 1.25,  # customary margin of equivalence of two formulations, FDA 2001; no unit
    "target_power": 0.8,  # Cohen 1988; proposed
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
    expected = _expected(key, value)
    return None if expected is None else Fault(f"key '{key}'", expected)


def _expected(key: str, value: object) -> str | None:
    if key in CHOICES and value not in CHOICES[key]:
        return f"'{value}' is not known. Expected: {', '.join(CHOICES[key])}."
    if key in LISTS:
        return _fault_of_list(key, value)
    if key in TEXTS and not (isinstance(value, str) and value.strip()):
        return f"'{value}' is no text: a name is expected."
    if key in VISITS and not is_visit(value):
        return f"'{value}' is no visit: a text or a whole number is expected."
    return _fault_of_number(key, value)


def _fault_of_number(key: str, value: object) -> str | None:
    if key == "other_followups" and not (isinstance(value, list) and all(is_visit(visit) for visit in value)):
        return f"'{value}' is no list of visits, such as [1, 2]."
    if key in FRACTIONS and not _is_fraction(value):
        return f"'{value}' is out of range: a number above 0 and below 1 is expected."
    if key == "minimum_pairs" and not _is_count(value):
        return f"'{value}' is out of range: a whole number of 2 or more is expected."
    if key == "equivalence_ratio" and not (
        isinstance(value, int | float) and not isinstance(value, bool) and value > 1
    ):
        return f"'{value}' is out of range: a ratio above 1 is expected, such as 1.25 for 0.80 to 1.25."
    return None


def _fault_of_list(key: str, value: object) -> str | None:
    known = ", ".join(LISTS[key])
    if not isinstance(value, list):
        return f"'{value}' is no list. Expected: a list of {known}."
    strangers = [str(entry) for entry in value if entry not in LISTS[key]]
    if strangers:
        return f"'{', '.join(strangers)}' is not known. Expected: {known}."
    absent = [name for name in ALWAYS_EXCLUDED if name not in value] if key == "excluded_pairs" else []
    if absent:
        return f"'{', '.join(absent)}' has to be in it: a change of {absent[0]} is no change of the subject."
    return None


def is_visit(value: object) -> bool:
    """Tell whether a value can name a visit.

    Parameters
    ----------
    value : object
        Value as TOML gave it.

    Returns
    -------
    bool
        True for a whole number or a text that is not empty.
    """
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, str) and value.strip() != "")


def _is_fraction(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 2
