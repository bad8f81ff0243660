"""Rule consistency.albumin_quotient: a leaky barrier lets serum proteins into CSF."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, by_visit, own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.ucum import factor_between


@rule("consistency.albumin_quotient", scope=Scope.RESULT, limits=["age_divisor_years", "offset"])
def albumin_quotient(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every CSF result of a visit at which the albumin quotient is above the limit for the subject's age.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: albumin in CSF and serum of one visit; ``age_years`` of the results.
    limits : mapping of str to Limit
        ``age_divisor_years`` and ``offset``: the limit is age / divisor + offset, in thousandths.

    Returns
    -------
    list of Finding
        ``warn`` for each CSF result of the visit, whatever the analyte; ``not_evaluable`` where the age is not known,
        or the units of albumin do not convert.

    Notes
    -----
    A quotient equal to the limit is inside. Without albumin in both matrices the rule is silent. Censored albumin is
    silent; other censored results are flagged like any: it is the barrier that is told.

    References
    ----------
    .. [1] Upper reference limit of the CSF/serum albumin quotient, n = 332: age / 25 + 8, in thousandths.
    """
    if "albumin" not in analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input)
    ages = run_input.results.select("ordinal", "age_years")
    albumin = by_visit(both, "albumin")
    csf = albumin.filter(pl.col("matrix") == "csf")
    serum = albumin.filter(pl.col("matrix") == "serum")
    pairs = csf.join(serum, on=["subject", "visit"], suffix="_serum", maintain_order="left")
    quotients = [{**pair, "quotient": _quotient(pair)} for pair in pairs.iter_rows(named=True)]
    schema = {"subject": pl.String, "visit": pl.String, "quotient": pl.Float64}
    keys = pl.DataFrame(quotients, schema=schema) if quotients else pl.DataFrame(schema=schema)
    wanted = both.filter(pl.col("matrix") == "csf").join(ages, on="ordinal", how="left", maintain_order="left")
    found = [_said(row, limits) for row in own_rows(wanted, keys)]
    return [finding for finding in found if finding is not None]


def _quotient(pair: ResultRow) -> float | None:
    factor = factor_between(pair["unit"], pair["unit_serum"], None)
    return None if factor is None else 1000 * float(pair["number"]) * float(factor) / float(pair["number_serum"])


def _said(row: ResultRow, limits: Mapping[str, Limit]) -> Finding | None:
    given = [limits["age_divisor_years"], limits["offset"]]
    if row["quotient"] is None or row["age_years"] is None:
        reason = "the age is not known" if row["age_years"] is None else "the units of albumin do not convert"
        sentence = f"The barrier behind this {result_name(row)} result cannot be judged: {reason}."
        return about_result(
            "consistency.albumin_quotient", Verdict.NOT_EVALUABLE, row, sentence, evidence=Evidence(limits=given)
        )
    most = row["age_years"] / given[0].value + given[1].value
    if row["quotient"] <= most:
        return None
    sentence = (
        f"The albumin quotient of this visit is {plain(round(row['quotient'], 1))} thousandths, above "
        f"{plain(round(most, 1))} for the age: serum proteins leak into CSF and add to {row['analyte']}."
    )
    evidence = Evidence(float(row["quotient"]), "10*-3", given)
    return about_result("consistency.albumin_quotient", Verdict.WARN, row, sentence, evidence=evidence)
