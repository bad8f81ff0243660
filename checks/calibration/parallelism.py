"""Rule calibration.parallelism: a diluted sample must follow the standard curve."""

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

_ID = "calibration.parallelism"
_SLACK_PERCENT = 1e-9
"""Rounding that a CV may show beyond its limit, in percent."""


@rule(_ID, scope=Scope.RESULT, limits=["cv_percent", "min_dilutions"], version=2)
def parallelism(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn where the concentrations of a dilution series scatter too much.

    Parameters
    ----------
    run_input : RunInput
        ``results`` that were read from a plate, with the dilution already in their values, and ``evidence``. Results
        beyond the range of their curve are left out of the series: below the limit at a high dilution says nothing
        against a number at a low one.
    limits : mapping of str to Limit
        ``cv_percent``: highest CV of the concentrations over the dilutions, in percent, inclusive.
        ``min_dilutions``: fewest dilutions that make a series, 3 or more.

    Returns
    -------
    list of Finding
        ``warn`` for the one result of a series above the limit that counts for its sample; ``not_evaluable`` for that
        of a series that lies above the range at one dilution, below it at another, and in it at none. A series of which
        fewer dilutions lie in range is judged by ``calibration.dilution_agreement``, or is one result.

    Notes
    -----
    CV = 100 SD / mean with n - 1 in the SD. Endogenous analyte that does not dilute like the standard shows as a trend.

    References
    ----------
    .. [1] ICH M10. Bioanalytical method validation and study sample analysis. 2022. Section 4.
    """
    fewest = limits["min_dilutions"]
    findings: list[Finding] = []
    for own in diluted_samples(run_input.results, n_dilutions=int(fewest.value)):
        usable = in_range(own)
        if usable["dilution"].n_unique() >= fewest.value:
            findings += _of_series(usable, speaker(own, run_input.evidence), limits["cv_percent"])
        elif usable.is_empty() and {"<", ">"} <= {*own["censor"].to_list()}:
            findings.append(_on_both_sides(own, speaker(own, run_input.evidence)))
    return findings


def _of_series(usable: pl.DataFrame, at: ResultRow, limit: Limit) -> list[Finding]:
    from statistics import fmean, stdev

    values = usable["value"].to_list()
    cv_percent = 100 * stdev(values) / fmean(values)
    if cv_percent <= limit.value + _SLACK_PERCENT:
        return []
    rows = list(usable.iter_rows(named=True))
    series = ", ".join(f"{plain(row['value'])} at 1:{plain(row['dilution'])}" for row in rows)
    sentence = (
        f"The dilution series of {result_name(rows[0])} gives {series} {rows[0]['unit']}: CV {cv_percent:.1f} %; "
        f"at most {plain(limit.value)} % is allowed."
    )
    evidence = Evidence(cv_percent, "percent", [limit])
    hint = "Report from the dilutions beyond which the concentration no longer changes, or find the interference."
    return [about_result(_ID, Verdict.WARN, at, sentence, evidence=evidence, suggestion=hint)]


def _on_both_sides(own: pl.DataFrame, at: ResultRow) -> Finding:
    sentence = (
        f"Of {own.height} dilutions of {result_name(at)} some lie above the range of the curve, some below it and none "
        "in it: nothing can be said of parallelism."
    )
    return about_result(_ID, Verdict.NOT_EVALUABLE, at, sentence, suggestion="Measure a dilution between them.")
