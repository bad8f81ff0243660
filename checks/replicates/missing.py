"""Rule replicates.missing: every well that the plate map names must count."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.result_rows import Evidence, ResultRow, about_result, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

KEY = ("plate", "analyte", "sample", "dilution")
"""What wells of one result share."""


@rule("replicates.missing", scope=Scope.RESULT)
def missing(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result that rests on fewer wells than were pipetted, or than is usual on its plate.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at (``role``, ``name``, ``flag``, ``signal``) beside ``results``.
    limits : mapping of str to Limit
        None are needed.

    Returns
    -------
    list of Finding
        ``warn`` for each result with a lost well (no signal, or a flag) or with fewer wells than its plate's usual
        number; ``not_evaluable`` for a result of a plate whose wells are not in the run.

    Notes
    -----
    The usual number is the most frequent one among the samples of a plate, the smaller of two that are as frequent. A
    result without any number and without a bound is left to ``range.value``. A table of results has no wells and is
    silent. The numbers themselves play no part, so censored results are judged too.

    References
    ----------
    .. [1] OECD. Advisory document on GLP data integrity, No. 22, 2021: data are complete.
    """
    if not run_input.wells.height:
        return []
    counted = _counted(run_input.wells)
    results = run_input.results.filter(
        (pl.col("plate") != "") & (pl.col("value").is_not_null() | (pl.col("censor").fill_null("") != ""))
    )
    joined = results.join(counted, on=list(KEY), how="left", maintain_order="left")
    lacking = joined.filter((pl.col("n_counting") < pl.max_horizontal("n_planned", "n_usual")).fill_null(False))
    unknown = joined.filter(pl.col("n_planned").is_null())
    return [_lacking(row) for row in lacking.iter_rows(named=True)] + [
        _unknown(row) for row in unknown.iter_rows(named=True)
    ]


def _counted(wells: pl.DataFrame) -> pl.DataFrame:
    samples = wells.filter(pl.col("role") == "sample").with_columns(
        pl.col("name").alias("sample"), pl.col("dilution").fill_null(1.0)
    )
    counts = (pl.col("flag") == "") & pl.col("signal").is_not_null()
    lost = pl.col("well").filter(~counts).str.join(", ")
    table = samples.group_by(KEY, maintain_order=True).agg(
        pl.len().alias("n_planned"), counts.sum().alias("n_counting"), lost.alias("lost")
    )
    usual = pl.col("n_planned").mode().min().over("plate", "analyte")
    return table.with_columns(usual.alias("n_usual"))


def _lacking(row: ResultRow) -> Finding:
    n_wells, expected = int(row["n_counting"]), max(int(row["n_planned"]), int(row["n_usual"]))
    lost = f" Without a number that counts: {row['lost']}." if row["lost"] else ""
    counted = "1 well" if n_wells == 1 else f"{n_wells} wells"
    sentence = f"{result_name(row)} rests on {counted}, where {expected} were expected.{lost}"
    evidence = Evidence(float(n_wells), "1")
    return about_result("replicates.missing", Verdict.WARN, row, sentence, evidence=evidence)


def _unknown(row: ResultRow) -> Finding:
    sentence = f"The wells of this {result_name(row)} result are not in the run, so nobody knows how many there were."
    return about_result("replicates.missing", Verdict.NOT_EVALUABLE, row, sentence)
