"""Rule consistency.tibc_transferrin: capacity and transferrin of a serum sample say the same thing."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result, plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

LIMITS = ("warn_low", "warn_high", "reject_low", "reject_high")
UNITS = {"tibc": "ug/dL", "transferrin": "mg/dL"}
"""Units in which the ratio is stated, in ug of iron for each mg of transferrin."""


@rule("consistency.tibc_transferrin", scope=Scope.RESULT, limits=LIMITS)
def tibc_transferrin(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag TIBC and transferrin of one serum sample if their ratio is out of bounds.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: TIBC and transferrin of the same serum sample, in this run or another.
    limits : mapping of str to Limit
        ``warn_low``, ``warn_high``, ``reject_low``, ``reject_high``: bounds of TIBC / transferrin, in ug/mg.

    Returns
    -------
    list of Finding
        ``reject`` or ``warn`` for both results of each sample outside the bounds; ``not_evaluable`` where a unit is
        not the one in which the bounds are stated, or transferrin is 0.

    Notes
    -----
    Theory says 1.404: two atoms of iron (55.845 g/mol) on one transferrin (79 570 g/mol). A bound itself is inside.
    One of the two alone, censored results and other matrices are silent. Of several results the median counts.

    References
    ----------
    .. [1] Gottschalk R, et al. Total iron-binding capacity and serum transferrin determination. Clin Chem Lab Med.
       2000;38:61-7 (not read: the bounds are Assaygate's proposal).
    """
    if not set(UNITS) <= analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input, only_known=False).filter(
        (pl.col("matrix") == "serum") & pl.col("number").is_not_null() & pl.col("analyte").is_in(list(UNITS))
    )
    tibc, transferrin = (_of(both, name) for name in UNITS)
    table = tibc.join(transferrin, on="sample").with_columns((pl.col("tibc") / pl.col("transferrin")).alias("ratio"))
    is_open = ~(pl.col("is_usual_tibc") & pl.col("is_usual_transferrin") & (pl.col("transferrin") > 0))
    judged, ratio = table.filter(~is_open), pl.col("ratio")
    is_rejected = (ratio < limits["reject_low"].value) | (ratio > limits["reject_high"].value)
    is_odd = (ratio < limits["warn_low"].value) | (ratio > limits["warn_high"].value)
    found = [_odd(row, Verdict.REJECT, limits) for row in own_rows(both, judged.filter(is_rejected))]
    found += [_odd(row, Verdict.WARN, limits) for row in own_rows(both, judged.filter(is_odd & ~is_rejected))]
    return found + [_open(row) for row in own_rows(both, table.filter(is_open))]


def _of(rows: pl.DataFrame, analyte: str) -> pl.DataFrame:
    own = rows.filter(pl.col("analyte") == analyte)
    return own.group_by("sample", maintain_order=True).agg(
        pl.col("number").median().alias(analyte), (pl.col("unit") == UNITS[analyte]).all().alias(f"is_usual_{analyte}")
    )


def _odd(row: ResultRow, verdict: Verdict, limits: Mapping[str, Limit]) -> Finding:
    sentence = (
        f"TIBC is {row['ratio']:.2f} ug for each mg of transferrin in the same serum sample; "
        f"{plain(limits['warn_low'].value)} to {plain(limits['warn_high'].value)} is expected."
    )
    evidence = Evidence(float(row["ratio"]), "ug/mg", [limits[name] for name in LIMITS])
    suggestion = "Look for a unit error or swapped samples in one of the two."
    return about_result(
        "consistency.tibc_transferrin", verdict, row, sentence, evidence=evidence, suggestion=suggestion
    )


def _open(row: ResultRow) -> Finding:
    sentence = "TIBC and transferrin of one serum sample cannot be compared: a unit is another one, or one is 0."
    return about_result("consistency.tibc_transferrin", Verdict.NOT_EVALUABLE, row, sentence)
