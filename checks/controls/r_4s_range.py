"""Rule westgard.R-4s-range: highest less lowest control of one run beyond 4 SD, another reading of R-4s."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import range_beyond
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope


@rule("westgard.R-4s-range", scope=Scope.ANALYTE, limits=["range_sd"])
def r_4s_range(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte whose controls of this run lie more than 4 SD apart.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` is looked at, analyte by analyte; z is in SD. A control that was not measured or has no
        target is skipped, the row goes on.
    limits : mapping of str to Limit
        ``range_sd``: range in SD, above 0; exceeded strictly, with 1e-9 SD for rounding.

    Returns
    -------
    list of Finding
        ``reject`` for each analyte beyond the range; ``not_evaluable`` for each analyte without a control that has a z.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z.

    Notes
    -----
    Some systems compute R-4s so. It speaks four times as often as westgard.R-4s in runs without any fault, for it does
    not ask that each control lies beyond 2 SD. Never looks beyond this run.

    References
    ----------
    .. [1] Westgard JO. Basic QC Practices, 4th edition, 2016: control rules and their symbols.
    """
    limit = limits["range_sd"]
    judge = WestgardJudge(
        rule_id="westgard.R-4s-range",
        broken_by=partial(range_beyond, range_sd=limit.value),
        says=f"they lie more than {limit.value:g} SD apart in this run",
        limit=limit,
    )
    return judge_controls(run_input, judge)
