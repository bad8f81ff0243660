"""The state of a lab for a monitor: nights, what waits, quarantine, controls, space, and what is in trouble."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.lab.heartbeat import Heartbeat, heartbeats, last_backup
from qc.store.frames import first_row
from qc.triage.expiring_lots import ExpiringLot, expiring_lots
from qc.triage.filter_sql import condition_of
from qc.triage.last_night import LastNight, last_night
from qc.triage.ledger_states import read_ledger_states
from qc.triage.morning import morning
from qc.triage.troubles import Trouble, backup_troubles, lot_troubles, night_troubles, watcher_troubles
from schemas.counted import counted
from schemas.json_model import TO_THE_SECOND, JsonModel
from schemas.queue_filter import EVERYTHING

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection
    from qc.triage.morning import Morning

_OLDEST = """
    SELECT min(a.assessed_at)
    FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id) WHERE {}
"""

_BY_AGE = """
    SELECT count(*) FILTER (age <= 24), count(*) FILTER (age > 24 AND age <= 72),
        count(*) FILTER (age > 72 AND age <= 168), count(*) FILTER (age > 168)
    FROM (
        SELECT date_diff('hour', a.assessed_at::TIMESTAMP, ?::TIMESTAMP) AS age
        FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id) WHERE {}
    )
"""


@dataclass(frozen=True, slots=True)
class ControlInTrouble(JsonModel):
    """One level of controls whose newest result stands out."""

    analyte: str
    """Analyte."""
    matrix: str
    """Matrix."""
    level: str
    """Level."""
    run: str
    """Run of the newest result."""
    z: float
    """Its distance from the target, in SD."""


@dataclass(frozen=True, slots=True)
class WaitingCause(JsonModel):
    """One cause that several items wait for."""

    cause: str
    """Name to type."""
    verdict: str
    """Gravest verdict of its items."""
    rules: tuple[str, ...]
    """Rules that hold them."""
    n_items: int
    """How many items wait for it."""
    n_results: int
    """How many results they cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabStatus(JsonModel):
    """What a monitor wants to know of a lab; nothing about a patient or a sample is in it."""

    json_time_format = TO_THE_SECOND
    json_keys = """lab at is_well troubles night good_night_age_h n_waiting n_waiting_by_verdict n_waiting_by_age causes
        oldest_waiting_h n_quarantined n_corrections controls_in_trouble expiring_lots backup_age_h heartbeats
        silent free_percent free_bytes"""

    lab: str
    """Name of the lab."""
    at: datetime
    """When it was asked, in UTC."""
    is_well: bool
    """Whether nothing is in trouble."""
    troubles: tuple[str, ...]
    """What is in trouble: full sentences."""
    night: LastNight
    """The newest nights."""
    good_night_age_h: float | None
    """Age of the last good night, in hours; None if there is none."""
    n_waiting: int
    """What waits for a person, as the queue counts it."""
    n_waiting_by_verdict: dict[str, int]
    """The same by verdict."""
    n_waiting_by_age: dict[str, int]
    """The same by the age of the judgement: ``day``, ``3 days``, ``week``, ``older``."""
    causes: tuple[WaitingCause, ...]
    """The first causes that several items share, gravest first."""
    oldest_waiting_h: float | None
    """Age of the oldest judgement that waits, in hours; None if nothing waits."""
    n_quarantined: int
    """Deliveries in quarantine."""
    n_corrections: int
    """Corrections that wait."""
    controls_in_trouble: tuple[ControlInTrouble, ...]
    """Controls whose newest result lies beyond 3 SD."""
    expiring_lots: tuple[ExpiringLot, ...]
    """Lots in use that end soon."""
    backup_age_h: float | None
    """Age of the newest backup, in hours; None if none was made."""
    heartbeats: tuple[Heartbeat, ...]
    """Signs of life of what runs all day."""
    trouble_by_rule: tuple[Trouble, ...]
    """Those of the troubles that ``[notify]`` may tell of."""
    free_percent: float
    """Free space of the disk that the lab lies on, in percent."""
    free_bytes: int
    """The same in bytes."""

    @property
    def silent(self) -> list[str]:
        """Watchers that have missed two beats."""
        return [one.name for one in self.heartbeats if one.is_silent(self.at)]


def lab_status(lab: LabFolder, con: Connection, *, now: datetime | None = None) -> LabStatus:
    """Collect the state of a lab.

    Parameters
    ----------
    now : datetime, optional
        Time in UTC; the clock, if not given.
    """
    now = now or datetime.now(UTC)
    early, night = morning(lab, con), last_night(lab.paths.reports / "nightly")
    disk = shutil.disk_usage(lab.paths.root)
    free = 100 * disk.free / disk.total
    lots, backup = expiring_lots(con, now, lab.settings.nightly.lot_days), last_backup(lab.paths.root)
    beats = heartbeats(lab.paths.root)
    by_rule = (
        *night_troubles(lab.settings.nightly, night, now),
        *lot_troubles(lots, now),
        *backup_troubles(con, lab.settings.nightly, backup, now),
        *watcher_troubles(beats, now),
    )
    troubles = (*(one.says for one in by_rule), *_troubles(lab, early, night, free))
    return LabStatus(
        lab=lab.name,
        at=now,
        is_well=not troubles,
        troubles=troubles,
        night=night,
        good_night_age_h=night.age_h(now),
        n_waiting=early.n_waiting,
        n_waiting_by_verdict=early.n_by_verdict,
        n_waiting_by_age=_by_age(lab, con, now),
        causes=tuple(
            WaitingCause(one.cause, one.verdict.value, one.rules, one.n_items, one.n_results) for one in early.causes
        ),
        oldest_waiting_h=oldest_waiting_h(lab, con, now),
        n_quarantined=early.n_quarantined,
        n_corrections=early.n_corrections,
        controls_in_trouble=tuple(
            ControlInTrouble(line.analyte, line.matrix, line.level, line.run, line.last or 0.0) for line in early.out
        ),
        expiring_lots=lots,
        backup_age_h=None if backup is None else (now - backup).total_seconds() / 3600,
        heartbeats=beats,
        trouble_by_rule=by_rule,
        free_percent=free,
        free_bytes=disk.free,
    )


def oldest_waiting_h(lab: LabFolder, con: Connection, now: datetime) -> float | None:
    """Return the age of the oldest judgement that waits for a person, in hours; None if nothing waits."""
    undecided = condition_of(EVERYTHING, read_ledger_states(lab, con, reader=""))
    (oldest,) = first_row(con, _OLDEST.format(undecided.sql), list(undecided.values)) or (None,)
    return None if oldest is None else (now.replace(tzinfo=None) - oldest.replace(tzinfo=None)).total_seconds() / 3600


def _by_age(lab: LabFolder, con: Connection, now: datetime) -> dict[str, int]:
    undecided = condition_of(EVERYTHING, read_ledger_states(lab, con, reader=""))
    sql = _BY_AGE.format(undecided.sql)
    counts = first_row(con, sql, [now.replace(tzinfo=None), *undecided.values]) or (0, 0, 0, 0)
    return dict(zip(("day", "3 days", "week", "older"), counts, strict=True))


def _troubles(lab: LabFolder, early: Morning, night: LastNight, free: float) -> Iterator[str]:
    settings = lab.settings.nightly
    if night.n_faults:
        yield f"The newest night met {counted(night.n_faults, 'fault')} of the program: its summary says more."
    if early.n_quarantined:
        yield f"{counted(early.n_quarantined, 'delivery is', 'deliveries are')} in quarantine."
    if early.n_corrections:
        wait = counted(early.n_corrections, "correction waits", "corrections wait")
        yield f"{wait}; the gate of their study is closed."
    for line in early.out:
        yield f"Control {line.analyte} {line.matrix} {line.level} of run {line.run} is {line.last:+.1f} SD off target."
    if free < settings.min_free_percent:
        yield f"{free:.1f} % of the disk is free; [nightly] min_free_percent is {settings.min_free_percent:g}."
