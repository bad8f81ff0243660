"""The whole row of results of each control since its lot or the last event, for charts that remember."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from checks.control_history import LOT_KEY, look_back
from checks.control_sequences import analytes_of, control_key, control_name, target_words
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ControlTrail:
    """Results of one control, oldest first, those of this run last."""

    row: Mapping[str, Any]
    """Last row of this run (ControlResults)."""
    z: Floats
    """z in SD."""
    n_now: int
    """Results of this run, 1 or more."""


@dataclass(frozen=True, slots=True)
class TrailViolation:
    """What is wrong with a trail."""

    says: str
    """What happened, behind the name of the control."""
    observed: float
    """Number that was judged, in SD."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailJudge:
    """One chart rule."""

    rule_id: str
    """Dotted id: ``controls.ewma``."""
    verdict: Verdict
    """Verdict of a violation."""
    limits: Sequence[Limit]
    """Limits that the verdict rests on."""
    broken_by: Callable[[ControlTrail], TrailViolation | None]
    """Arithmetic: the trail in, the violation that this run completes out."""


def judge_trails(run_input: RunInput, judge: TrailJudge) -> list[Finding]:
    """Judge the trail of every control of a run by one chart rule.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``events`` are looked at. A control without a z is skipped, the row goes
        on; runs without a time are not part of it.
    judge : TrailJudge
        The rule.

    Returns
    -------
    list of Finding
        One for each control whose trail breaks the rule with this run.

    Raises
    ------
    NotEvaluableError
        If no control of the run has a z, or the run has no start time.
    """
    measured = run_input.controls.filter(pl.col("z").is_finite())
    if measured.is_empty():
        raise NotEvaluableError("No control of this run has a result that can be compared with a target and an SD.")
    if run_input.run.started_at is None:
        raise NotEvaluableError(
            "The run has no believable start time, so the place of its controls in the row is unknown."
        )
    findings = [
        _without_z(judge, analyte) for analyte in analytes_of(run_input) if analyte not in set(measured["analyte"])
    ]
    for _, own in measured.group_by("analyte", "matrix", maintain_order=True):
        findings += _of_analyte(run_input, judge, own)
    return findings


def _of_analyte(run_input: RunInput, judge: TrailJudge, own: pl.DataFrame) -> list[Finding]:
    earlier = look_back(run_input, own)
    findings = []
    for key, rows in own.sort("position", maintain_order=True).group_by(LOT_KEY, maintain_order=True):
        before = earlier.rows.filter(
            pl.col(name).eq_missing(pl.lit(cell)) for name, cell in zip(LOT_KEY, key, strict=True)
        )
        z = np.concatenate([before["z"].to_numpy(), rows["z"].to_numpy()])
        trail = ControlTrail(rows.row(-1, named=True), z, rows.height)
        violation = judge.broken_by(trail)
        if violation:
            findings.append(_violation(judge, trail, violation, earlier.begins))
    return findings


def _violation(judge: TrailJudge, trail: ControlTrail, violation: TrailViolation, begins: str) -> Finding:
    row = trail.row
    since = f" The row begins after the {begins}." if begins else ""
    sentence = f"Control {control_name(row)} of {row['analyte']} {violation.says}{target_words(row)}.{since}"
    return Finding(
        judge.rule_id,
        judge.verdict,
        Scope.CONTROL,
        control_key(row),
        sentence,
        observed=violation.observed,
        unit="SD",
        limits=tuple(judge.limits),
        suggestion="Look at the chart of this control, the reagent lot and the last calibration before repeating.",
    )


def _without_z(judge: TrailJudge, analyte: str) -> Finding:
    sentence = f"Rule {judge.rule_id} cannot be judged for {analyte}: no control of it has a target and a result."
    return Finding(judge.rule_id, Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, sentence)
