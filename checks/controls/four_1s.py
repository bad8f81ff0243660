"""Rule westgard.4-1s: four results in a row beyond the same 1 SD limit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import last_beyond
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope


@rule("westgard.4-1s", scope=Scope.CONTROL, limits=["sd_limit"])
def four_1s(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every fourth result in a row beyond one and the same 1 SD limit.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` and ``control_history`` are looked at, analyte by analyte; z is in SD. A control that was not
        measured or has no target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``sd_limit``: limit in SD, above 0; exceeded strictly, with 1e-9 SD for rounding.

    Returns
    -------
    list of Finding
        ``reject`` for each control, or for an analyte across its controls, with four in a row; ``not_evaluable`` for
        each analyte without a control that has a z, and for each analyte of a run without a start time.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z. A history that is still too short is silent.

    Notes
    -----
    Finds a small shift. Across controls at least two of them take part, in the order of run and position. A rejected
    run stays in the row; another lot begins a new one.

    References
    ----------
    .. [1] Westgard JO, Barry PL, Hunt MR, Groth T. A multi-rule Shewhart chart for quality control in clinical
       chemistry. Clin Chem. 1981;27(3):493-501.
    """
    limit = limits["sd_limit"]
    judge = WestgardJudge(
        rule_id="westgard.4-1s",
        broken_by=partial(last_beyond, n_results=4, sd_limit=limit.value),
        says=f"the last four results lie beyond the same {limit.value:g} SD limit",
        limit=limit,
        n_shown=4,
        needs_order=True,
    )
    return judge_controls(run_input, judge)
