"""Rule westgard.7-x: seven results in a row on one side of the mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import last_beyond
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope


@rule("westgard.7-x", scope=Scope.CONTROL, limits=["n_results"])
def seven_x(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every seventh result in a row on one and the same side of the mean.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` and ``control_history`` are looked at, analyte by analyte; z is in SD. A control that was not
        measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``n_results``: how many in a row, without unit, 2 or more; 7 by the name of the rule.

    Returns
    -------
    list of Finding
        ``reject`` for each control, or for an analyte across its controls, on one side; ``not_evaluable`` for each
        analyte without a control that has a z, and for each analyte of a run without a start time.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z. A history that is still too short is silent.

    Notes
    -----
    Finds a small, lasting shift. One control is enough.
    z = 0 is on neither side. Across controls at least two of them take part, in the order of run and position. A
    rejected run stays in the row; another lot, or a recorded event, begins a new one.

    References
    ----------
    .. [1] Westgard JO. Basic QC Practices, 4th edition, 2016: control rules and their symbols.
    """
    limit = limits["n_results"]
    n_results = int(limit.value)
    judge = WestgardJudge(
        rule_id="westgard.7-x",
        broken_by=partial(last_beyond, n_results=n_results, sd_limit=0.0),
        says=f"the last {limit.value:g} results lie on one side of the mean",
        limit=limit,
        n_shown=n_results,
        needs_order=True,
    )
    return judge_controls(run_input, judge)
