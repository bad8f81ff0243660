"""Rule controls.trailing_cv: the last results of a control scatter more than its SD allows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from checks.arithmetic.charts.control_chart import SLACK_SD
from checks.controls.control_trails import ControlTrail, TrailJudge, TrailViolation, judge_trails
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.trailing_cv", scope=Scope.CONTROL, limits=["n_results", "sd_ratio"])
def trailing_cv(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn of every control whose last results scatter more than the SD of its lot allows.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``events`` are looked at, control by control; z is in SD. A control that
        was not measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``n_results``: last results that are looked at, without unit, 2 or more. ``sd_ratio``: largest SD of them in
        parts of the SD of the lot, without unit, above 0; exceeded strictly.

    Returns
    -------
    list of Finding
        ``warn`` for each control with such scatter; ``not_evaluable`` for each analyte without a control that has a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z, or the run has no start time.

    Notes
    -----
    Shows a loss of precision, or an SD of the lot that is too small. The CV that the sentence gives is that scatter
    around the target. Fewer results than asked for are silent.

    References
    ----------
    .. [1] CLSI C24-Ed4. Statistical Quality Control for Quantitative Measurement Procedures. 2016: periodic review.
    """
    n_results, limit = limits["n_results"], limits["sd_ratio"]

    def _broken(trail: ControlTrail) -> TrailViolation | None:
        last = trail.z[-int(n_results.value) :]
        if last.size < max(n_results.value, 2):
            return None
        ratio = float(np.std(last, ddof=1))
        if ratio <= limit.value + SLACK_SD:
            return None
        target, sd = trail.row["target"], trail.row["sd"]
        cv = f" (CV {plain(100 * ratio * sd / abs(target))} %)" if target and sd else ""
        text = f"scatters by {ratio:.2f} SD of its lot{cv} over its last {last.size} results; limit {limit.value:g} SD"
        return TrailViolation(text, ratio)

    judge = TrailJudge(
        rule_id="controls.trailing_cv", verdict=Verdict.WARN, limits=(n_results, limit), broken_by=_broken
    )
    return judge_trails(run_input, judge)
