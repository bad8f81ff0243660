"""Rule consistency.csf_serum: CSF and serum of one visit stand in a known proportion."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, by_visit, own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result, plain
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

LIMITS = ("nfl_low", "nfl_high", "transferrin_high", "iron_high", "ferritin_high")
ANALYTES = ("nfl", "transferrin", "iron", "ferritin")


@rule("consistency.csf_serum", scope=Scope.RESULT, limits=LIMITS)
def csf_serum(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag an analyte in CSF and serum of one visit if their ratio is out of proportion.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: results of one subject and visit in both matrices.
    limits : mapping of str to Limit
        ``nfl_low``, ``nfl_high``, ``transferrin_high``, ``iron_high``, ``ferritin_high``: bounds of CSF / serum,
        without unit.

    Returns
    -------
    list of Finding
        ``warn`` for both results outside the bounds; ``not_evaluable`` for both if their units differ.

    Notes
    -----
    A bound itself is inside. One matrix alone, and censored results, are silent. Of several results of one kind the
    median counts. CSF ferritin is independent of serum ferritin, so that it has no lower bound. The other matrix may
    have been measured in another run; the finding of its result comes when that run is judged.

    References
    ----------
    .. [1] NfL in CSF is about 40 times that in blood: PMC9359312. The bounds are Assaygate's proposal.
    """
    if not set(ANALYTES) & analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input)
    kinds = by_visit(both, *ANALYTES)
    serum = kinds.filter(pl.col("matrix") == "serum").drop("matrix")
    csf = kinds.filter(pl.col("matrix") == "csf").drop("matrix")
    pairs = csf.join(serum, on=["subject", "visit", "analyte"], suffix="_serum", maintain_order="left")
    pairs = pairs.with_columns((pl.col("number") / pl.col("number_serum")).alias("ratio"))
    is_same = pl.col("unit") == pl.col("unit_serum")
    keys = ("subject", "visit", "analyte", "ratio")
    wanted = both.filter(pl.col("number").is_not_null() & pl.col("matrix").is_in(["csf", "serum"]))
    found = [_open(row) for row in own_rows(wanted, pairs.filter(~is_same).select(keys))]
    for name in LIMITS:
        analyte, _, side = name.rpartition("_")
        beyond = pl.col("ratio") < limits[name].value if side == "low" else pl.col("ratio") > limits[name].value
        rows = own_rows(wanted, pairs.filter(is_same & beyond & (pl.col("analyte") == analyte)).select(keys))
        found += [_odd(row, side, limits[name]) for row in rows]
    return found


def _odd(row: ResultRow, side: str, limit: Limit) -> Finding:
    words = ("below", "least") if side == "low" else ("above", "most")
    sentence = (
        f"CSF over serum is {row['ratio']:.3g} for {row['analyte']} of one visit, {words[0]} the "
        f"{words[1]} that is expected, {plain(limit.value)}."
    )
    evidence = Evidence(float(row["ratio"]), "1", [limit])
    suggestion = "Look for a dilution error, blood in CSF, or serum and CSF tubes that were swapped."
    return about_result("consistency.csf_serum", Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion)


def _open(row: ResultRow) -> Finding:
    sentence = f"CSF and serum of one visit cannot be compared for {row['analyte']}: their units differ."
    return about_result("consistency.csf_serum", Verdict.NOT_EVALUABLE, row, sentence)
