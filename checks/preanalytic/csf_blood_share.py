"""Rule preanalytic.csf_blood_share: how much of a CSF result came with the blood of the puncture."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import by_visit, own_and_linked
from checks.result_rows import Evidence, ResultRow, about_result, plain, result_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict
from schemas.ucum import factor_between

LIMITS = (
    "haemoglobin_pg_per_cell",
    "iron_percent_of_haemoglobin",
    "blood_rbc_per_ul",
    "plasma_percent",
    "share_percent",
    "required",
)


@rule("preanalytic.csf_blood_share", scope=Scope.RESULT, limits=LIMITS)
def csf_blood_share(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every CSF result of which blood in the sample may make up too large a share.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: red cells per uL of CSF, and the serum result of the same visit.
    limits : mapping of str to Limit
        ``haemoglobin_pg_per_cell`` (pg) and ``iron_percent_of_haemoglobin`` (percent): iron in red cells.
        ``blood_rbc_per_ul`` (per uL) and ``plasma_percent`` (percent of blood): plasma that comes with them.
        ``share_percent``: largest share of the result that blood may make up, in percent.
        ``required``: 1 if a result that cannot be judged is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each result with a larger share; ``not_evaluable``, where it is required, without a red cell count
        or, for other analytes than iron, without the serum result.

    Notes
    -----
    Artefact of iron from cells = red cells x haemoglobin of a cell x iron in haemoglobin: 50 cells per uL carry
    0.52 ug/dL. Artefact from plasma = red cells / red cells of blood x plasma share of blood x serum result. Both are
    the most that can be: cells that were spun off before freezing gave up nothing. Censored results and numbers of 0
    or less are silent; a censored serum result counts as not known.

    References
    ----------
    .. [1] Haemoglobin holds four atoms of iron (55.845 g/mol) in 64 458 g/mol: 0.347 percent.
    """
    counted = run_input.results.filter((pl.col("matrix") == "csf") & (pl.col("censor").fill_null("") == ""))
    counted = counted.filter((pl.col("value") > 0).fill_null(False))
    if not limits["required"].value:
        counted = counted.filter(pl.col("rbc_per_ul").is_not_null())
    if counted.is_empty():
        return []
    both = own_and_linked(run_input)
    serum = by_visit(both, *run_input.results["analyte"].unique().to_list()).filter(pl.col("matrix") == "serum")
    counted = counted.select("ordinal", "subject", "visit", "analyte", "matrix", "value", "unit", "rbc_per_ul").join(
        serum.select(
            "subject", "visit", "analyte", pl.col("number").alias("serum"), pl.col("unit").alias("serum_unit")
        ),
        on=["subject", "visit", "analyte"],
        how="left",
        maintain_order="left",
    )
    found = [_judged(row, limits) for row in counted.iter_rows(named=True)]
    return [finding for finding in found if finding is not None]


def _judged(row: ResultRow, limits: Mapping[str, Limit]) -> Finding | None:
    artefact = _artefact(row, limits)
    if artefact is None:
        return _open(row, limits) if limits["required"].value else None
    share, most = 100 * artefact / float(row["value"]), limits["share_percent"]
    if share <= most.value:
        return None
    sentence = (
        f"Up to {artefact:.3g} {row['unit']} of this {result_name(row)} result ({plain(round(share, 1))} %) may come "
        f"from {plain(row['rbc_per_ul'])} red cells per uL; {plain(most.value)} % is allowed."
    )
    evidence = Evidence(share, "percent", [limits[name] for name in LIMITS[:5]])
    suggestion = "Look whether the sample was spun before freezing; measure another tube of the same puncture."
    return about_result(
        "preanalytic.csf_blood_share", Verdict.WARN, row, sentence, evidence=evidence, suggestion=suggestion
    )


def _artefact(row: ResultRow, limits: Mapping[str, Limit]) -> float | None:
    if row["rbc_per_ul"] is None:
        return None
    parts = [_from_plasma(row, limits)]
    if row["analyte"] == "iron":
        pg_per_ul = row["rbc_per_ul"] * limits["haemoglobin_pg_per_cell"].value
        factor = factor_between("pg/uL", row["unit"], None)
        iron = pg_per_ul * limits["iron_percent_of_haemoglobin"].value / 100
        parts.append(None if factor is None else iron * float(factor))
    known = [part for part in parts if part is not None]
    return sum(known) if known else None


def _from_plasma(row: ResultRow, limits: Mapping[str, Limit]) -> float | None:
    factor = factor_between(row["serum_unit"] or "", row["unit"], None) if row["serum"] is not None else None
    if factor is None:
        return None
    blood = row["rbc_per_ul"] / limits["blood_rbc_per_ul"].value
    return float(blood * limits["plasma_percent"].value / 100 * row["serum"] * float(factor))


def _open(row: ResultRow, limits: Mapping[str, Limit]) -> Finding:
    sentence = f"How much of this {result_name(row)} result came with blood is not known: no count, or no serum result."
    evidence = Evidence(limits=[limits["required"]])
    return about_result("preanalytic.csf_blood_share", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
