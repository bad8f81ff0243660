"""Rule controls.trailing_mean: the mean of the last results of a control has left its target."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from checks.arithmetic.charts.control_chart import SLACK_SD
from checks.controls.control_trails import ControlTrail, TrailJudge, TrailViolation, judge_trails
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.trailing_mean", scope=Scope.CONTROL, limits=["n_results", "mean_sd"])
def trailing_mean(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn of every control whose last results have a mean too far from the target.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``events`` are looked at, control by control; z is in SD. A control that
        was not measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``n_results``: last results that are averaged, without unit, 2 or more. ``mean_sd``: largest distance of their
        mean from the target, in SD of one result, above 0; exceeded strictly.

    Returns
    -------
    list of Finding
        ``warn`` for each control with such a mean; ``not_evaluable`` for each analyte without a control that has a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z, or the run has no start time.

    Notes
    -----
    Shows a bias against the target, or a target that does not fit. Fewer results than asked for are silent.

    References
    ----------
    .. [1] CLSI C24-Ed4. Statistical Quality Control for Quantitative Measurement Procedures. 2016: periodic review.
    """
    n_results, limit = limits["n_results"], limits["mean_sd"]

    def _broken(trail: ControlTrail) -> TrailViolation | None:
        last = trail.z[-int(n_results.value) :]
        mean = float(np.mean(last))
        if last.size < n_results.value or abs(mean) <= limit.value + SLACK_SD:
            return None
        return TrailViolation(
            f"has a mean of {mean:.2f} SD over its last {last.size} results; limit {limit.value:g} SD", mean
        )

    judge = TrailJudge(
        rule_id="controls.trailing_mean", verdict=Verdict.WARN, limits=(n_results, limit), broken_by=_broken
    )
    return judge_trails(run_input, judge)
