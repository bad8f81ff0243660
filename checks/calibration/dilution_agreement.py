"""Rule calibration.dilution_agreement: two dilutions of one sample must give the same concentration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checks.calibration.dilutions import diluted_samples, in_range, speaker
from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

_ID = "calibration.dilution_agreement"
_PAIR = 2
_SLACK_PERCENT = 1e-9
"""Rounding that a difference may show beyond its limit, in percent."""


@rule(_ID, scope=Scope.RESULT, limits=["agreement_percent", "top_percent", "required"], version=2)
def dilution_agreement(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn where two dilutions of a sample disagree, or where a high result has no second dilution.

    Parameters
    ----------
    run_input : RunInput
        ``results`` that were read from a plate, with the dilution already in their values, and ``evidence``, those that
        do not count for their sample. Results beyond the range of their curve are left out: a sample above the ULOQ at
        one dilution and in range at another is no disagreement.
    limits : mapping of str to Limit
        ``agreement_percent``: largest difference of neighbouring dilutions, in percent of their mean.
        ``top_percent``: part of the range, in percent below the ULOQ, in which a hook must be ruled out.
        ``required``: 1 where a result in that part needs a second dilution, 0 where it does not.

    Returns
    -------
    list of Finding
        ``warn`` where a pair disagrees, for the one of its results that counts for the sample, and for each result near
        the ULOQ of a sample that was measured at one dilution only; ``not_evaluable`` for one whose other dilutions
        give no number in range.

    Notes
    -----
    A sample beyond the hook of its assay reads low at the low dilution and rises with further dilution; no curve can
    see it. Three dilutions in range and more are judged by ``calibration.parallelism``.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    findings: list[Finding] = []
    for own in diluted_samples(run_input.results, n_dilutions=2):
        usable = list(in_range(own).iter_rows(named=True))
        if len({row["dilution"] for row in usable}) == _PAIR:
            at = speaker(own, run_input.evidence)
            findings += _of_pair((usable[0], usable[-1]), at, limits["agreement_percent"])
    if limits["required"].value:
        findings += _unconfirmed(run_input.results, limits["top_percent"])
    return findings


def _of_pair(pair: tuple[ResultRow, ResultRow], at: ResultRow, limit: Limit) -> list[Finding]:
    low, high = (float(row["value"]) for row in pair)
    difference_percent = 100 * abs(high - low) / ((high + low) / 2)
    if difference_percent <= limit.value + _SLACK_PERCENT:
        return []
    dilutions = " and ".join(f"1:{plain(row['dilution'])}" for row in pair)
    numbers = " and ".join(plain(row["value"]) for row in pair)
    sentence = (
        f"The dilutions {dilutions} of one sample give {numbers} {pair[0]['unit']} of {result_name(pair[0])}: "
        f"{difference_percent:.1f} % apart; at most {plain(limit.value)} % is allowed."
    )
    hint = "Suspect a hook or a matrix effect: dilute further until two dilutions agree."
    evidence = Evidence(difference_percent, "percent", [limit])
    return [about_result(_ID, Verdict.WARN, at, sentence, evidence=evidence, suggestion=hint)]


def _unconfirmed(results: pl.DataFrame, top: Limit) -> list[Finding]:
    import polars as pl

    has_others = (pl.col("dilution").n_unique() > 1).over("plate", "sample", "analyte", "matrix")
    has_confirmed = (pl.col("ordinal").is_in(in_range(results)["ordinal"].to_list()).sum() > 1).over(
        "plate", "sample", "analyte", "matrix"
    )
    marked = results.with_columns(has_others=has_others, has_confirmed=has_confirmed)
    is_high = (pl.col("value") >= (1 - top.value / 100) * pl.col("uloq")).fill_null(False)
    high = in_range(marked).filter((pl.col("plate") != "") & is_high & ~pl.col("has_confirmed"))
    return [_one(row, top) for row in high.iter_rows(named=True)]


def _one(row: ResultRow, top: Limit) -> Finding:
    why = "its other dilutions give no number in range" if row["has_others"] else "it was measured at one dilution only"
    sentence = (
        f"Result of {result_name(row)}: {plain(row['value'])} {row['unit']} lies within {plain(top.value)} % of the "
        f"ULOQ of {plain(row['uloq'])}, where a hook must be ruled out, and {why}."
    )
    verdict = Verdict.NOT_EVALUABLE if row["has_others"] else Verdict.WARN
    evidence = Evidence(float(row["value"]), str(row["unit"]), [top])
    return about_result(_ID, verdict, row, sentence, evidence=evidence, suggestion="Measure a further dilution.")
