"""What one night did, as it is kept and printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qc.assess.judge.assessment import Assessed
from qc.decide.queue_and_show import QueueItem
from qc.ingest.outcome import Ingested
from qc.nights.queue_change import QueueChange
from schemas.json_model import TO_THE_SECOND, JsonModel


@dataclass(frozen=True, slots=True)
class Night(JsonModel):
    """What one night did."""

    json_keys = """lab began_at brought_by new=taken_in known=known_files failed assessed waiting changed worse
        oldest_waiting_h decided_by faults chosen_by_default gaps page?"""
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
    page: Path | None = None
    """Page of the night; None where it could not be written."""

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
