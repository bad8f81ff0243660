"""Rule calibration.isr: incurred samples that were measured again must come out the same."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

_ID = "calibration.isr"
_SLACK = 1e-6
"""Slack on fractions and percents, for limits such as 2/3 that no decimal number writes exactly."""
_LIMITS = ("difference_percent", "passing_fraction", "first_percent", "first_samples", "rest_percent")


@rule(_ID, scope=Scope.ANALYTE, limits=_LIMITS)
def isr(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose samples do not come out the same when they are measured again.

    Parameters
    ----------
    run_input : RunInput
        ``reanalyses``: ``initial`` and ``repeat`` in one unit, and the number of study samples in ``n_samples``. A pair
        with a missing number is asked for and not within; a study without reanalyses is not judged.
    limits : mapping of str to Limit
        ``difference_percent``: largest difference, repeat minus initial, in percent of their mean.
        ``passing_fraction``: least fraction of pairs within it, 0 to 1. ``first_percent`` of the first
        ``first_samples`` samples and ``rest_percent`` of the others must be measured again.

    Returns
    -------
    list of Finding
        ``reject`` for each analyte with too few pairs within the limit, and with too few pairs; ``not_evaluable`` where
        it is not known how many samples the study has.

    Raises
    ------
    NotEvaluableError
        If the reanalyses hold no pair with two numbers.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 5.
    """
    import polars as pl

    pairs = run_input.reanalyses
    if pairs.is_empty():
        return []
    judged = pairs.with_columns(difference_percent=difference_percent())
    if judged["difference_percent"].is_not_null().sum() == 0:
        raise NotEvaluableError("No sample that was measured again has two numbers to compare.")
    findings: list[Finding] = []
    for (analyte,), own in judged.group_by("analyte", maintain_order=True):
        n_within = own.filter(pl.col("difference_percent").abs() <= limits["difference_percent"].value + _SLACK).height
        findings += _agreement(str(analyte), n_within, own.height, limits)
        findings += _size(str(analyte), own, limits)
    return findings


def difference_percent() -> pl.Expr:
    """Return the difference of repeat and initial in percent of their mean, as an expression.

    Returns
    -------
    Expr
        Null where a number is missing or the mean is not above 0.
    """
    import polars as pl

    mean = (pl.col("initial") + pl.col("repeat")) / 2
    return pl.when(mean > 0).then(100 * (pl.col("repeat") - pl.col("initial")) / mean)


def n_needed(n_samples: int, limits: Mapping[str, Limit]) -> int:
    """Return how many samples must be measured again.

    Parameters
    ----------
    n_samples : int
        Samples of the study.
    limits : mapping of str to Limit
        ``first_percent``, ``first_samples`` and ``rest_percent``.

    Returns
    -------
    int
        Rounded up.
    """
    first = min(n_samples, int(limits["first_samples"].value))
    needed = limits["first_percent"].value * first + limits["rest_percent"].value * (n_samples - first)
    return math.ceil(needed / 100 - _SLACK)


def _agreement(analyte: str, n_within: int, n_pairs: int, limits: Mapping[str, Limit]) -> list[Finding]:
    least, difference = limits["passing_fraction"], limits["difference_percent"]
    if n_within / n_pairs >= least.value - _SLACK:
        return []
    sentence = (
        f"{n_within} of {n_pairs} samples of {analyte} that were measured again lie within {plain(difference.value)} % "
        f"of the first result; at least {100 * least.value:.0f} % are needed."
    )
    return [_rejected(analyte, sentence, n_within / n_pairs, (least, difference))]


def _size(analyte: str, own: pl.DataFrame, limits: Mapping[str, Limit]) -> list[Finding]:
    n_samples = own["n_samples"].max()
    sizes = tuple(limits[name] for name in ("first_percent", "first_samples", "rest_percent"))
    if not isinstance(n_samples, int):
        text = (
            f"It is not known how many samples of {analyte} the study has, so the number measured again has no measure."
        )
        return [Finding(_ID, Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, text)]
    needed = n_needed(n_samples, limits)
    if own.height >= needed:
        return []
    sentence = f"{own.height} of {n_samples} samples of {analyte} were measured again; {needed} are needed."
    return [_rejected(analyte, sentence, float(own.height), sizes)]


def _rejected(analyte: str, sentence: str, observed: float, limits: tuple[Limit, ...]) -> Finding:
    key = {"analyte": analyte}
    return Finding(_ID, Verdict.REJECT, Scope.ANALYTE, key, sentence, observed=observed, unit="1", limits=limits)
