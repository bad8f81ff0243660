"""Rule preanalytic.tube: some tubes must not be used for some analytes."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("preanalytic.tube", scope=Scope.RESULT, limits=["required"], by_row=True)
def tube(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Refuse every result of a sample that was taken into a tube which its analyte does not bear.

    Parameters
    ----------
    run_input : RunInput
        ``results`` is looked at: ``tube`` and ``refused_tubes``.
    limits : mapping of str to Limit
        ``required``: 1 if the tube must be known wherever one is refused, 0 if a missing one is silent.

    Returns
    -------
    list of Finding
        ``reject`` for each result from a refused tube; ``not_evaluable`` where the tube is required and missing.

    Notes
    -----
    EDTA binds iron and the metals that CK needs. A tube is refused if its name, without blanks and signs, holds the
    name of a refused one: ``K2-EDTA plasma`` holds ``edta``. Analytes without refused tubes are silent. The number of
    the result plays no part, so censored results are judged too.

    References
    ----------
    .. [1] Source of each refused tube: the analyte's catalogue file.
    """
    results = run_input.results.filter(pl.col("refused_tubes") != "").with_columns(
        pl.col("tube").str.to_lowercase().str.replace_all(r"[^a-z0-9]", "").alias("plain_tube")
    )
    if not limits["required"].value:
        results = results.filter((pl.col("plain_tube") != "").fill_null(False))
    results = results.select(
        "ordinal", "analyte", "matrix", "tube", "plain_tube", "refused_tubes", "refused_tubes_source"
    )
    found = []
    for row in results.iter_rows(named=True):
        if not row["plain_tube"]:
            found += [_missing(row, limits["required"])] if limits["required"].value else []
        elif any(_plain(name) in row["plain_tube"] for name in row["refused_tubes"].split("|")):
            found.append(_refused(row))
    return found


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _refused(row: ResultRow) -> Finding:
    sentence = (
        f"The sample of {result_name(row)} was taken into '{row['tube']}', which must not be used for it "
        f"({row['refused_tubes_source']})."
    )
    suggestion = "Measure it in serum or heparin plasma; the result cannot be mended."
    return about_result("preanalytic.tube", Verdict.REJECT, row, sentence, suggestion=suggestion)


def _missing(row: ResultRow, required: Limit) -> Finding:
    sentence = f"The tube of {result_name(row)} is not known, and this profile requires it."
    evidence = Evidence(limits=[required])
    return about_result("preanalytic.tube", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
