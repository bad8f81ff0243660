"""Rule identity.patient_swap: the stable traits of a person stay alike from visit to visit."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, by_visit, own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

TRAITS = ("transferrin", "ferritin", "ck")
"""Analytes in serum that differ much between people and little within one."""
FAILED = "Identity check failed: the stable traits of this serum sample do not fit the person's other samples."


@rule("identity.patient_swap", scope=Scope.RESULT, limits=["alpha", "min_traits", "required"])
def patient_swap(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every serum result of a visit whose stable traits do not fit the person's other visits.

    Parameters
    ----------
    run_input : RunInput
        ``results``, ``linked`` and ``variations`` are looked at: transferrin, ferritin and CK in serum of one subject.
    limits : mapping of str to Limit
        ``alpha``: probability of a false alarm for each visit, above 0 and below 1.
        ``min_traits``: fewest traits that can be judged together, 1 or more.
        ``required``: 1 if a visit that cannot be judged is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``warn`` for each serum result of such a visit, whatever the analyte; ``not_evaluable``, where it is required,
        for each of a visit with too few traits beside another visit.

    Notes
    -----
    Mahalanobis distance of the logarithms to each other visit of the person, with the variances of the catalogue's
    CVI and CVA, traits taken as independent: ``D^2 = sum(d^2 / (2 s^2))`` against chi-square. One trait counts for no
    more than the chi-square point of alpha with one degree of freedom, so that none fails a visit alone: CK jumps
    after exercise. A visit fails if it is far even from the visit that it is most like: of two visits both fail, from
    three on the odd one stands out. The finding says that the check failed and no number: numbers would unblind.
    Censored results and numbers of 0 or less do not count. A disease that changes two traits for good looks like a
    swap: a person decides.

    References
    ----------
    .. [1] Mahalanobis PC. On the generalised distance in statistics. Proc Natl Inst Sci India. 1936;2:49-55.
    """
    if not limits["required"].value and not set(TRAITS) & analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input)
    serum = both.filter(pl.col("matrix") == "serum")
    likeness = _likeness(by_visit(serum, *TRAITS), run_input, limits)
    keys = ["subject", "visit"]
    failed = likeness.filter(pl.col("p") < limits["alpha"].value).select(keys)
    given = [limits["alpha"], limits["min_traits"]]
    found = [_failed(row, given) for row in own_rows(serum, failed)]
    if limits["required"].value:
        unknown = serum.join(likeness.select(keys), on=keys, how="anti")
        found += [_open(row, given) for row in own_rows(unknown, unknown.select(keys).unique())]
    return found


def _likeness(traits: pl.DataFrame, run_input: RunInput, limits: Mapping[str, Limit]) -> pl.DataFrame:
    """Return for each subject and visit the p of the other visit that it is most like."""
    from scipy import stats

    sds = {analyte: run_input.variations[analyte, "serum"].log_sd for analyte in TRAITS if _known(run_input, analyte)}
    known = traits.filter(pl.col("analyte").is_in(list(sds))).with_columns(
        pl.col("number").log().alias("log"), pl.col("analyte").replace_strict(sds, return_dtype=pl.Float64).alias("sd")
    )
    pairs = known.join(known, on=["subject", "analyte", "unit"], suffix="_other").filter(
        pl.col("visit") != pl.col("visit_other")
    )
    most = float(stats.chi2.isf(limits["alpha"].value, 1))
    square = ((pl.col("log") - pl.col("log_other")) ** 2 / (2 * pl.col("sd") ** 2)).clip(upper_bound=most)
    distances = pairs.group_by("subject", "visit", "visit_other", maintain_order=True).agg(
        square.sum().alias("distance"), pl.len().alias("n_traits")
    )
    judged = distances.filter(pl.col("n_traits") >= limits["min_traits"].value)
    p = stats.chi2.sf(judged["distance"].to_numpy(), judged["n_traits"].to_numpy())
    return (
        judged.with_columns(pl.Series("p", p, dtype=pl.Float64))
        .group_by("subject", "visit", maintain_order=True)
        .agg(pl.col("p").max())
    )


def _known(run_input: RunInput, analyte: str) -> bool:
    variation = run_input.variations.get((analyte, "serum"))
    return variation is not None and variation.log_sd > 0


def _failed(row: ResultRow, given: list[Limit]) -> Finding:
    suggestion = "Compare tube, label and form of this sample before anybody looks at the values."
    return about_result(
        "identity.patient_swap", Verdict.WARN, row, FAILED, evidence=Evidence(limits=given), suggestion=suggestion
    )


def _open(row: ResultRow, given: list[Limit]) -> Finding:
    sentence = "The identity of this serum sample cannot be checked: too few stable traits of the person are known."
    evidence = Evidence(limits=given)
    return about_result("identity.patient_swap", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
