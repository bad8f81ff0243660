"""Rule controls.repeats: controls that were measured again until they passed are counted and told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import polars as pl

from checks.arithmetic.charts.westgard_rules import SLACK_SD
from checks.control_sequences import control_name
from checks.result_rows import plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict


@dataclass(frozen=True, slots=True)
class _Try:
    when: str
    worst: str
    is_beyond: bool
    largest_z: float


@rule("controls.repeats", scope=Scope.ANALYTE, limits=["sd_limit", "window_hours"])
def repeats(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn of every analyte whose controls were out shortly before, and were measured again in this run.

    Parameters
    ----------
    run_input : RunInput
        ``controls``, ``control_history`` and ``superseded_controls`` are looked at, analyte by analyte; z is in SD.
        A control that was not measured or has no target is skipped.
    limits : mapping of str to Limit
        ``sd_limit``: a run in which a control is beyond it, in SD, above 0, counts as a try that was out.
        ``window_hours``: longest time between a try and the next one, in hours, above 0.

    Returns
    -------
    list of Finding
        ``warn`` for each analyte, with the number of tries, their worst controls, and whether this one passed.

    Raises
    ------
    NotEvaluableError
        If no control of the run has a z, or the run has no start time.

    Notes
    -----
    Repeating a control until it is in makes a true fault pass: with a shift of 2 SD, every second repeat is in. The
    tries are those that run into this one without one in between that was in; versions of this run that a correction
    replaced are tries as well. Legitimate after a mended cause, which an event sheet records; the person decides.

    References
    ----------
    .. [1] CLSI C24-Ed4. Statistical Quality Control for Quantitative Measurement Procedures. 2016: what to do if out.
    """
    started_at = run_input.run.started_at
    measured = run_input.controls.filter(pl.col("z").is_finite())
    if measured.is_empty():
        raise NotEvaluableError("No control of this run has a result that can be compared with a target and an SD.")
    if started_at is None:
        raise NotEvaluableError("The run has no believable start time, so what was measured shortly before is unknown.")
    findings = []
    for _, own in measured.group_by("analyte", "matrix", maintain_order=True):
        out = _tries_before(run_input, own, started_at, limits)
        if out:
            findings.append(_finding(own, out, limits, started_at))
    return findings


def _tries_before(
    run_input: RunInput, own: pl.DataFrame, started_at: datetime, limits: Mapping[str, Limit]
) -> list[_Try]:
    # Newest first, as long as each was out and lies near the one after it.
    is_own = (pl.col("analyte") == own["analyte"][0]) & pl.col("matrix").eq_missing(pl.lit(own["matrix"][0]))
    lots = own.select("material", "level", "lot").unique()
    earlier = run_input.control_history.filter(is_own, pl.col("z").is_finite(), pl.col("started_at") <= started_at)
    earlier = earlier.join(lots, on=lots.columns, how="semi", nulls_equal=True)
    window = timedelta(hours=limits["window_hours"].value)
    versions = run_input.superseded_controls.filter(is_own, pl.col("z").is_finite())
    tries = [one for run in _newest_first(versions) if (one := _try(run, limits)).is_beyond]
    for run in _newest_first(earlier):
        at, one = run["started_at"][0], _try(run, limits)
        if started_at - at > window or not one.is_beyond:
            break
        tries.append(one)
        started_at = at
    return tries


def _newest_first(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    # One run at a time, as long as anybody asks: the history of a control may be long, and the last run be in.
    ordered = rows.sort("started_at", "run_id", "position", maintain_order=True)
    end = ordered.height
    for _, own in groupby(reversed(ordered["run_id"].to_list())):
        n_rows = sum(1 for _ in own)
        yield ordered.slice(end - n_rows, n_rows)
        end -= n_rows


def _try(run: pl.DataFrame, limits: Mapping[str, Limit]) -> _Try:
    worst = run.row(int(run["z"].abs().arg_max() or 0), named=True)
    at, z = run["started_at"][0], float(worst["z"])
    when = f"{at:%Y-%m-%d %H:%M}" if at else "an earlier version"
    return _Try(when, f"{control_name(worst)} {z:.2f}", abs(z) > limits["sd_limit"].value + SLACK_SD, z)


def _finding(own: pl.DataFrame, out: list[_Try], limits: Mapping[str, Limit], started_at: datetime) -> Finding:
    now = _try(own.with_columns(pl.lit(started_at).alias("started_at")), limits)
    analyte, n_tries = str(own["analyte"][0]), len(out) + 1
    tries = "; ".join(f"{one.when}: {one.worst}" for one in reversed(out))
    outcome = "this one is out as well" if now.is_beyond else f"they passed at try {n_tries}"
    limit = plain(limits["sd_limit"].value)
    sentence = (
        f"The controls of {analyte} were measured {n_tries} times in a row and {outcome}. "
        f"Tries beyond {limit} SD before this one, with the worst z in SD: {tries}."
    )
    return Finding(
        "controls.repeats",
        Verdict.WARN,
        Scope.ANALYTE,
        {"analyte": analyte},
        sentence,
        observed=float(n_tries),
        unit="1",
        limits=tuple(limits.values()),
        suggestion="Say what was mended between the tries; if nothing was, the first result counts.",
    )
