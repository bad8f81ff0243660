"""Rule westgard.1-2s: a warning: one control beyond 2 SD."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import one_beyond
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("westgard.1-2s", scope=Scope.CONTROL, limits=["sd_limit"])
def one_2s(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn of every control of this run beyond 2 SD on either side.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` is looked at, analyte by analyte; z is in SD. A control that was not measured or has no
        target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``sd_limit``: limit in SD, above 0; exceeded strictly, with 1e-9 SD for rounding.

    Returns
    -------
    list of Finding
        ``warn`` for each control beyond the limit; ``not_evaluable`` for each analyte without a control that has a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z. A history that is still too short is silent.

    Notes
    -----
    One control in twenty is beyond 2 SD in a run without any fault: it warns and never rejects. Order plays no part.

    References
    ----------
    .. [1] Westgard JO, Barry PL, Hunt MR, Groth T. A multi-rule Shewhart chart for quality control in clinical
       chemistry. Clin Chem. 1981;27(3):493-501.
    """
    limit = limits["sd_limit"]
    judge = WestgardJudge(
        rule_id="westgard.1-2s",
        broken_by=partial(one_beyond, sd_limit=limit.value),
        says=f"lies beyond {limit.value:g} SD",
        limit=limit,
        verdict=Verdict.WARN,
    )
    return judge_controls(run_input, judge)
