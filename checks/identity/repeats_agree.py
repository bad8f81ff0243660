"""Rule identity.repeats_agree: results of one sample that stand for each other give the same concentration."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import fmean, stdev
from typing import TYPE_CHECKING

from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    from checks.several_results import Choice, Several

_ID = "identity.repeats_agree"
_SLACK = 1e-9
"""Rounding that a share may show beyond its limit."""


@rule(_ID, scope=Scope.RESULT, limits=["cv_percent"])
def repeats_agree(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn where planned results of one sample disagree, so that none may stand for the others.

    Parameters
    ----------
    run_input : RunInput
        ``repeats``: what a policy chose of several results, of this run and of others, with all of them.
    limits : mapping of str to Limit
        ``cv_percent``: highest CV of the numbers in range, in percent, inclusive.

    Returns
    -------
    list of Finding
        ``warn`` for the one result that counts for its sample; ``not_evaluable`` where the mean is not above 0.

    Notes
    -----
    CV = 100 SD / mean with n - 1 in the SD. A bound enters no mean: it disagrees where it leaves every number on its
    wrong side by more than the limit, as a result above the range does at a dilution that should have been in it.
    Dilutions on one plate are judged by ``calibration.parallelism`` and ``calibration.dilution_agreement``.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    rows = {int(row["ordinal"]): row for row in run_input.results.iter_rows(named=True)} if run_input.repeats else {}
    chosen = [(rows[ordinal], choice) for ordinal, choice in run_input.repeats.items() if ordinal in rows]
    return [finding for row, choice in chosen for finding in _of_choice(row, choice, limits["cv_percent"])]


def _of_choice(row: ResultRow, choice: Choice, limit: Limit) -> list[Finding]:
    valid = [one for one in choice.members if not one.is_replaced]
    numbers = [one.value for one in valid if one.is_in_range and one.value is not None]
    if not numbers:
        return []
    mean = fmean(numbers)
    if mean <= 0 and len(numbers) > 1 and len(set(numbers)) > 1:
        text = f"The mean of {len(numbers)} results of {result_name(row)} of one sample is not above 0: it has no CV."
        return [about_result(_ID, Verdict.NOT_EVALUABLE, row, text)]
    cv_percent = 100 * stdev(numbers) / mean if len(numbers) > 1 and mean > 0 else 0.0
    share = limit.value / 100
    crossed = [one for one in valid if _is_crossed(one, min(numbers) * (1 - share), max(numbers) * (1 + share))]
    if not crossed and (cv_percent <= limit.value + _SLACK or _is_one_series(valid)):
        return []
    said = ", ".join(_words(one) for one in valid)
    text = f"{len(valid)} results of one sample of {result_name(row)} give {said} {row['unit']}: "
    text += "a bound contradicts the numbers." if crossed else f"CV {cv_percent:.1f} %"
    text += "" if crossed else f"; at most {plain(limit.value)} % is allowed."
    hint = "Look for the reason before one of them counts: reject what is wrong, or ask for a repeat."
    evidence = Evidence(cv_percent, "percent", [limit])
    return [about_result(_ID, Verdict.WARN, row, text, evidence=evidence, suggestion=hint)]


def _is_crossed(one: Several, low: float, high: float) -> bool:
    if one.censor_limit is None:
        return False
    return one.censor_limit < low if one.censor == "<" else one.censor == ">" and one.censor_limit > high


def _is_one_series(valid: list[Several]) -> bool:
    plates = {(one.run, one.plate) for one in valid}
    return len(plates) == 1 and "" not in {one.plate for one in valid}


def _words(one: Several) -> str:
    number = one.censor_limit if one.censor else one.value
    said = "no number" if number is None else f"{one.censor}{plain(number)}"
    return said if one.dilution == 1 else f"{said} at 1:{plain(one.dilution)}"
