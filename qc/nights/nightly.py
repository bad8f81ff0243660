"""The night: inbox, ingest, assessment, suites, queue, and one summary that says what is new."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.assess import assess
from qc.decide.queue_and_show import queue
from qc.ingest.archive import write_whole
from qc.ingest.delivery import DeliveryPaths
from qc.ingest.handed_in import handed_in_by
from qc.ingest.ingest import recover
from qc.nights.inbox import empty_inbox
from qc.nights.logged_night import log_night
from qc.nights.night import Night
from qc.nights.night_log import Tell, night_log
from qc.nights.notices.tell_night import tell_failure, tell_night
from qc.nights.page.write_page import write_page
from qc.nights.queue_change import nights_before, queue_change, runs_since, worse_items
from qc.nights.stopwatch import Stopwatch
from qc.release.declared_choice import default_words, undeclared_choices
from qc.release.sheet_gaps import sheet_gaps
from qc.triage.lab_status import oldest_waiting_h
from qc.workers import worker_pool
from schemas.errors import ConfigError, StoreBusyError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


Progress = Callable[[str, int, int], None]
"""Takes the name of a stage, what is done and what there is to do."""
Wanted = Callable[[DeliveryPaths], bool]
"""Tells whether a delivery is taken."""


def nightly(
    lab: LabFolder,
    *,
    progress: Progress | None = None,
    since: datetime | None = None,
    wanted: Wanted | None = None,
) -> Night:
    """Empty the inbox, judge, and say what is new; a second call does nothing more.

    Parameters
    ----------
    lab : LabFolder
        The lab.
    progress : callable, optional
        Called with the name of the stage, what is done and what there is to do.
    since : datetime, optional
        What is new is told against the last night that began before this; None means the last one.
    wanted : callable, optional
        Tells which deliveries of the inbox are taken; None means those that have stood still as long as qc.toml says.

    Returns
    -------
    Night
        Summary, also kept under ``reports/nightly``.

    Raises
    ------
    RightsError
        If whoever calls it may not bring files; a lab that keeps accounts gives the job one of the role ``service``.
    StoreError
        If the store is busy or unreachable; what was done until then is kept.
    """
    from filelock import FileLock, Timeout

    try:
        # Reading and judging share the processes of the night.
        with (
            FileLock(lab.paths.root / ".nightly.lock", timeout=lab.settings.stores.wait_s),
            worker_pool(lab.workers),
            night_log(lab.paths.root, "night") as tell,
        ):
            return _logged(lab, progress, since, wanted, tell)
    except Timeout as error:
        raise StoreBusyError("Another night is at work on this lab; try again when it is done.") from error


def _logged(
    lab: LabFolder, progress: Progress | None, since: datetime | None, wanted: Wanted | None, tell: Tell
) -> Night:
    watch = Stopwatch()
    tell("night began", since=since.isoformat() if since else None)
    try:
        night = _night(lab, progress, since, wanted, watch)
    except Exception as error:
        tell("night stopped", fault=type(error).__name__, seconds=watch.seconds)
        _tell_failure(lab, error, tell)
        raise
    log_night(tell, night, watch.seconds)
    return replace(night, faults=(*night.faults, *_untold(lab, night, tell)))


def _untold(lab: LabFolder, night: Night, tell: Tell) -> tuple[str, ...]:
    try:
        return tell_night(lab, night, tell)
    except Exception as error:  # noqa: BLE001 - what the night did stands, whoever hears of it
        tell("notice failed", fault=type(error).__name__)
        why = error.message if isinstance(error, ConfigError) else type(error).__name__
        return (f"Nobody could be told of the night: {why}",)


def _tell_failure(lab: LabFolder, error: Exception, tell: Tell) -> None:
    try:
        tell_failure(lab, error, tell)
    except Exception as second:  # noqa: BLE001 - the fault that stopped the night is the one to raise
        tell("notice failed", fault=type(second).__name__)


def _night(
    lab: LabFolder, progress: Progress | None, since: datetime | None, wanted: Wanted | None, watch: Stopwatch
) -> Night:
    began_at = datetime.now(UTC)
    faults: list[str] = []
    handed_in = handed_in_by(lab, None, correct=False)
    recover(lab)
    ingested = empty_inbox(lab, handed_in, faults, progress, wanted)
    watch.lap("ingest")
    judged = assess(lab, progress=(lambda done, total: progress("assess", done, total)) if progress else None)
    watch.lap("assess")
    waiting = queue(lab)
    with lab.facts.reading() as con:
        gaps = tuple(f"{gap.where}: {gap.text}" for gap in sheet_gaps(con))
        chosen = "; ".join(
            f"study '{study}': {default_words(by_policy)}" for study, by_policy in undeclared_choices(lab, con).items()
        )
        oldest = oldest_waiting_h(lab, con, datetime.now(UTC)) if waiting else None
    before = nights_before(lab, since)
    changed = queue_change(before, waiting)
    night = Night(
        began_at,
        tuple(ingested),
        tuple(judged),
        tuple(waiting),
        changed,
        (*faults, *(fault for run in judged for fault in run.faults)),
        chosen,
        gaps,
        lab=lab.name,
        brought_by=handed_in.by,
        worse=worse_items(waiting, changed, ingested, runs_since(lab, since)),
        oldest_waiting_h=oldest,
        decided_by=tuple(lab.settings.rights.approve),
    )
    path = lab.paths.reports / "nightly" / f"{began_at:%Y%m%dT%H%M%S%f}Z.json"
    write_whole(path, json.dumps(night.as_json(), ensure_ascii=False, indent=1).encode())
    watch.lap("queue")
    night = _with_page(lab, night, since)
    watch.lap("page")
    return night


def _with_page(lab: LabFolder, night: Night, since: datetime | None) -> Night:
    try:
        return replace(night, page=write_page(lab, night, since))
    except Exception as error:  # noqa: BLE001 - what the night did stands, whatever becomes of its picture
        kept = lab.paths.reports / "nightly"
        fault = f"The page of the night could not be written ({type(error).__name__}); its summary is in '{kept}'."
        return replace(night, faults=(*night.faults, fault))
