"""Rule controls.life: a control lot must be in use, and have a target that was established."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from checks.control_sequences import KEY, control_key, control_name
from checks.rule import rule
from checks.run_input import RunInput
from checks.short_lots import SHORT_LOT_SOURCES
from schemas.errors import NotEvaluableError
from schemas.finding import Finding, Limit, Scope, Verdict

_WHY = {
    "establishing": "has no target yet",
    "expired": "is out of date",
    "not_active": "is not in use yet",
    "no_time": "cannot be held against the dates of its lot",
}
_NEXT = {
    "establishing": (
        "Go on measuring it beside a lot that has a target. If the lot ends before that, state its target in the "
        "control sheet, from the insert of the kit (target_from manufacturer), name the lot before it (follows), "
        "whose CV is carried over, pool its scatter with that of other lots (target_from pooled), or name the runs "
        "that set its target (target_from guide_set, guide_runs)."
    ),
    "expired": "Open a new lot, measure it beside the old one, and add it to the control sheet.",
    "not_active": "Mend active_from in the control sheet if the lot is in use.",
    "no_time": "Give the run its start time.",
}


@rule(
    "controls.life",
    scope=Scope.CONTROL,
    limits=["min_results", "min_days", "provisional_days", "bridge_results", "bridge_days", "rolling_results"],
)
def life(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Hold every control whose lot is out of use or not established, and warn of a provisional target.

    Parameters
    ----------
    run_input : RunInput
        ``controls`` is looked at: ``z_state``, ``target_kind`` and ``basis``.
    limits : mapping of str to Limit
        What a target from a lot's own results needs. ``min_results`` on ``min_days`` different days for a new material;
        as many results on ``provisional_days`` days give a provisional one. A lot that follows another one carries its
        CV and needs ``bridge_results`` on ``bridge_days`` days for its mean. A rolling target rests on the last
        ``rolling_results``. All without unit, 1 or more.

    Returns
    -------
    list of Finding
        ``not_evaluable`` for each control that is being established, expired, not in use yet, or whose run has no time
        to hold against its dates; ``warn`` for each with a provisional target.

    Raises
    ------
    NotEvaluableError
        If the run has no control.

    Notes
    -----
    The control sheet says where a target comes from (``target_from``): ``fixed``, ``manufacturer``, ``establishment``
    or ``rolling``; for short lots ``pooled`` or ``guide_set``, of which ``controls.short_lots`` speaks. ``active_from``
    and ``expires_on`` bound its use, and ``follows`` names the lot before.

    References
    ----------
    .. [1] CLSI C24-Ed4. Statistical Quality Control for Quantitative Measurement Procedures. 2016.
    """
    controls = run_input.controls
    if controls.is_empty():
        raise NotEvaluableError("The run has no control whose lot could be looked at.")
    lots = controls.unique([*KEY, "matrix"], keep="first", maintain_order=True)
    # Rule controls.short_lots speaks of targets that other runs set.
    is_short = (pl.col("z_state") == "establishing") & pl.col("target_kind").is_in(SHORT_LOT_SOURCES)
    closed = lots.filter(pl.col("z_state").is_in(list(_WHY)), ~is_short)
    provisional = lots.filter(pl.col("target_kind") == "provisional")
    needed = tuple(limits.values())
    return [_closed(row, needed) for row in closed.iter_rows(named=True)] + [
        _provisional(row, needed) for row in provisional.iter_rows(named=True)
    ]


def _closed(row: Mapping[str, object], limits: tuple[Limit, ...]) -> Finding:
    state = str(row["z_state"])
    sentence = f"Control {control_name(row)} of {row['analyte']} {_WHY[state]}: {row['basis']}."
    shown = limits if state == "establishing" else ()
    return _finding(row, Verdict.NOT_EVALUABLE, sentence, shown, _NEXT[state])


def _provisional(row: Mapping[str, object], limits: tuple[Limit, ...]) -> Finding:
    sentence = f"Control {control_name(row)} of {row['analyte']} is judged by a target that is {row['basis']}."
    return _finding(row, Verdict.WARN, sentence, limits, "Read its verdicts with care until the target is established.")


def _finding(
    row: Mapping[str, object], verdict: Verdict, sentence: str, limits: tuple[Limit, ...], suggestion: str
) -> Finding:
    key = control_key(row)
    return Finding("controls.life", verdict, Scope.CONTROL, key, sentence, limits=limits, suggestion=suggestion)
