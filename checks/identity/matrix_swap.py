"""Rule identity.matrix_swap: serum and CSF of one visit were not exchanged."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.neighbours import analytes_at_hand, by_visit, own_and_linked, own_rows
from checks.result_rows import Evidence, ResultRow, about_result
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

LIMITS = ("nfl_serum_above", "nfl_csf_below", "min_inverted", "required")
MARKERS = ("nfl", "ferritin", "transferrin")
"""NfL is higher in CSF; ferritin and transferrin are higher in serum."""


@rule("identity.matrix_swap", scope=Scope.RESULT, limits=LIMITS)
def matrix_swap(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result of a visit whose serum and CSF stand the wrong way round for several analytes together.

    Parameters
    ----------
    run_input : RunInput
        ``results`` and ``linked`` are looked at: NfL, ferritin and transferrin of one visit in both matrices.
    limits : mapping of str to Limit
        ``nfl_serum_above`` and ``nfl_csf_below``: NfL is inverted if serum is above the one and CSF below the other, in
        pg/mL. Ferritin and transferrin are inverted if CSF is above serum.
        ``min_inverted``: fewest inverted analytes that make a swap, 1 or more.
        ``required``: 1 if a visit with too few analytes in both matrices is held, 0 if it is silent.

    Returns
    -------
    list of Finding
        ``reject`` for each result of such a visit, in both matrices and whatever the analyte; ``not_evaluable``, where
        it is required, for each of a visit that cannot be judged.

    Notes
    -----
    The judgement is joint: enough analytes must be inverted, and none may stand the right way round. One analyte out
    of proportion is left to ``consistency.csf_serum``. Censored results do not count; of several results of one kind
    the median does. Analytes whose units differ between the matrices do not count.

    References
    ----------
    .. [1] NfL in CSF is about 40 times that in blood: PMC9359312. The limits are Assaygate's proposal.
    """
    if not limits["required"].value and not set(MARKERS) & analytes_at_hand(run_input):
        return []
    both = own_and_linked(run_input).filter(pl.col("matrix").is_in(["serum", "csf"]))
    votes = _votes(by_visit(both, *MARKERS), limits)
    enough = limits["min_inverted"].value
    swapped = votes.filter((pl.col("n_inverted") >= enough) & (pl.col("n_inverted") == pl.col("n_markers")))
    given = [limits[name] for name in LIMITS[:3]]
    found = [_swapped(row, given) for row in own_rows(both, swapped.select("subject", "visit"))]
    if limits["required"].value:
        judged = votes.filter(pl.col("n_markers") >= enough).select("subject", "visit")
        unknown = both.join(judged, on=["subject", "visit"], how="anti")
        found += [_open(row, given) for row in own_rows(unknown, unknown.select("subject", "visit").unique())]
    return found


def _votes(kinds: pl.DataFrame, limits: Mapping[str, Limit]) -> pl.DataFrame:
    serum = kinds.filter(pl.col("matrix") == "serum").drop("matrix")
    csf = kinds.filter(pl.col("matrix") == "csf").drop("matrix")
    pairs = csf.join(serum, on=["subject", "visit", "analyte", "unit"], suffix="_serum", maintain_order="left")
    nfl = (pl.col("number_serum") > limits["nfl_serum_above"].value) & (
        pl.col("number") < limits["nfl_csf_below"].value
    )
    inverted = pl.when(pl.col("analyte") == "nfl").then(nfl).otherwise(pl.col("number") > pl.col("number_serum"))
    return pairs.group_by("subject", "visit", maintain_order=True).agg(
        inverted.sum().alias("n_inverted"), pl.len().alias("n_markers")
    )


def _swapped(row: ResultRow, given: list[Limit]) -> Finding:
    sentence = "Identity check failed: serum and CSF of this visit look exchanged, in several analytes together."
    suggestion = "Compare both tubes with their labels; do not exchange values by hand."
    return about_result(
        "identity.matrix_swap", Verdict.REJECT, row, sentence, evidence=Evidence(limits=given), suggestion=suggestion
    )


def _open(row: ResultRow, given: list[Limit]) -> Finding:
    sentence = "Whether serum and CSF were exchanged cannot be checked: too few analytes are known in both."
    evidence = Evidence(limits=given)
    return about_result("identity.matrix_swap", Verdict.NOT_EVALUABLE, row, sentence, evidence=evidence)
