"""Rule westgard.2-2s: two control results in a row beyond the same 2 SD limit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from checks.arithmetic.charts.westgard_rules import two_beyond_in_material, two_beyond_in_run
from checks.control_sequences import WestgardJudge, judge_controls
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope


@rule("westgard.2-2s", scope=Scope.CONTROL, limits=["sd_limit"])
def two_2s(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject two results beyond one and the same 2 SD limit: of one control in a row, or of one run.

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
        ``reject`` for each control whose last two results are beyond, and for each analyte with two controls of this
        run beyond; ``not_evaluable`` for each analyte without a control that has a z, and for each analyte of a run
        without a start time, whose place in the row is unknown.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a z. A history that is still too short is silent.

    Notes
    -----
    Finds a shift that is too small for 1-3s. A rejected run stays in the row; another lot begins a new one. A control
    that was measured twice in this run is judged within the run.

    References
    ----------
    .. [1] Westgard JO, Barry PL, Hunt MR, Groth T. A multi-rule Shewhart chart for quality control in clinical
       chemistry. Clin Chem. 1981;27(3):493-501.
    """
    limit = limits["sd_limit"]
    in_run = WestgardJudge(
        rule_id="westgard.2-2s",
        broken_by=partial(two_beyond_in_run, sd_limit=limit.value),
        says=f"two lie beyond the same {limit.value:g} SD limit in this run",
        limit=limit,
    )
    in_row = WestgardJudge(
        rule_id="westgard.2-2s",
        broken_by=partial(two_beyond_in_material, sd_limit=limit.value),
        says=f"the last two results lie beyond the same {limit.value:g} SD limit",
        limit=limit,
        n_shown=2,
        needs_order=True,
    )
    said = judge_controls(run_input, in_row)
    return said + [finding for finding in judge_controls(run_input, in_run) if finding.sentence not in _sentences(said)]


def _sentences(findings: list[Finding]) -> set[str]:
    return {finding.sentence for finding in findings}
