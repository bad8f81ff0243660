"""Rule calibration.total_error: accuracy, precision and total error of a validation run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

from checks.control_sequences import KEY, control_key, control_name
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "calibration.total_error"
ENDS = ("lloq", "uloq")
"""Words in the level of a control that sits at an end of the range."""
PARTS = ("bias_percent", "cv_percent", "total_error_percent")
"""Limits inside the range; those of the ends carry ``end_`` before them."""
_LIMITS = [*PARTS, *[f"end_{name}" for name in PARTS], "min_results"]
SLACK_PERCENT = 1e-9
"""Rounding that a number may show beyond its limit, in percent."""


@rule(_ID, scope=Scope.CONTROL, limits=_LIMITS)
def total_error(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject a control level of a validation run whose bias, CV or total error is too large.

    Parameters
    ----------
    run_input : RunInput
        ``controls``: ``value`` and ``target`` in one unit, one row a reading. A control without a target is left out; a
        reading without a number does not count. A level whose name is ``LLOQ`` or ``ULOQ`` is held to the limits of
        the ends.
    limits : mapping of str to Limit
        ``bias_percent``, ``cv_percent``, ``total_error_percent``: largest values inside the range, in percent;
        ``end_bias_percent``, ``end_cv_percent``, ``end_total_error_percent``: the same at LLOQ and ULOQ;
        ``min_results``: fewest readings of a level that can be judged, 2 or more.

    Returns
    -------
    list of Finding
        ``reject`` for each number of a level above its limit; ``not_evaluable`` for each level with too few readings.

    Raises
    ------
    NotEvaluableError
        If no control of the run has a target above 0.

    Notes
    -----
    bias = 100 |mean - target| / target, CV = 100 SD / mean with n - 1, total error = bias + CV. For validation runs
    only: a study run is accepted by ``controls.recovery``.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.2.4.
    """
    import polars as pl

    named = run_input.controls.filter((pl.col("target") > 0).fill_null(False))
    if named.is_empty():
        raise NotEvaluableError("No control of this run has a target to be compared with.")
    findings: list[Finding] = []
    for _, level in named.group_by(KEY, maintain_order=True):
        values = [float(value) for value in level["value"].to_list() if value is not None and value == value]
        findings += _of_level(level.row(0, named=True), values, limits)
    return findings


def _of_level(row: Mapping[str, object], values: Sequence[float], limits: Mapping[str, Limit]) -> list[Finding]:
    name = f"control {control_name(row)} of {row['analyte']}"
    fewest = max(limits["min_results"].value, 2)
    if len(values) < fewest or fmean(values) <= 0:
        sentence = (
            f"{len(values)} results of {name} are too few to judge accuracy and precision; {fewest:g} are needed."
        )
        return [Finding(_ID, Verdict.NOT_EVALUABLE, Scope.CONTROL, control_key(row), sentence)]
    target = float(str(row["target"]))
    bias = 100 * abs(fmean(values) - target) / target
    cv = 100 * stdev(values) / fmean(values)
    prefix = "end_" if str(row["level"]).lower() in ENDS else ""
    percent_by_part = dict(zip(PARTS, (bias, cv, bias + cv), strict=True))
    return [
        _one(row, f"The {words} of {name}", percent_by_part[part], limits[prefix + part])
        for part, words in zip(PARTS, ("bias", "CV", "total error"), strict=True)
        if percent_by_part[part] > limits[prefix + part].value + SLACK_PERCENT
    ]


def _one(row: Mapping[str, object], what: str, percent: float, limit: Limit) -> Finding:
    sentence = f"{what} is {percent:.1f} %; at most {plain(limit.value)} % is allowed."
    return Finding(
        _ID,
        Verdict.REJECT,
        Scope.CONTROL,
        control_key(row),
        sentence,
        observed=percent,
        unit="percent",
        limits=(limit,),
    )
