"""Rule replicates.cv: replicate wells of one sample must agree."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from checks.standard_curves.concentrations import back_calculate
from schemas.finding import Finding, Limit, Scope, Verdict

SLACK_PERCENT = 1e-9
"""Slack on the limit in percent, so that a CV of exactly the limit is inside despite binary rounding."""


@rule("replicates.cv", scope=Scope.RESULT, limits=["cv_percent", "min_replicates"], version=2)
def cv(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result whose replicate wells scatter too much or are too few.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``cv_percent``, ``n_replicates`` and ``wells``, and of censored ones what ``curves``
        give for each of the ``wells``. A run that came as a table of results
        (no wells) is judged where it reports a CV, and never for the number of its replicates.
    limits : mapping of str to Limit
        ``cv_percent``: highest CV of the back-calculated concentrations, in percent, above 0.
        ``min_replicates``: fewest wells with a number, 1 or more, without unit.

    Returns
    -------
    list of Finding
        ``warn`` for each CV above the limit, naming the wells; ``not_evaluable`` for each result of a plate with too
        few wells, or with enough wells and a number but no CV.

    Notes
    -----
    CV = 100 SD / mean with n - 1 in the SD. Strictly above the limit fails. A result beyond the range says no more
    than that, so its wells agree if each of them lies beyond the same end; where one lies within, they are judged like
    any other. A result without number and without bound is left to ``range.value``.

    References
    ----------
    .. [1] ICH M10 (2022) gives no limit for wells; 20 percent is the custom of ligand-binding laboratories.
    """
    results = run_input.results
    highest, fewest = limits["cv_percent"], limits["min_replicates"]
    says_something = pl.col("value").is_not_null() | (pl.col("censor").fill_null("") != "")
    is_scattered = (pl.col("cv_percent") > highest.value + SLACK_PERCENT).fill_null(False)
    reported = results.filter(pl.lit(run_input.wells.height > 0) & says_something)
    scattered = results.filter(is_scattered & says_something)
    few = reported.filter(pl.col("n_replicates").fill_null(0) < fewest.value)
    silent = reported.filter(
        (pl.col("n_replicates") >= max(fewest.value, 2))
        & ~pl.col("cv_percent").is_finite().fill_null(False)
        & (pl.col("censor").fill_null("") == "")
    )
    return (
        [_scattered(row, highest) for row in scattered.iter_rows(named=True) if not _all_beyond(run_input, row)]
        + [_too_few(row, fewest) for row in few.iter_rows(named=True)]
        + [_without_cv(row) for row in silent.iter_rows(named=True)]
    )


def _all_beyond(run_input: RunInput, row: ResultRow) -> bool:
    if not row["censor"]:
        return False
    is_own = (pl.col("plate") == row["plate"]) & (pl.col("analyte") == row["analyte"])
    own = run_input.wells.filter(is_own & pl.col("well").is_in(str(row["wells"]).split(",")))
    return set(back_calculate(own, run_input.curves)["censor"]) <= {row["censor"]}


def _scattered(row: ResultRow, highest: Limit) -> Finding:
    sentence = (
        f"The replicates of {result_name(row)}{_in_wells(row)} have a CV of {row['cv_percent']:.1f} %; "
        f"at most {plain(highest.value)} % is allowed."
    )
    observed = (float(row["cv_percent"]), "percent")
    suggestion = "Look for a pipetting error or a bubble; repeat the sample."
    return about_result(
        "replicates.cv", Verdict.WARN, row, sentence, evidence=Evidence(*observed, [highest]), suggestion=suggestion
    )


def _too_few(row: ResultRow, fewest: Limit) -> Finding:
    n_wells = row["n_replicates"] or 0
    sentence = (
        f"{result_name(row)}{_in_wells(row)} rests on {n_wells} well{'' if n_wells == 1 else 's'}; "
        f"at least {plain(fewest.value)} are needed to judge agreement."
    )
    observed = (float(n_wells), "1")
    return about_result("replicates.cv", Verdict.NOT_EVALUABLE, row, sentence, evidence=Evidence(*observed, [fewest]))


def _without_cv(row: ResultRow) -> Finding:
    sentence = f"The replicates of {result_name(row)}{_in_wells(row)} have no CV, so their agreement cannot be judged."
    return about_result("replicates.cv", Verdict.NOT_EVALUABLE, row, sentence)


def _in_wells(row: ResultRow) -> str:
    plate = f" of plate {row['plate']}" if row["plate"] else ""
    return f" in wells {row['wells']}{plate}" if row["wells"] else ""
