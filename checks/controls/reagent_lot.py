"""Rule controls.reagent_lot: a new reagent lot that no event records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from checks.rule import rule
from checks.run_input import RunInput
from schemas.errors import NotEvaluableError
from schemas.event import NEW_REAGENT_LOT
from schemas.finding import Finding, Limit, Scope, Verdict


@rule("controls.reagent_lot", scope=Scope.ANALYTE)
def reagent_lot(run_input: RunInput, limits: Mapping[str, Limit]) -> list[Finding]:
    """Warn of every analyte whose reagent lot has changed without an event that records it.

    Parameters
    ----------
    run_input : RunInput
        ``run.reagent_lot``, ``control_history`` and ``events`` are looked at, analyte by analyte.
    limits : mapping of str to Limit
        None.

    Returns
    -------
    list of Finding
        ``warn`` for each analyte whose last run before this one names another reagent lot, if no event
        ``new_reagent_lot`` lies between the two. Silent where one of the two runs names no lot.

    Raises
    ------
    NotEvaluableError
        If the run names a reagent lot and has no start time.

    Notes
    -----
    A new lot shifts controls and samples, not always by the same amount. Counting begins anew with a recorded event
    alone, never silently; compare the lots with samples (``qc try lots``), then record the event.

    References
    ----------
    .. [1] CLSI EP26. User Evaluation of Acceptability of a Reagent Lot Change. 2nd ed. 2022.
    """
    run = run_input.run
    if not run.reagent_lot:
        return []
    if run.started_at is None:
        raise NotEvaluableError("The run has no believable start time, so the reagent lot before it is unknown.")
    before = run_input.control_history.filter(
        pl.col("started_at") <= run.started_at, pl.col("reagent_lot").fill_null("") != ""
    ).sort("started_at", maintain_order=True)
    findings = []
    for analyte in dict.fromkeys(run_input.controls["analyte"].to_list()):
        own = before.filter(pl.col("analyte") == analyte)
        if own.height:
            last_lot, last_at = own["reagent_lot"][-1], own["started_at"][-1]
            if last_lot != run.reagent_lot and not _is_recorded(run_input, analyte, last_at, run.started_at):
                findings.append(_finding(analyte, last_lot, run.reagent_lot))
    return findings


def _is_recorded(run_input: RunInput, analyte: str, after: datetime, until: datetime) -> bool:
    is_change = (pl.col("event") == NEW_REAGENT_LOT) & pl.col("analyte").is_in(["", analyte])
    return not run_input.events.filter(
        is_change, pl.col("happened_at") >= after, pl.col("happened_at") <= until
    ).is_empty()


def _finding(analyte: str, last_lot: str, lot: str) -> Finding:
    sentence = f"The reagent lot of {analyte} is '{lot}', the run before used '{last_lot}', and no event records it."
    return Finding(
        "controls.reagent_lot",
        Verdict.WARN,
        Scope.ANALYTE,
        {"analyte": analyte},
        sentence,
        suggestion="Compare the two lots with samples, and add the event 'new_reagent_lot' to the event sheet.",
    )
