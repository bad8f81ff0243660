"""Rule calibration.total_error_of_runs: accuracy, precision and total error of a method over its runs."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import stdev

import numpy as np
import polars as pl

from checks.arithmetic.precision.nested_anova import NestedAnova, nested_anova
from checks.calibration.total_error import ENDS, PARTS, SLACK_PERCENT
from checks.control_sequences import KEY, control_key, control_name
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

_ID = "calibration.total_error_of_runs"
_LIMITS = [*PARTS, *[f"end_{name}" for name in PARTS], "min_runs", "min_days"]


@rule(_ID, scope=Scope.CONTROL, limits=_LIMITS)
def total_error_of_runs(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject a control level whose bias, CV or total error over the runs of the method is too large.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` and, of the same method, instrument and lot, ``control_history`` without ``set_aside_controls``:
        ``value`` and the newest ``target`` in one unit. A control without a target is left out; a reading without a
        number does not count. A level whose name is ``LLOQ`` or ``ULOQ`` is held to the limits of the ends.
    limits : mapping of str to Limit
        ``bias_percent``, ``cv_percent``, ``total_error_percent``: largest values inside the range, in percent;
        ``end_bias_percent``, ``end_cv_percent``, ``end_total_error_percent``: the same at LLOQ and ULOQ;
        ``min_runs`` on ``min_days`` different days: fewest that can be judged, 2 or more.

    Returns
    -------
    list of Finding
        ``reject`` for each number of a level above its limit; ``warn`` for each level with too few runs or days so far.

    Raises
    ------
    NotEvaluableError
        If no control of the run has a target above 0, or the run has no start time to place it among the others.

    Notes
    -----
    bias = 100 |mean of all readings - target| / target; CV = 100 SD / mean, with the SD of a reading in any run, the
    variances within and between runs added (one-way analysis of variance; the plain SD where every run has one
    reading); total error = bias + CV. Every earlier run counts, one that failed among them, unless a person has
    rejected it with a reason: leaving out what failed without a cause would flatter the method.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.2.4.
    """
    if run_input.run.started_at is None:
        raise NotEvaluableError("The run has no believable start time, so its place among the others is unknown.")
    named = run_input.controls.filter((pl.col("target") > 0).fill_null(False))
    if named.is_empty():
        raise NotEvaluableError("No control of this run has a target to be compared with.")
    earlier = run_input.control_history.filter(
        (pl.col("method") == run_input.run.method) & (pl.col("started_at") < run_input.run.started_at)
    )
    set_aside = run_input.set_aside_controls
    if set_aside:
        run_keys = earlier.select("run_id", "analyte").iter_rows()
        counts = [(run, "") not in set_aside and (run, analyte) not in set_aside for run, analyte in run_keys]
        earlier = earlier.filter(pl.Series(counts, dtype=pl.Boolean))
    findings: list[Finding] = []
    for key, level in named.group_by([*KEY, "matrix"], maintain_order=True):
        same = [pl.col(name).eq_missing(pl.lit(part)) for name, part in zip((*KEY, "matrix"), key, strict=True)]
        columns = ["run_id", "started_at", "value"]
        readings = pl.concat([earlier.filter(*same).select(columns), level.select(columns)])
        findings += _of_level(level.row(0, named=True), readings.filter(pl.col("value").is_finite()), limits)
    return findings


def _of_level(row: Mapping[str, object], readings: pl.DataFrame, limits: Mapping[str, Limit]) -> list[Finding]:
    name = f"control {control_name(row)} of {row['analyte']} over"
    n_runs, n_days = readings["run_id"].n_unique(), readings["started_at"].dt.date().n_unique()
    fewest = max(limits["min_runs"].value, 2)
    if n_runs < fewest or n_days < limits["min_days"].value:
        sentence = (
            f"Accuracy and precision of {name} runs: {n_runs} on {n_days} days so far; {fewest:g} on "
            f"{plain(limits['min_days'].value)} days are needed."
        )
        needed = (limits["min_runs"], limits["min_days"])
        return [_one(row, Verdict.WARN, sentence, float(n_runs), "1", needed)]
    errors_percent = _errors(readings, float(str(row["target"])))
    prefix = "end_" if str(row["level"]).lower() in ENDS else ""
    return [
        _one(
            row,
            Verdict.REJECT,
            f"The {words} of {name} {n_runs} runs is {percent:.1f} %; at most {plain(limit.value)} % is allowed.",
            percent,
            "percent",
            (limit,),
        )
        for part, words, percent in zip(PARTS, ("bias", "CV", "total error"), errors_percent, strict=True)
        if percent > (limit := limits[prefix + part]).value + SLACK_PERCENT
    ]


def _errors(readings: pl.DataFrame, target: float) -> tuple[float, float, float]:
    values = readings["value"].to_numpy()
    mean = float(np.mean(values))
    split = nested_anova(values, {"run": readings["run_id"].to_numpy()})
    sd = split.components[0].sd if isinstance(split, NestedAnova) else stdev(values.tolist())
    bias, cv = 100 * abs(mean - target) / target, 100 * sd / abs(mean) if mean else float("inf")
    return bias, cv, bias + cv


def _one(
    row: Mapping[str, object], verdict: Verdict, sentence: str, observed: float, unit: str, limits: tuple[Limit, ...]
) -> Finding:
    key = control_key(row)
    return Finding(_ID, verdict, Scope.CONTROL, key, sentence, observed=observed, unit=unit, limits=limits)
