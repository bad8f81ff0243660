"""Rule westgard.7-T: seven results of one control rise or fall without a break."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import trend
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope


@rule("westgard.7-T", scope=Scope.CONTROL, limits=["n_results"])
def seven_t(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every control whose last seven results rise strictly, or fall strictly.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` and ``control_history`` are looked at, analyte by analyte; z is in SD. A control that was not
        measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``n_results``: how many in a row, without unit, 3 or more; 7 by the name of the rule.

    Returns
    -------
    list of Finding
        ``reject`` for each control with a trend; ``not_evaluable`` for each analyte without a control that has a z, and
        for each analyte of a run without a start time.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z. A history that is still too short is silent.

    Notes
    -----
    Finds a drift: ageing of a reagent or a lamp. Two equal results break the row. Controls are never mixed. Another
    lot, or a recorded event, begins a new row.

    References
    ----------
    .. [1] Westgard JO. Basic QC Practices, 4th edition, 2016: control rules and their symbols.
    """
    limit = limits["n_results"]
    n_results = int(limit.value)
    judge = WestgardJudge(
        rule_id="westgard.7-T",
        broken_by=partial(trend, n_results=n_results),
        says=f"the last {limit.value:g} results rise or fall without a break",
        limit=limit,
        n_shown=n_results,
        needs_order=True,
    )
    return judge_controls(run_input, judge)
