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
_LIMITS = ("difference_percent", "passing_fraction", "first_percent", "first_samples", "rest_percent", "required")


@rule(_ID, scope=Scope.ANALYTE, limits=_LIMITS, version=2)
def isr(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose samples do not come out the same when they are measured again.

    Parameters
    ----------
    run_input : RunInput
        ``reanalyses``: ``initial`` and ``repeat`` in one unit, the number of study samples in ``n_samples``, and how
        many of them were measured again so far in ``n_repeated`` (null if these pairs are all). A pair with a missing
        number, a censored one included, is asked for and not within; pairs that both lie below, or both above, the
        range are not among them.
    limits : mapping of str to Limit
        ``difference_percent``: largest difference, repeat minus initial, in percent of their mean.
        ``passing_fraction``: least fraction of pairs within it, 0 to 1. ``first_percent`` of the first
        ``first_samples`` samples and ``rest_percent`` of the others must be measured again. ``required``: 1 if a run
        that repeats no sample cannot be judged, 0 if it is only judged where it repeats some.

    Returns
    -------
    list of Finding
        ``reject`` for each analyte with too few pairs within the limit; for too few pairs ``warn`` while the study goes
        on, and ``reject`` where these are all; ``not_evaluable`` where it is not known how many samples the study has.

    Raises
    ------
    NotEvaluableError
        If the reanalyses hold no pair with two numbers, or there are none and they are required.

    Notes
    -----
    ``qc assess`` takes as repeats the samples of a run that an earlier run has reported and nobody has rejected since;
    the earliest result is the initial one.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 5.
    """
    import polars as pl

    pairs = run_input.reanalyses
    if pairs.is_empty():
        if limits["required"].value:
            raise NotEvaluableError("The run repeats no sample that an earlier run has reported.")
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
    return [_said(Verdict.REJECT, analyte, sentence, n_within / n_pairs, (least, difference))]


def _size(analyte: str, own: pl.DataFrame, limits: Mapping[str, Limit]) -> list[Finding]:
    n_samples = own["n_samples"].max()
    sizes = tuple(limits[name] for name in ("first_percent", "first_samples", "rest_percent"))
    if not isinstance(n_samples, int):
        text = (
            f"It is not known how many samples of {analyte} the study has, so the number measured again has no measure."
        )
        return [Finding(_ID, Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, text)]
    needed, so_far = n_needed(n_samples, limits), own["n_repeated"].max()
    n_repeated = so_far if isinstance(so_far, int) else own.height
    if n_repeated >= needed:
        return []
    when, verdict = (" so far", Verdict.WARN) if isinstance(so_far, int) else ("", Verdict.REJECT)
    sentence = f"{n_repeated} of {n_samples} samples of {analyte} were measured again{when}; {needed} are needed."
    return [_said(verdict, analyte, sentence, float(n_repeated), sizes)]


def _said(verdict: Verdict, analyte: str, sentence: str, observed: float, limits: tuple[Limit, ...]) -> Finding:
    key = {"analyte": analyte}
    return Finding(_ID, verdict, Scope.ANALYTE, key, sentence, observed=observed, unit="1", limits=limits)
