"""Rule replicates.bead_count: a signal of a bead assay rests on enough beads."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.replicates.well_words import STANDARDS, bead_verdict, counting, knows_beads, wells_of
from checks.result_rows import Evidence, about_result
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope

_RULE = "replicates.bead_count"


@rule(_RULE, scope=Scope.RESULT, limits=["least", "evaluable", "required"])
def bead_count(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Flag every result with a well in which too few beads were counted, and every analyte with such a standard.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at (``role``, ``n_beads``, ``n_beads_asked``, ``flag``, ``signal``) beside ``results``.
    limits : mapping of str to Limit
        ``least``, beads in a well that a median needs, 1 or more; ``evaluable``, beads below which it says nothing;
        ``required``, 1 where every run must bring counts, else 0.

    Returns
    -------
    list of Finding
        ``warn`` for each result with a well below ``least``, or below what the file asks for where that is more;
        ``not_evaluable`` where a well has fewer than ``evaluable``, or no count though the run brings or asks for some.
        One of scope analyte for calibrators, blanks and controls, on which all its results rest.

    Notes
    -----
    Wells that carry a flag, or that a person has rejected, play no part. A run that neither counts nor asks for beads
    is silent unless counts are required. The numbers themselves play no part, so censored results are judged too.

    References
    ----------
    .. [1] Merck. Equipment settings and data analysis of MILLIPLEX multiplex assays: at least 35 beads a region, since
       fewer can shift the median; 50 are recommended.
    """
    if not run_input.wells.height or not (knows_beads(run_input.wells) or limits["required"].value):
        return []
    standards = counting(run_input.wells, *STANDARDS).group_by("analyte", maintain_order=True)
    about_standards = [one for (analyte,), own in standards if (one := _of_analyte(str(analyte), own, limits))]
    rows = wells_of(run_input.results, counting(run_input.wells, "sample"))
    findings = []
    for result in run_input.results.filter(pl.col("ordinal").is_in(list(rows))).iter_rows(named=True):
        judged = bead_verdict(rows[int(result["ordinal"])], limits)
        if judged:
            verdict, sentence, fewest = judged
            evidence = Evidence(fewest, "1", (limits["least"], limits["evaluable"]))
            findings.append(about_result(_RULE, verdict, result, sentence, evidence=evidence))
    return about_standards + findings


def _of_analyte(analyte: str, wells: pl.DataFrame, limits: Mapping[str, Limit]) -> Finding | None:
    judged = bead_verdict(wells.to_dicts(), limits)
    if judged is None:
        return None
    verdict, words, fewest = judged
    sentence, judged_by = f"Calibrators, blanks or controls: {words}", (limits["least"], limits["evaluable"])
    key = {"analyte": analyte}
    return Finding(_RULE, verdict, Scope.ANALYTE, key, sentence, observed=fewest, unit="1", limits=judged_by)
