"""Rule identity.delta: results of one person that differ by more than they vary by themselves are shown."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from checks.neighbours import own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput, Variation
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("identity.delta", scope=Scope.RESULT, limits=["z"])
def delta(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result that differs from another visit of the person by more than the reference change value.

    Parameters
    ----------
    run_input : RunInput
        ``results``, ``linked`` and ``variations`` are looked at: the same subject, analyte and matrix at other visits.
    limits : mapping of str to Limit
        ``z``: two-sided normal quantile, without unit, above 0. CVI and CVA stand in the catalogue.

    Returns
    -------
    list of Finding
        ``warn`` for each such result, of every visit of the pair alike; ``not_evaluable`` where the units differ.

    Notes
    -----
    Reference change value on the logarithmic scale: ``exp(z * sqrt(2) * s)`` with ``s^2 = ln(1 + CVA^2) +
    ln(1 + CVI^2)``. Every profile tolerates this warning: a large change may be the endpoint of the study, so that it
    never holds a result back and never leaves one out. It tells neither visit nor direction nor size. Analytes without
    a CVI, censored results and numbers of 0 or less are silent.

    References
    ----------
    .. [1] Fokkema MR, Herrmann Z, Muskiet FAJ, Moecks J. Reference change values for brain natriuretic peptides
       revisited. Clin Chem. 2006;52:1602-3: the logarithmic form.
    """
    rows = own_and_linked(run_input).filter(pl.col("number") > 0)
    found: list[Finding] = []
    kinds = set(rows.select("analyte", "matrix").unique().iter_rows())
    for (analyte, matrix), variation in run_input.variations.items():
        if (analyte, matrix) not in kinds:
            continue
        own = rows.filter((pl.col("analyte") == analyte) & (pl.col("matrix") == matrix))
        if own.filter(pl.col("ordinal").is_not_null()).height:
            found += _judged(own, variation, limits["z"])
    return found


def _judged(rows: pl.DataFrame, variation: Variation, z: Limit) -> list[Finding]:
    most = z.value * math.sqrt(2) * variation.log_sd
    others = rows.select("subject", pl.col("visit").alias("other"), pl.col("number").log().alias("log"), "unit")
    pairs = rows.join(others, on="subject", suffix="_other").filter(pl.col("visit") != pl.col("other"))
    is_same = pl.col("unit") == pl.col("unit_other")
    differs = (pl.col("number").log() - pl.col("log")).abs() > most
    keys = ["subject", "visit", "analyte", "matrix", "sample"]
    given = [limit for limit in (z, variation.within_subject, variation.analytical) if limit is not None]
    found = [_changed(row, given) for row in own_rows(rows, pairs.filter(is_same & differs).select(keys).unique())]
    return found + [_open(row) for row in own_rows(rows, pairs.filter(~is_same).select(keys).unique())]


def _changed(row: ResultRow, given: list[Limit]) -> Finding:
    sentence = (
        f"This {result_name(row)} result and another one of the same person differ by more than the reference "
        "change value."
    )
    suggestion = "Nothing is wrong by itself: look at the label and at what else was found on this sample."
    return about_result(
        "identity.delta", Verdict.WARN, row, sentence, evidence=Evidence(limits=given), suggestion=suggestion
    )


def _open(row: ResultRow) -> Finding:
    sentence = f"This {result_name(row)} result cannot be compared with another one of the person: the units differ."
    return about_result("identity.delta", Verdict.NOT_EVALUABLE, row, sentence)
