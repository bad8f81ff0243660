"""The exceptions of a release in sentences: what persons waved through, what warned, what was set aside, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any  # Any: JSON values of a manifest

from checks.contrast_words.numbers import analyte_names, contrast_name, matrix_text, number_text, p_text
from checks.contrasts.frozen_release import Release
from checks.contrasts.planned_tests import PairedReport

_DONE = {
    "approved_in_spite": "approved by rule in spite of a warning",
    "rejected": "rejected",
    "evidence": "kept as evidence beside the result of the sample that counts",
    "averaged": "averaged into the result of the sample that counts",
    "repeat_requested": "to be measured again",
}
_OVER = {
    "warn": "a warning",
    "reject": "a failure",
    "broken": "a rule that broke",
    "not_evaluable": "what could not be judged",
}
_MOST_ITEMS = 8  # more names than that are read by nobody; the tables of the release have them all


def exceptions_of(release: Release, *kinds: str) -> list[Mapping[str, Any]]:
    """Return the exceptions of a release, of some kinds alone where kinds are named.

    Parameters
    ----------
    release : Release
        Release; one of an older program kept none.
    *kinds : str
        ``approved_over``, ``approved_in_spite``, ``set_aside``; none means all.

    Returns
    -------
    list of mapping
        As in the manifest.
    """
    return [one for one in release.manifest.get("exceptions", ()) if not kinds or one["kind"] in kinds]


def exception_sentences(exceptions: Sequence[Mapping[str, Any]], names: Mapping[str, str] | None = None) -> list[str]:
    """Say what was done with which results, over which rules, by whom, when and why.

    Parameters
    ----------
    exceptions : sequence of mapping
        Exceptions of a manifest.
    names : mapping of str to str, optional
        Names of analytes by id; None means those of the catalogue.

    Returns
    -------
    list of str
        One sentence each, in their order.
    """
    named = names or analyte_names([one["analyte"] for one in exceptions])
    return [_sentence(one, named.get(one["analyte"], one["analyte"])) for one in exceptions]


def _sentence(one: Mapping[str, Any], name: str) -> str:
    was = "results was" if one["n"] == 1 else "results were"
    rules = f" ({one['rules']})" if one["rules"] else ""
    over = f"approved by a person over {_OVER.get(one['verdict'], 'a finding of its run')}"
    done = over if one["kind"] == "approved_over" else _DONE.get(one["kind"]) or _DONE.get(one["state"], one["state"])
    what = f"{name} in {matrix_text(one['matrix'])}: {one['n']} of {one['n_in_all']} {was} {done}{rules}"
    return f"{what}{_by(one)}: {_items(one['items'])}."


def _by(one: Mapping[str, Any]) -> str:
    if not one["by"]:
        return ""
    return f", by {one['by']}, {one['at'].replace('T', ' ')} UTC, {why(one)}"


def why(one: Mapping[str, Any]) -> str:
    """Return the reason of a decision and the words beside it.

    Parameters
    ----------
    one : mapping
        Exception of a manifest.

    Returns
    -------
    str
        ``no reason given`` if there is neither.
    """
    return " - ".join(part for part in (one["reason"], one["note"]) if part) or "no reason given"


def _items(items: Sequence[str]) -> str:
    more = len(items) - _MOST_ITEMS
    return ", ".join(items[:_MOST_ITEMS]) + (f" and {more} more" if more > 0 else "")


def sensitivity_sentences(report: PairedReport) -> list[str]:
    """Say what each contrast gives without the results that a person approved over a finding.

    Parameters
    ----------
    report : PairedReport
        Outcome of the planned tests.

    Returns
    -------
    list of str
        One for each contrast with such pairs; empty where the plan does not ask for it.
    """
    names = analyte_names([contrast.analyte for contrast in report.contrasts])
    return [
        f"Without them, {contrast_name(contrast, names)} in {matrix_text(contrast.matrix)} has {one.n_pairs} pairs: "
        + (one.reason or f"estimate {number_text(one.estimate, None)}, p {p_text(one.p_value)}.")
        for contrast in report.contrasts
        if contrast.sensitivity
        for one in contrast.sensitivity.variants
        if one.kind == "without_overridden"
    ]
