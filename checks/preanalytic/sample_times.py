"""How long a sample may wait or lie: what the rules on its times share."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from schemas.finding import Finding, Limit, Verdict


@dataclass(frozen=True, slots=True)
class SampleTime:
    """One time of a sample and the limit it must keep."""

    rule: str
    """Rule that judges it."""
    column: str
    """Column of JudgedResults with the time."""
    limit: str
    """Column of JudgedResults with the longest time that is allowed."""
    unit: str
    """UCUM code of both: ``h`` or ``d``."""
    unit_word: str
    """The unit in words: ``hours``."""
    was: str
    """What the sample was, in words: ``stored``."""


def judge_time(results: pl.DataFrame, time: SampleTime, required: Limit) -> list[Finding]:
    """Judge a time of every sample whose analyte has a limit for it.

    Parameters
    ----------
    results : DataFrame
        Rows of JudgedResults. A time equal to the limit is inside; a result without a limit is silent.
    time : SampleTime
        Which time, and its limit.
    required : Limit
        1 if the time must be known wherever a limit is, 0 if a missing one is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result above the limit; ``not_evaluable`` where the time is required and missing, or below 0.
        Those above come first, then those below 0, then those without a time, each in order of the rows.
    """
    limited = results.filter(pl.col(time.limit).is_not_null())
    above = limited.filter((pl.col(time.column) > pl.col(time.limit)).fill_null(False))
    negative = limited.filter((pl.col(time.column) < 0).fill_null(False))
    missing = limited.filter(pl.col(time.column).is_null() & (required.value != 0))
    return (
        [_above(row, time) for row in above.iter_rows(named=True)]
        + [_negative(row, time) for row in negative.iter_rows(named=True)]
        + [_missing(row, time, required) for row in missing.iter_rows(named=True)]
    )


def _above(row: ResultRow, time: SampleTime) -> Finding:
    sentence = (
        f"The sample of {result_name(row)} was {time.was} for {plain(round(row[time.column], 1))} {time.unit_word}; "
        f"at most {plain(row[time.limit])} are allowed."
    )
    evidence = Evidence(float(row[time.column]), time.unit, limits_of(row, time.limit))
    return about_result(time.rule, Verdict.WARN, row, sentence, evidence=evidence)


def _negative(row: ResultRow, time: SampleTime) -> Finding:
    sentence = f"The times of the sample of {result_name(row)} contradict each other, so that none can be judged."
    return about_result(time.rule, Verdict.NOT_EVALUABLE, row, sentence)


def _missing(row: ResultRow, time: SampleTime, required: Limit) -> Finding:
    sentence = f"How long the sample of {result_name(row)} was {time.was} is not known, and this profile requires it."
    return about_result(time.rule, Verdict.NOT_EVALUABLE, row, sentence, evidence=Evidence(limits=[required]))
