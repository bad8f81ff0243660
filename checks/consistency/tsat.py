"""Rule consistency.tsat: a reported transferrin saturation is iron divided by capacity."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result, plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

SLACK_POINTS = 1e-9
"""Slack on the limit in percentage points, so that a difference of exactly the limit is inside despite rounding."""


@rule("consistency.tsat", scope=Scope.RESULT, limits=["max_difference"])
def tsat(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every reported saturation that iron and capacity of the same sample do not give.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: iron, TIBC and TSAT of the same serum sample, in this run or another.
    limits : mapping of str to Limit
        ``max_difference``: largest difference between reported and recomputed saturation, in percentage points.

    Returns
    -------
    list of Finding
        ``reject`` for the saturation, and for iron and TIBC of this run, where they differ more; ``not_evaluable``
        where iron and TIBC have different units, or TIBC is 0.

    Notes
    -----
    Saturation is 100 times iron over TIBC. Strictly above the limit fails. A sample that lacks one of the three, and
    censored results, are silent: nothing can be recomputed. Of several results of one sample the median counts.

    References
    ----------
    .. [1] Definition of transferrin saturation; the limit is Assaygate's proposal.
    """
    if "tsat" not in analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input, only_known=False).filter(
        (pl.col("matrix") == "serum") & pl.col("number").is_not_null()
    )
    parts = {name: _of(both, name) for name in ("tsat", "iron", "tibc")}
    table = parts["tsat"].join(parts["iron"], on="sample").join(parts["tibc"], on="sample")
    is_open = (pl.col("unit_iron") != pl.col("unit_tibc")) | ~(pl.col("tibc") > 0)
    computed = (100 * pl.col("iron") / pl.col("tibc")).alias("computed")
    table = table.with_columns(is_open.alias("is_open"), computed)
    differs = (pl.col("tsat") - pl.col("computed")).abs() > limits["max_difference"].value + SLACK_POINTS
    wanted = both.filter(pl.col("analyte").is_in(list(parts)))
    apart = own_rows(wanted, table.filter(~pl.col("is_open") & differs).drop("unit_iron", "unit_tibc", "unit_tsat"))
    unknown = own_rows(wanted, table.filter("is_open").select("sample"))
    return [_apart(row, limits["max_difference"]) for row in apart] + [_open(row) for row in unknown]


def _of(rows: pl.DataFrame, analyte: str) -> pl.DataFrame:
    own = rows.filter(pl.col("analyte") == analyte)
    return own.group_by("sample", maintain_order=True).agg(
        pl.col("number").median().alias(analyte), pl.col("unit").first().alias(f"unit_{analyte}")
    )


def _apart(row: ResultRow, limit: Limit) -> Finding:
    sentence = (
        f"The reported saturation of {plain(row['tsat'])} % differs from the {plain(round(row['computed'], 2))} % that "
        f"iron and capacity of the same sample give by more than {plain(limit.value)} points."
    )
    evidence = Evidence(abs(float(row["tsat"]) - float(row["computed"])), "%", [limit])
    suggestion = "One of the three is wrong: look for a unit error, a typing error or an old value."
    return about_result("consistency.tsat", Verdict.REJECT, row, sentence, evidence=evidence, suggestion=suggestion)


def _open(row: ResultRow) -> Finding:
    sentence = "The saturation of one serum sample cannot be recomputed: units differ, or the capacity is 0."
    return about_result("consistency.tsat", Verdict.NOT_EVALUABLE, row, sentence)
