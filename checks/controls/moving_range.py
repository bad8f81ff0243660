"""Rule controls.moving_range: two neighbouring results of a control differ too much."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from checks.arithmetic.charts.control_chart import D2_OF_TWO, SLACK_SD
from checks.controls.control_trails import ControlTrail, TrailJudge, TrailViolation, judge_trails
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.moving_range", scope=Scope.CONTROL, limits=["mean_ranges"])
def moving_range(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every control with a result of this run too far from the one before it.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``events`` are looked at, control by control; z is in SD. A control that
        was not measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``mean_ranges``: largest moving range in parts of the mean moving range of a normal distribution with the SD of
        the lot (1.128 SD), without unit, above 0; exceeded strictly.

    Returns
    -------
    list of Finding
        ``reject`` for each control with a range beyond the limit; ``not_evaluable`` for each analyte without a
        control that has a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z, or the run has no start time.

    Notes
    -----
    Finds random error. One result before is needed; the first of a lot, or after a recorded event, is silent.

    References
    ----------
    .. [1] Montgomery DC. Introduction to Statistical Quality Control. 7th ed. 2013, section 6.4.
    """
    limit = limits["mean_ranges"]
    range_sd = limit.value * D2_OF_TWO

    def _broken(trail: ControlTrail) -> TrailViolation | None:
        steps = np.diff(trail.z)[-trail.n_now :]
        if not np.any(np.abs(steps) > range_sd + SLACK_SD):
            return None
        widest = float(steps[np.argmax(np.abs(steps))])
        return TrailViolation(f"moved by {widest:.2f} SD from one result to the next; limit {range_sd:.2f} SD", widest)

    judge = TrailJudge(rule_id="controls.moving_range", verdict=Verdict.REJECT, limits=(limit,), broken_by=_broken)
    return judge_trails(run_input, judge)
