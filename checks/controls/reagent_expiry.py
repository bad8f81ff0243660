"""Rule reagents.expiry: reagents are not used beyond their date."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.result_marks import EXPIRED


@rule("reagents.expiry", scope=Scope.RESULT)
def reagent_expiry(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Reject every result that was measured with reagents whose date had passed.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``flag``, with the marks of ``schemas.result_marks``; and ``run``: what the run sheet
        or the export of a plate says of the kit, ``reagent_expires_on``, beside ``started_at``.
    limits : mapping of str to Limit
        None are needed: the maker sets the date.

    Returns
    -------
    list of Finding
        ``reject`` for each result of a run that began after the last day of its reagents, or whose own row says so.

    Raises
    ------
    NotEvaluableError
        If the run names a last day and has no start time.

    Notes
    -----
    The last day itself is still in date; a month means its last day. Where nobody states a date nothing is said.

    References
    ----------
    .. [1] 42 CFR 493.1252(d): reagents and other supplies are not used when they have exceeded their expiration date.
    .. [2] ISO 15189:2022, 6.6.3: reagents and consumables are kept and used as their maker says.
    """
    of_run = _of_run(run_input)
    rows = run_input.results if of_run else run_input.results.filter(pl.col("flag").str.contains(EXPIRED))
    return [_finding(row, _of_row(str(row["flag"])) or of_run) for row in rows.iter_rows(named=True)]


def _of_run(run_input: RunInput) -> str:
    expires, began = run_input.run.reagent_expires_on, run_input.run.started_at
    if expires is None:
        return ""
    if began is None:
        raise NotEvaluableError("The run names the last day of its reagents, and has no believable start time.")
    is_in_date = began.date() <= expires.date()
    return "" if is_in_date else f"{EXPIRED} {expires:%Y-%m-%d} and the run began on {began:%Y-%m-%d}"


def _of_row(flag: str) -> str:
    return next((mark.strip() for mark in flag.split(",") if mark.strip().startswith(EXPIRED)), "")


def _finding(row: ResultRow, mark: str) -> Finding:
    return about_result(
        "reagents.expiry",
        Verdict.REJECT,
        row,
        f"The {mark}; {result_name(row)} was measured with them.",
        suggestion="Measure again with reagents in date; a wrong date is corrected in the file or the run sheet.",
    )
