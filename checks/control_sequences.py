"""The control results of a run as Westgard rules want them, and the findings that come of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from checks.arithmetic.charts.westgard_window import DEPTH, ControlHistory, ControlZ, Window
from checks.control_history import LOT_KEY, look_back
from checks.result_rows import plain
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

KEY = LOT_KEY
"""Columns that name a control; another lot is another control, with a history of its own."""
_NAMED = ("material", "level", "lot")


@dataclass(frozen=True, slots=True, kw_only=True)
class WestgardJudge:
    """One Westgard rule as a laboratory rule asks it."""

    rule_id: str
    """Dotted id: ``westgard.1-3s``."""
    broken_by: Callable[[Window], list[str]]
    """Arithmetic: the window in, the scope of each violation out."""
    says: str
    """What happened, behind the name of the control: ``lies beyond 3 SD``."""
    limit: Limit
    """Limit that the verdict rests on."""
    verdict: Verdict = Verdict.REJECT
    """Verdict of a violation."""
    n_shown: int = 0
    """Results that the sentence shows: the last ones, or those of the run if 0."""
    needs_order: bool = False
    """True if it looks at earlier runs, which needs the time of this one."""


@dataclass(frozen=True, slots=True)
class _Sequence:
    analyte: str
    window: Window
    row_by_name: Mapping[str, Mapping[str, Any]]
    begins: str


def judge_controls(run_input: RunInput, judge: WestgardJudge) -> list[Finding]:
    """Judge the controls of every analyte of a run by one Westgard rule.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, and for rules that need order ``control_history``, are looked at. z is null for a control that
        was not measured or has no target: it is skipped, the row goes on. Runs of the history without a time are not
        part of the row.
    judge : WestgardJudge
        The rule.

    Returns
    -------
    list of Finding
        One for each violation that this run completes; ``not_evaluable`` for each analyte without a control that has a
        z, or of a run without a time if the rule needs order.

    Raises
    ------
    NotEvaluableError
        If no control of the run has a z.
    """
    by_analyte = run_input.once("measured_controls", lambda: _measured_controls(run_input))
    if not by_analyte:
        raise NotEvaluableError("No control of this run has a result that can be compared with a target and an SD.")
    findings: list[Finding] = []
    for analyte in analytes_of(run_input):
        own = by_analyte.get(analyte)
        if own is None:
            findings.append(_cannot_say(judge, analyte, "no control of it has a result against a target and an SD"))
        elif judge.needs_order and run_input.run.started_at is None:
            findings.append(
                _cannot_say(judge, analyte, "the run has no believable start time, so its place in the row is unknown")
            )
        else:
            findings += _violations(run_input, judge, own)
    return findings


def analytes_of(run_input: RunInput) -> list[str]:
    """Return every analyte that the run has a result or a control of, those among them whose samples are not known yet.

    Parameters
    ----------
    run_input : RunInput
        The run.

    Returns
    -------
    list of str
        Analyte ids in order of appearance.
    """
    return run_input.once("analytes_of", lambda: _analytes_of(run_input))


def _analytes_of(run_input: RunInput) -> list[str]:
    frames = (run_input.results, run_input.controls)
    names = (analyte for frame in frames for analyte in frame["analyte"].unique(maintain_order=True))
    return list(dict.fromkeys(str(analyte) for analyte in (*names, *run_input.unplaced_analytes)))


def control_name(row: Mapping[str, Any]) -> str:
    """Return what a control is called in a sentence: ``QC-A high (lot 7)``.

    Parameters
    ----------
    row : mapping
        One row of ControlResults.

    Returns
    -------
    str
        Material, level and lot.
    """
    words = " ".join(str(row[part]) for part in ("material", "level") if row[part])
    return f"{words} (lot {row['lot']})" if row["lot"] else words


def control_key(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the key of a control in a finding.

    Parameters
    ----------
    row : mapping
        One row of ControlResults.

    Returns
    -------
    dict of str to str
        Analyte, material, level and lot.
    """
    return {part: str(row[part]) for part in KEY}


def target_words(row: Mapping[str, Any]) -> str:
    """Return which target a control was judged by: ``; target 200 (SD 4) mg/dL, fixed by the control sheet``.

    Parameters
    ----------
    row : mapping
        One row of ControlResults.

    Returns
    -------
    str
        Words to stand behind a sentence; empty if the control has no target.
    """
    if row["target"] is None or row["sd"] is None:
        return ""
    unit = f" {row['unit']}" if row["unit"] else ""
    return f"; target {plain(row['target'])} (SD {plain(row['sd'])}){unit}, {row['basis']}"


def _measured_controls(run_input: RunInput) -> dict[str, list[pl.DataFrame]]:
    # By analyte with a z at all: its controls, those without a z among them, by matrix.
    measured = {str(row) for row in run_input.controls.filter(pl.col("z").is_finite())["analyte"]}
    by_analyte: dict[str, list[pl.DataFrame]] = {}
    for (analyte, _), own in run_input.controls.group_by("analyte", "matrix", maintain_order=True):
        if str(analyte) in measured:
            by_analyte.setdefault(str(analyte), []).append(own)
    return by_analyte


def _violations(run_input: RunInput, judge: WestgardJudge, controls: Sequence[pl.DataFrame]) -> list[Finding]:
    findings: list[Finding] = []
    for own in controls:
        sequence = _sequence(own, run_input, judge)
        findings += [_violation(judge, sequence, name) for name in judge.broken_by(sequence.window)]
    return findings


def _sequence(own: pl.DataFrame, run_input: RunInput, judge: WestgardJudge) -> _Sequence:
    depth = max(DEPTH, judge.n_shown)
    past = ControlHistory(depth)
    begins = ""
    if judge.needs_order:
        key = ("earlier_controls", own["analyte"][0], own["matrix"][0], depth)
        runs, begins = run_input.once(key, lambda: _earlier(run_input, own, depth))
        for run in runs:
            past.add(run)
    # Every Westgard rule asks for the same controls.
    place = (own["analyte"][0], own["matrix"][0])
    rows, controls_z = run_input.once(("controls_of_run", *place), lambda: (_row_by_name(own), _controls_z(own)))
    return _Sequence(str(place[0]), past.add(controls_z), rows, begins)


def _row_by_name(own: pl.DataFrame) -> dict[str, Mapping[str, Any]]:
    return {control_name(row): row for row in own.iter_rows(named=True)}


def _earlier(run_input: RunInput, own: pl.DataFrame, depth: int) -> tuple[list[list[ControlZ]], str]:
    earlier = look_back(run_input, own)
    last = earlier.rows.group_by(KEY, maintain_order=True).tail(depth)
    # One row after the other: a frame for each of them costs more than all that is looked at.
    ordered = last.sort("started_at", "run_id", "position", maintain_order=True).select("run_id", *_NAMED, "z")
    by_run = groupby(ordered.iter_rows(named=True), key=itemgetter("run_id"))
    return [[(control_name(row), row["z"]) for row in run] for _, run in by_run], earlier.begins


def _controls_z(run: pl.DataFrame) -> list[ControlZ]:
    ordered = run.sort("position", maintain_order=True).select(*_NAMED, "z")
    return [(control_name(row), row["z"]) for row in ordered.iter_rows(named=True)]


def _cannot_say(judge: WestgardJudge, analyte: str, reason: str) -> Finding:
    short = judge.rule_id.removeprefix("westgard.")
    sentence = f"Rule {short} cannot be judged for {analyte}: {reason}."
    return Finding(judge.rule_id, Verdict.NOT_EVALUABLE, Scope.ANALYTE, {"analyte": analyte}, sentence)


def _violation(judge: WestgardJudge, sequence: _Sequence, name: str) -> Finding:
    window, begins = sequence.window, f" The row begins after the {sequence.begins}." if sequence.begins else ""
    if name in sequence.row_by_name:
        row = sequence.row_by_name[name]
        z = window.by_material[name][-judge.n_shown :] if judge.n_shown else _of_run(window, name)
        text = f"Control {name} of {sequence.analyte} {judge.says}: z = {_listed(z)} SD; {_limit_text(judge.limit)}"
        return _finding(judge, Scope.CONTROL, control_key(row), f"{text}{target_words(row)}.{begins}", z)
    shown = window.across[-judge.n_shown :] if judge.n_shown and judge.needs_order else window.run
    pairs = ", ".join(f"{material} {z:.2f}" for material, z in shown)
    text = f"The controls of {sequence.analyte} together: {judge.says}: z in SD: {pairs}; {_limit_text(judge.limit)}."
    return _finding(judge, Scope.ANALYTE, {"analyte": sequence.analyte}, text + begins, [z for _, z in shown])


def _finding(judge: WestgardJudge, scope: Scope, key: Mapping[str, str], sentence: str, z: Sequence[float]) -> Finding:
    observed = max(z, key=abs)
    return Finding(
        judge.rule_id,
        judge.verdict,
        scope,
        key,
        sentence,
        observed=observed,
        unit="SD",
        limits=(judge.limit,),
        suggestion="Look at the chart of this control, the reagent lot and the last calibration before repeating.",
    )


def _of_run(window: Window, name: str) -> list[float]:
    return [z for material, z in window.run if material == name]


def _listed(z: Sequence[float]) -> str:
    return ", ".join(f"{value:.2f}" for value in z)


def _limit_text(limit: Limit) -> str:
    unit = "" if limit.unit == "1" else f" {limit.unit}"
    return f"limit {plain(limit.value)}{unit}"
