"""Rule range.unit_slip: a result that one known factor would put right was perhaps written in another unit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.range.range_of_results import contradicts_itself, is_outside, observed_of, observed_text
from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.unit_slip import known_factors, slip_evidence, slip_of, slip_words


@rule("range.unit_slip", scope=Scope.RESULT, limits=["log_likelihood"], version=3, by_row=True)
def unit_slip(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Propose a unit error where exactly one known factor brings a result into its usual range.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``value``, the soft limits (the hard ones where there are no soft ones), the
        reference limits, ``unit_factor`` and ``molar_factor``.
    limits : mapping of str to Limit
        ``log_likelihood``: how much likelier the slip must be than an unusual person, in natural logarithms, above 0.
        The catalogue's limits stand in each result's row.

    Returns
    -------
    list of Finding
        ``warn`` with the factor as suggestion; ``not_evaluable`` for a result whose limits contradict each other.
        Nothing is ever corrected.

    Notes
    -----
    Known factors are 10, 100, 1000, their inverses (mg/dL for g/L is 100) and the one between the mass unit and the
    usual molar unit of the analyte. Where several would do, the one that reaches the reference interval is proposed;
    where that leaves several or none, nothing is, and ``range.soft`` or ``range.hard`` speak all the same. Beyond the
    hard limits one factor is enough. Between soft and hard limits people are found too: values are taken as log-normal
    with 95 percent inside the soft limits, and the value put right must be likelier than the value as it stands by the
    limit. A censored result, one without a number or at most 0, and an analyte with only one limit are silent.

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
    proposals = [_proposal(row, limits["log_likelihood"]) for row in outside.iter_rows(named=True)]
    return [_contradiction(row) for row in odd.iter_rows(named=True)] + [found for found in proposals if found]


def _proposal(row: ResultRow, least: Limit) -> Finding | None:
    bands = [(row["slip_low"], row["slip_high"]), (row["reference_low"], row["reference_high"])]
    factor = slip_of(row["value"], bands, known_factors(row["unit_factor"] or 1.0, row["molar_factor"]))
    if factor is None or not (_is_beyond_hard(row) or slip_evidence(row["value"], factor, bands[0]) >= least.value):
        return None
    sentence = f"{result_name(row)} of {observed_text(row)} times {plain(factor)} would be usual."
    words = slip_words(str(row["unit_text"]), factor, unit=str(row["unit"]), molar_unit=str(row["molar_unit"]))
    suggestion = f"{words[0].upper()}{words[1:]}. Ask who wrote it; nothing was changed."
    evidence = Evidence(*observed_of(row), (*_limits(row), least))
    return about_result("range.unit_slip", Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion)


def _is_beyond_hard(row: ResultRow) -> bool:
    low, high = row["hard_low"], row["hard_high"]
    return (low is not None and row["value"] < low) or (high is not None and row["value"] > high)


def _limits(row: ResultRow) -> tuple[Limit, ...]:
    low = "hard_low" if row["soft_low"] is None else "soft_low"
    high = "hard_high" if row["soft_high"] is None else "soft_high"
    return limits_of(row, low, high, "reference_low", "reference_high")


def _contradiction(row: ResultRow) -> Finding:
    sentence = f"The usual range of {result_name(row)} is from {plain(row['slip_low'])} to {plain(row['slip_high'])}."
    return about_result("range.unit_slip", Verdict.NOT_EVALUABLE, row, sentence, suggestion="Mend the limits.")
