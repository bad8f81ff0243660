"""Rule range.unit_slip: a result that one power of ten would put right was perhaps written in another unit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.range_of_results import contradicts_itself, is_outside, observed_of, observed_text
from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

FACTORS = (0.001, 0.01, 0.1, 10.0, 100.0, 1000.0)
"""Factors between units of mass concentration that laboratories mix up (ng/mL, pg/mL, ug/dL, ug/L): SI prefixes."""


@rule("range.unit_slip", scope=Scope.RESULT)
def unit_slip(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Propose a unit error where exactly one power of ten brings a result into its usual range.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``value`` and the soft limits, or the hard ones where there are no soft ones.
    limits : mapping of str to Limit
        None are needed: the catalogue's limits stand in each result's row.

    Returns
    -------
    list of Finding
        ``warn`` with the factor as suggestion; ``not_evaluable`` for a result whose limits contradict each other.
        Nothing is ever corrected.

    Notes
    -----
    Where two factors would do, none is proposed; ``range.soft`` or ``range.hard`` speak all the same. A censored
    result, one without a number, and an analyte with only one limit are silent.

    References
    ----------
    .. [1] BIPM. The International System of Units (SI Brochure), 9th edition, 2019, table 7: the prefixes.
    """
    rows = run_input.results.with_columns(
        slip_low=pl.coalesce("soft_low", "hard_low"), slip_high=pl.coalesce("soft_high", "hard_high")
    )
    odd = rows.filter(contradicts_itself("slip_low", "slip_high"))
    has_number = (pl.col("censor").fill_null("") == "") & (pl.col("value") > 0)
    outside = rows.filter(
        ~contradicts_itself("slip_low", "slip_high") & is_outside("slip_low", "slip_high") & has_number
    )
    proposals = [_proposal(row) for row in outside.iter_rows(named=True)]
    return [_contradiction(row) for row in odd.iter_rows(named=True)] + [found for found in proposals if found]


def _proposal(row: ResultRow) -> Finding | None:
    low, high = row["slip_low"], row["slip_high"]
    if low is None or high is None:
        return None
    fitting = [factor for factor in FACTORS if low <= row["value"] * factor <= high]
    if len(fitting) != 1:
        return None
    sentence = f"{result_name(row)} of {observed_text(row)} times {plain(fitting[0])} would be usual."
    suggestion = f"Looks like another unit: factor {plain(fitting[0])} from '{row['unit_text']}'. Ask who wrote it."
    limits = _limits(row)
    observed = observed_of(row)
    return about_result(
        "range.unit_slip", Verdict.WARN, row, sentence, evidence=Evidence(*observed, limits), suggestion=suggestion
    )


def _limits(row: ResultRow) -> tuple[Limit, ...]:
    low = "hard_low" if row["soft_low"] is None else "soft_low"
    high = "hard_high" if row["soft_high"] is None else "soft_high"
    return limits_of(row, low, high)


def _contradiction(row: ResultRow) -> Finding:
    sentence = f"The usual range of {result_name(row)} is from {plain(row['slip_low'])} to {plain(row['slip_high'])}."
    return about_result("range.unit_slip", Verdict.NOT_EVALUABLE, row, sentence, suggestion="Mend the limits.")
