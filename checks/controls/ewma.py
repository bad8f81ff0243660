"""Rule controls.ewma: the exponentially weighted mean of a control is beyond its limits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from checks.arithmetic.charts.control_chart import ewma as averaged
from checks.controls.control_trails import ControlTrail, TrailJudge, TrailViolation, judge_trails
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.ewma", scope=Scope.CONTROL, limits=["weight", "width"])
def ewma(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every control whose exponentially weighted mean is beyond its limits at the end of this run.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``events`` are looked at, control by control; z is in SD. A control that
        was not measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``weight``: weight of the newest result (lambda), without unit, above 0, at most 1. ``width``: half width of the
        limits (L) in SD of the mean, above 0; exceeded strictly.

    Returns
    -------
    list of Finding
        ``reject`` for each control beyond the limits; ``not_evaluable`` for each analyte without a control that has a
        z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z, or the run has no start time.

    Notes
    -----
    Finds a small, lasting shift sooner than 10-x. The limits are exact: narrow at first, wide later. The mean begins
    at the target with the lot, or after a recorded event.

    References
    ----------
    .. [1] Montgomery DC. Introduction to Statistical Quality Control. 7th ed. 2013, section 9.2.
    """
    weight, width = limits["weight"], limits["width"]

    def _broken(trail: ControlTrail) -> TrailViolation | None:
        found = averaged(np.asarray(trail.z), center=0.0, sd=1.0, weight=weight.value, width=width.value)
        if found.out[-1:] != (trail.z.size,):
            return None
        mean, limit = float(found.z[-1]), float(found.ucl[-1])
        return TrailViolation(
            f"has a weighted mean of {mean:.2f} SD over {trail.z.size} results; limit {limit:.2f} SD", mean
        )

    judge = TrailJudge(rule_id="controls.ewma", verdict=Verdict.REJECT, limits=(weight, width), broken_by=_broken)
    return judge_trails(run_input, judge)
