"""Rule controls.recovery: most controls, and half of each level, must lie near their targets."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.control_sequences import KEY, control_key, control_name
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

SLACK = 1e-6
"""Slack on fractions and percents, without unit, for limits such as 2/3 that no decimal number writes exactly."""


@rule("controls.recovery", scope=Scope.ANALYTE, limits=["tolerance_percent", "overall_fraction", "level_fraction"])
def recovery(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject an analyte with too few controls near their targets, overall or at one level.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` is looked at: ``value`` and ``target``, in the same unit.
    limits : mapping of str to Limit
        ``tolerance_percent``: largest deviation from the target, in percent, inclusive.
        ``overall_fraction``: least fraction of all controls within tolerance, 0 to 1.
        ``level_fraction``: least fraction at each level, 0 to 1.

    Returns
    -------
    list of Finding
        ``reject`` for each analyte below the overall fraction and for each control below the level fraction;
        ``not_evaluable`` for each analyte of which no control has a number.

    Raises
    ------
    NotEvaluableError
        If no control of this run has a target above 0.

    Notes
    -----
    A control with a target that gave no number, a censored one included, counts as not within: it is part of the run.
    Controls without a target are left out; ``controls.present`` says so.

    References
    ----------
    .. [1] ICH M10 (2022), section 4.3.2: at least 2/3 of the QCs and at least 50 percent at each level within
       20 percent of nominal for ligand-binding assays.
    """
    named = run_input.controls.filter((pl.col("target") > 0).fill_null(False))
    if named.is_empty():
        raise NotEvaluableError("No control of this run has a target to be compared with.")
    deviation = 100 * (pl.col("value") - pl.col("target")).abs() / pl.col("target")
    is_within = (deviation <= limits["tolerance_percent"].value + SLACK).fill_null(False)
    judged = named.with_columns(
        is_within=is_within & pl.col("value").is_finite().fill_null(False),
        is_measured=pl.col("value").is_finite().fill_null(False),
    )
    findings: list[Finding] = []
    for _, own in judged.group_by("analyte", maintain_order=True):
        findings += _of_analyte(own, limits) if own["is_measured"].any() else [_not_measured(own)]
    return findings


def _of_analyte(own: pl.DataFrame, limits: Mapping[str, Limit]) -> list[Finding]:
    analyte = str(own["analyte"][0])
    overall = _finding(own, Scope.ANALYTE, {"analyte": analyte}, f"the controls of {analyte}", limits)
    found = [overall] if overall else []
    for _, level in own.group_by(KEY, maintain_order=True):
        row = level.row(0, named=True)
        name = f"the results of control {control_name(row)} of {analyte}"
        at_level = _finding(level, Scope.CONTROL, control_key(row), name, limits)
        found += [at_level] if at_level else []
    return found


def _finding(
    rows: pl.DataFrame, scope: Scope, key: Mapping[str, str], name: str, limits: Mapping[str, Limit]
) -> Finding | None:
    least = limits["overall_fraction" if scope is Scope.ANALYTE else "level_fraction"]
    tolerance = limits["tolerance_percent"]
    n_within = int(rows["is_within"].sum())
    if n_within / rows.height >= least.value - SLACK:
        return None
    sentence = (
        f"{n_within} of {rows.height} of {name} lie within {plain(tolerance.value)} % of target; "
        f"at least {100 * least.value:.0f} % are needed."
    )
    return Finding(
        "controls.recovery",
        Verdict.REJECT,
        scope,
        key,
        sentence,
        observed=n_within / rows.height,
        unit="1",
        limits=(least, tolerance),
    )


def _not_measured(own: pl.DataFrame) -> Finding:
    analyte = str(own["analyte"][0])
    sentence = f"No control of {analyte} has a number, so its recovery cannot be judged."
    return Finding("controls.recovery", Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, sentence)
