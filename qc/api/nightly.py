"""The night: inbox, ingest, assessment, suites, queue, and one summary that says what is new."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.api.queue_change import QueueChange, queue_change, worse_items
from qc.assess.assess import assess
from qc.assess.judge.assessment import Assessed
from qc.decide.queue_and_show import QueueItem, queue
from qc.ingest.archive import write_whole
from qc.ingest.delivery import DeliveryPaths, deliveries_in, is_regular, shown_name
from qc.ingest.handed_in import HandedIn, handed_in_by
from qc.ingest.ingest import chunks, ingest_delivery, known_deliveries, recover, team_for
from qc.ingest.outcome import Ingested, ingest_chunk
from qc.release.declared_choice import default_words, undeclared_choices
from qc.release.sheet_gaps import sheet_gaps
from qc.store.disk_full import is_disk_full
from qc.triage.lab_status import oldest_waiting_h
from qc.workers import worker_pool
from schemas.errors import StoreBusyError, StoreError
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from qc.ingest.reading_team import ReadingTeam
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class Night(JsonModel):
    """What one night did."""

    json_keys = """lab began_at brought_by new=taken_in known=known_files failed assessed waiting changed worse
        oldest_waiting_h decided_by faults chosen_by_default gaps"""
    json_time_format = TO_THE_SECOND

    began_at: datetime
    """When it began, in UTC."""
    ingested: tuple[Ingested, ...]
    """What became of each delivery of the inbox."""
    assessed: tuple[Assessed, ...]
    """Runs that were judged."""
    waiting: tuple[QueueItem, ...]
    """Items that wait for a person now."""
    changed: QueueChange
    """What it changed in the queue."""
    faults: tuple[str, ...]
    """What went wrong outside of the data; the rest of the night went on."""
    chosen_by_default: str = ""
    """What defaults have chosen of several results of a sample, and what settles it; empty where nobody has to."""
    gaps: tuple[str, ...] = ()
    """Where sheets do not fit each other or the runs, with what to do; told each night until it is mended."""
    lab: str = ""
    """Name of the lab."""
    brought_by: str = ""
    """Account or user that handed the files of the inbox in."""
    worse: tuple[str, ...] = ()
    """Items that newly wait in runs that had come in before."""
    oldest_waiting_h: float | None = None
    """Age of the oldest judgement that waits, in hours; None if nothing waits."""
    decided_by: tuple[str, ...] = ()
    """Roles that may decide on what waits."""

    @property
    def newly(self) -> list[QueueItem]:
        """Return what waits now and did not after the last night."""
        names = set(self.changed.newly_waiting)
        return [item for item in self.waiting if item.shown.item in names]

    @property
    def failed(self) -> list[Ingested]:
        """Deliveries that went to quarantine."""
        return [delivery for delivery in self.ingested if delivery.outcome == "quarantined"]

    @property
    def taken_in(self) -> list[Ingested]:
        """Return the deliveries that were new."""
        return [delivery for delivery in self.ingested if delivery.outcome in ("in", "waits")]

    @property
    def known_files(self) -> list[str]:
        """Return the files that were in already."""
        return [delivery.file for delivery in self.ingested if delivery.outcome == "known"]


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
    return night


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
