"""Rule consistency.iron_tibc: a sample cannot hold more iron than its transferrin binds."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, own_and_linked
from checks.result_rows import Evidence, ResultRow, about_result, plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

INFINITE = float("inf")
"""Upper end of what ``>1000`` may be, in any unit."""


@rule("consistency.iron_tibc", scope=Scope.RESULT, limits=["max_ratio"], version=2)
def iron_tibc(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag iron and TIBC of one serum sample if iron exceeds the iron-binding capacity.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: iron and TIBC of the same serum sample, in this run or another one,
        in canonical units.
    limits : mapping of str to Limit
        ``max_ratio``: highest iron / TIBC, without unit; a little above 1 for the error of both methods.

    Returns
    -------
    list of Finding
        ``reject`` for both results of each sample that is certainly above the ratio; ``not_evaluable`` for both if
        their bounds leave it open or their units differ. The result of another run is told when that run is judged.

    Notes
    -----
    A bound is judged by what it proves: iron ``<5`` is below any capacity of 5 or more. Iron or TIBC alone, results
    without number and bound, and other matrices are silent: in CSF most iron is not on transferrin. A result that was
    measured twice is compared each time.

    References
    ----------
    .. [1] Proposal: total iron divided by capacity is transferrin saturation, which cannot exceed 100 percent.
    """
    if not {"iron", "tibc"} <= analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input, only_known=False)
    results = both.filter(pl.col("matrix") == "serum").with_columns(lowest=_end("<"), highest=_end(">"))
    columns = ("ordinal", "sample", "unit", "lowest", "highest")
    known = results.filter(pl.col("lowest").is_not_null() & pl.col("highest").is_not_null())
    iron = known.filter(pl.col("analyte") == "iron").select(*columns)
    tibc = known.filter(pl.col("analyte") == "tibc").select(*columns)
    pairs = iron.join(tibc, on="sample", suffix="_tibc")
    ratio = limits["max_ratio"].value
    is_above = pl.col("lowest") > ratio * pl.col("highest_tibc")
    is_fine = pl.col("highest") <= ratio * pl.col("lowest_tibc")
    comparable = pl.col("unit") == pl.col("unit_tibc")
    above = pairs.filter(comparable & is_above)
    open_pairs = pairs.filter(~comparable | ~(is_above | is_fine))
    return [said for row in above.iter_rows(named=True) for said in _above(row, limits["max_ratio"])] + [
        said for row in open_pairs.iter_rows(named=True) for said in _left_open(row)
    ]


def _end(side: str) -> pl.Expr:
    """Return the lowest (side ``<``) or highest (side ``>``) number that a result may be."""
    censor = pl.col("censor").fill_null("")
    outer = 0.0 if side == "<" else INFINITE
    number = pl.when(pl.col("value").is_finite()).then(pl.col("value"))
    return pl.when(censor == "").then(number).when(censor == side).then(outer).otherwise(pl.col("censor_limit"))


def _rows_of_both(pair: ResultRow) -> list[ResultRow]:
    return [{"ordinal": ordinal} for ordinal in (pair["ordinal"], pair["ordinal_tibc"]) if ordinal is not None]


def _above(pair: ResultRow, max_ratio: Limit) -> list[Finding]:
    iron, capacity = f"{plain(pair['lowest'])} {pair['unit']}", f"{plain(pair['highest_tibc'])} {pair['unit']}"
    sentence = f"Iron of {iron} exceeds the iron-binding capacity of {capacity} of the same serum sample."
    ratio = pair["lowest"] / pair["highest_tibc"] if pair["highest_tibc"] else None
    evidence = Evidence(ratio, "1", [max_ratio])
    suggestion = "One of the two is wrong: look for a swap, contamination or a unit error."
    return [
        about_result(
            "consistency.iron_tibc",
            Verdict.REJECT,
            row,
            sentence,
            evidence=evidence,
            suggestion=suggestion,
        )
        for row in _rows_of_both(pair)
    ]


def _left_open(pair: ResultRow) -> list[Finding]:
    reason = "their bounds leave it open" if pair["unit"] == pair["unit_tibc"] else "their units differ"
    sentence = f"Iron and iron-binding capacity of one serum sample cannot be compared: {reason}."
    return [about_result("consistency.iron_tibc", Verdict.NOT_EVALUABLE, row, sentence) for row in _rows_of_both(pair)]
