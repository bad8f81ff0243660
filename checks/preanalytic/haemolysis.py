"""Rule preanalytic.haemolysis: haemolysed samples must not give results that blood distorts."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, limits_of, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("preanalytic.haemolysis", scope=Scope.RESULT, limits=["required", "roche_mg_per_dl"], by_row=True)
def haemolysis(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a sample with more free haemoglobin than its analyte bears.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``haemolysis_index``, ``haemolysis_platform`` and the limit ``haemolysis``.
    limits : mapping of str to Limit
        ``required``: 1 if an index must be there wherever a limit is, 0 if a missing index is silent.
        ``roche_mg_per_dl``: free haemoglobin of one index unit on Roche analysers, in mg/dL.

    Returns
    -------
    list of Finding
        ``reject`` for each result above the limit; ``not_evaluable`` where the platform of the index is not stated or
        its unit is not known, and where an index is required and missing.

    Notes
    -----
    An index means nothing without its platform. Known are platforms whose name holds ``roche`` or ``cobas``, and
    ``mg/dL`` for free haemoglobin itself. An index of 0 is 0 on every platform. Analytes without a limit are silent.
    A value equal to the limit is inside. The number of the result plays no part, so censored results are judged too.

    References
    ----------
    .. [1] Source of each limit: the analyte's catalogue file.
    """
    results = run_input.results.filter(pl.col("haemolysis").is_not_null())
    indexed = results.filter(pl.col("haemolysis_index").is_finite().fill_null(False))
    judged = indexed.with_columns(haemoglobin=_haemoglobin(limits["roche_mg_per_dl"].value))
    above = judged.filter((pl.col("haemoglobin") > pl.col("haemolysis")).fill_null(False))
    unknown = judged.filter(pl.col("haemoglobin").is_null())
    missing = results.filter(~pl.col("haemolysis_index").is_finite().fill_null(False) & (limits["required"].value != 0))
    return (
        [_above(row) for row in above.iter_rows(named=True)]
        + [_unknown_platform(row) for row in unknown.iter_rows(named=True)]
        + [_missing(row, limits["required"]) for row in missing.iter_rows(named=True)]
    )


def _haemoglobin(roche_mg_per_dl: float) -> pl.Expr:
    platform = pl.col("haemolysis_platform").fill_null("").str.to_lowercase()
    index = pl.col("haemolysis_index")
    is_roche = platform.str.contains("roche", literal=True) | platform.str.contains("cobas", literal=True)
    return (
        pl.when(index == 0)
        .then(0.0)
        .when(platform.str.contains("mg/dl", literal=True))
        .then(index)
        .when(is_roche)
        .then(index * roche_mg_per_dl)
        .otherwise(None)
    )


def _above(row: ResultRow) -> Finding:
    limits = limits_of(row, "haemolysis")
    sentence = (
        f"The sample of {result_name(row)} has {plain(row['haemoglobin'])} mg/dL of free haemoglobin "
        f"(index {plain(row['haemolysis_index'])}); "
        f"at most {plain(row['haemolysis'])} {row['haemolysis_unit']} is allowed."
    )
    observed = (float(row["haemoglobin"]), "mg/dL")
    return about_result("preanalytic.haemolysis", Verdict.REJECT, row, sentence, evidence=Evidence(*observed, limits))


def _unknown_platform(row: ResultRow) -> Finding:
    platform = row["haemolysis_platform"] or ""
    sentence = (
        f"The haemolysis index {plain(row['haemolysis_index'])} of {result_name(row)} cannot be judged: "
        f"the unit of platform '{platform}' is not known. Known: roche, cobas, mg/dL."
    )
    limits = limits_of(row, "haemolysis")
    suggestion = "State the platform of the index in the sample sheet."
    return about_result(
        "preanalytic.haemolysis",
        Verdict.NOT_EVALUABLE,
        row,
        sentence,
        evidence=Evidence(limits=limits),
        suggestion=suggestion,
    )


def _missing(row: ResultRow, required: Limit) -> Finding:
    sentence = f"No haemolysis index is known for {result_name(row)}, and this profile requires one."
    evidence = Evidence(limits=[required])
    return about_result("preanalytic.haemolysis", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
