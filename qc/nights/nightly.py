"""The night: inbox, ingest, assessment, suites, queue, and one summary that says what is new."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.assess import assess
from qc.decide.queue_and_show import queue
from qc.ingest.archive import write_whole
from qc.ingest.delivery import DeliveryPaths, deliveries_in, is_regular, shown_name
from qc.ingest.handed_in import HandedIn, handed_in_by
from qc.ingest.ingest import chunks, ingest_delivery, known_deliveries, recover, team_for
from qc.ingest.outcome import Ingested, ingest_chunk
from qc.nights.night import Night
from qc.nights.page.write_page import write_page
from qc.nights.queue_change import queue_change, worse_items
from qc.release.declared_choice import default_words, undeclared_choices
from qc.release.sheet_gaps import sheet_gaps
from qc.store.disk_full import is_disk_full
from qc.triage.lab_status import oldest_waiting_h
from qc.workers import worker_pool
from schemas.errors import StoreBusyError, StoreError

if TYPE_CHECKING:
    from qc.ingest.reading_team import ReadingTeam
    from qc.lab.folder import LabFolder


def nightly(lab: LabFolder, *, progress: Callable[[str, int, int], None] | None = None) -> Night:
    """Empty the inbox, judge, and say what is new; a second call does nothing more.

    Parameters
    ----------
    lab : LabFolder
        The lab.
    progress : callable, optional
        Called with the name of the stage, what is done and what there is to do.

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
        with FileLock(lab.paths.root / ".nightly.lock", timeout=lab.settings.stores.wait_s), worker_pool(lab.workers):
            return _night(lab, progress)
    except Timeout as error:
        raise StoreBusyError("Another night is at work on this lab; try again when it is done.") from error


def _night(lab: LabFolder, progress: Callable[[str, int, int], None] | None) -> Night:
    began_at = datetime.now(UTC)
    faults: list[str] = []
    handed_in = handed_in_by(lab, None, correct=False)
    recover(lab)
    ingested = _empty_inbox(lab, handed_in, faults, progress)
    judged = assess(lab, progress=(lambda done, total: progress("assess", done, total)) if progress else None)
    waiting = queue(lab)
    with lab.facts.reading() as con:
        gaps = tuple(f"{gap.where}: {gap.text}" for gap in sheet_gaps(con))
        chosen = "; ".join(
            f"study '{study}': {default_words(by_policy)}" for study, by_policy in undeclared_choices(lab, con).items()
        )
        oldest = oldest_waiting_h(lab, con, datetime.now(UTC)) if waiting else None
    changed = queue_change(lab, waiting)
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
        worse=worse_items(waiting, changed, ingested),
        oldest_waiting_h=oldest,
        decided_by=tuple(lab.settings.rights.approve),
    )
    path = lab.paths.reports / "nightly" / f"{began_at:%Y%m%dT%H%M%S%f}Z.json"
    write_whole(path, json.dumps(night.as_json(), ensure_ascii=False, indent=1).encode())
    return _with_page(lab, night)


def _with_page(lab: LabFolder, night: Night) -> Night:
    try:
        return replace(night, page=write_page(lab, night))
    except Exception as error:  # noqa: BLE001 - what the night did stands, whatever becomes of its picture
        kept = lab.paths.reports / "nightly"
        fault = f"The page of the night could not be written ({type(error).__name__}); its summary is in '{kept}'."
        return replace(night, faults=(*night.faults, fault))


def _empty_inbox(
    lab: LabFolder, handed_in: HandedIn, faults: list[str], progress: Callable[[str, int, int], None] | None
) -> list[Ingested]:
    found = [files for files in deliveries_in([lab.paths.inbox]) if _is_settled(lab, files)]
    known = known_deliveries(lab)
    ingested: list[Ingested] = []
    done = 0
    with team_for(lab, known) as team:
        for chunk, following in chunks(found):
            team.begin([*chunk, *following])
            for outcome in _some(lab, chunk, team, handed_in, known, faults):
                ingested += [outcome] if outcome is not None else []
                done += 1
                if progress:
                    progress("ingest", done, len(found))
    return ingested


def _is_settled(lab: LabFolder, files: DeliveryPaths) -> bool:
    # A file that changed a moment ago may still be being copied into the inbox.
    newest = max((path.lstat().st_mtime for path in files.paths if is_regular(path)), default=0.0)
    return datetime.now(UTC).timestamp() - newest >= lab.settings.nightly.settle_s


def _some(
    lab: LabFolder,
    chunk: Sequence[DeliveryPaths],
    team: ReadingTeam,
    handed_in: HandedIn,
    known: set[str],
    faults: list[str],
) -> list[Ingested | None]:
    try:
        outcomes: list[Ingested | None] = list(ingest_chunk(lab, chunk, handed_in=handed_in, team=team))
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - one file that trips over a fault of ours must not stop the others: each alone
        outcomes = [_one(lab, files, handed_in, known, faults) for files in chunk]
    for files, outcome in zip(chunk, outcomes, strict=True):
        if outcome is not None:
            for path in files.paths if outcome.sha256 or not is_regular(files.main) else ():
                path.unlink(missing_ok=True)
    return outcomes


def _one(
    lab: LabFolder, files: DeliveryPaths, handed_in: HandedIn, known: set[str], faults: list[str]
) -> Ingested | None:
    try:
        return ingest_delivery(lab, files, handed_in=handed_in, known=known)
    except StoreError:
        raise
    except Exception as error:
        if is_disk_full(error):
            raise
        faults.append(
            f"'{shown_name(files.main)}' stays in the inbox: a fault of ours ({type(error).__name__}) stopped it."
        )
        return None
