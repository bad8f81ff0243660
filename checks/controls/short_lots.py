"""Rule controls.short_lots: the target of a lot that ends after few runs must rest on enough of them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.control_sequences import KEY, control_key, control_name
from checks.rule import rule
from checks.run_input import RunInput
from schemas.finding import Finding, Limit, Scope, Verdict

_NEXT = {
    "pooled": (
        "Measure the lot in more runs, let other lots of the level take part (target_from pooled), or state the target "
        "of the insert of the kit (target_from manufacturer). The runs are judged again as results come in."
    ),
    "guide_set": "Name more runs in 'guide_runs' of the control sheet, in which the lot was measured.",
}


@rule("controls.short_lots", scope=Scope.CONTROL, limits=["pooled_results", "pooled_df", "guide_runs"])
def short_lots(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Hold controls of short lots that have no target yet, and warn of those that are judged by a guide set.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` is looked at: ``z_state``, ``target_kind`` and ``basis``.
    limits : mapping of str to Limit
        What a target needs, all without unit. ``pooled_results`` of the lot in other runs, and ``pooled_df`` degrees of
        freedom of the scatter within all lots of the level; ``guide_runs`` named runs for a guide set.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each control without a target yet, ``warn`` for each with one from a guide set, which is
        provisional.

    Notes
    -----
    For lots that end before they have the 20 results that a new material needs, as those of research kits do. The
    control sheet chooses: ``target_from`` ``pooled`` or ``guide_set``. Both look at later runs as well, so that the
    runs of a lot are judged once it has enough of them.

    References
    ----------
    .. [1] CLSI C24-Ed4. Statistical Quality Control for Quantitative Measurement Procedures. 2016.
    """
    lots = run_input.controls.unique([*KEY, "matrix"], keep="first", maintain_order=True)
    lots = lots.filter(pl.col("target_kind").is_in(list(_NEXT)))
    waiting, guided = pl.col("z_state") == "establishing", pl.col("target_kind") == "guide_set"
    needed = tuple(limits.values())
    return [_waiting(row, needed) for row in lots.filter(waiting).iter_rows(named=True)] + [
        _guided(row, limits["guide_runs"]) for row in lots.filter(~waiting & guided).iter_rows(named=True)
    ]


def _waiting(row: Mapping[str, object], limits: tuple[Limit, ...]) -> Finding:
    sentence = f"Control {control_name(row)} of {row['analyte']} has no target yet: {row['basis']}."
    return _finding(row, Verdict.NOT_EVALUABLE, sentence, limits, _NEXT[str(row["target_kind"])])


def _guided(row: Mapping[str, object], limit: Limit) -> Finding:
    sentence = f"Control {control_name(row)} of {row['analyte']} is judged by a {row['basis']}."
    suggestion = "Read its verdicts with care: few runs tell little of the scatter, and those of the set fit it best."
    return _finding(row, Verdict.WARN, sentence, (limit,), suggestion)


def _finding(
    row: Mapping[str, object], verdict: Verdict, sentence: str, limits: tuple[Limit, ...], suggestion: str
) -> Finding:
    key = control_key(row)
    return Finding("controls.short_lots", verdict, Scope.CONTROL, key, sentence, limits=limits, suggestion=suggestion)
