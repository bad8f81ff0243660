"""Rule controls.cusum: the cumulative sum of a control is beyond its decision interval."""

from __future__ import annotations

from collections.abc import Mapping

from checks.arithmetic.charts.control_chart import cusum as summed
from checks.controls.control_trails import ControlTrail, TrailJudge, TrailViolation, judge_trails
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.cusum", scope=Scope.CONTROL, limits=["allowance_sd", "interval_sd"])
def cusum(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every control whose cumulative sum is beyond the decision interval at the end of this run.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``events`` are looked at, control by control; z is in SD. A control that
        was not measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``allowance_sd``: allowance (k) in SD, 0 or above: half the shift to be found. ``interval_sd``: decision
        interval (h) in SD, above 0; exceeded strictly.

    Returns
    -------
    list of Finding
        ``reject`` for each control beyond the interval on either side; ``not_evaluable`` for each analyte without a
        control that has a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z, or the run has no start time.

    Notes
    -----
    Finds a small, lasting shift. The sums begin at 0 with the lot, or after a recorded event; they are not set back
    by a signal, so the rule speaks until the cause is dealt with and recorded.

    References
    ----------
    .. [1] Montgomery DC. Introduction to Statistical Quality Control. 7th ed. 2013, section 9.1.
    """
    allowance, interval = limits["allowance_sd"], limits["interval_sd"]

    def _broken(trail: ControlTrail) -> TrailViolation | None:
        found = summed(trail.z, allowance=allowance.value, interval=interval.value)
        upper, lower = float(found.c_plus[-1]), float(found.c_minus[-1])
        if trail.z.size not in (*found.out_upper[-1:], *found.out_lower[-1:]):
            return None
        side, sum_sd = ("above", upper) if upper >= lower else ("below", lower)
        text = (
            f"has summed up {sum_sd:.2f} SD {side} its target over {trail.z.size} results; limit {interval.value:g} SD"
        )
        return TrailViolation(text, sum_sd if side == "above" else -sum_sd)

    judge = TrailJudge(
        rule_id="controls.cusum", verdict=Verdict.REJECT, limits=(allowance, interval), broken_by=_broken
    )
    return judge_trails(run_input, judge)
