"""Rule westgard.3-1s: three controls of one run beyond the same 1 SD limit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import three_beyond
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope


@rule("westgard.3-1s", scope=Scope.ANALYTE, limits=["sd_limit"])
def three_1s(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte with three neighbouring controls of this run beyond the same limit.

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
        ``reject`` for each analyte with three in a row; ``not_evaluable`` for each analyte without a control that has
        a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z. A history that is still too short is silent.

    Notes
    -----
    For three levels, or six results. Fewer than three measured controls in the run are silent.

    References
    ----------
    .. [1] Westgard JO. Basic QC Practices, 4th edition, 2016: multirules for three levels of control.
    """
    limit = limits["sd_limit"]
    judge = WestgardJudge(
        rule_id="westgard.3-1s",
        broken_by=partial(three_beyond, sd_limit=limit.value),
        says=f"three in a row lie beyond the same {limit.value:g} SD limit in this run",
        limit=limit,
    )
    return judge_controls(run_input, judge)
