"""What a lab stands on, for the doctor: every fault with what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.lab.file_system import lock_faults, network_fault
from qc.lab.heartbeat import heartbeats, last_backup
from qc.store.frames import first_row
from qc.triage.surroundings.machine import (
    clock_faults,
    disk_faults,
    drop_dead_holders,
    lock_holder_faults,
    right_faults,
)
from qc.triage.surroundings.packages import shadow_faults, version_faults
from qc.triage.troubles import backup_troubles, watcher_troubles
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_NEWEST = """
    SELECT (SELECT max(ingested_at)::TIMESTAMP FROM sources), (SELECT max(assessed_at)::TIMESTAMP FROM assessments)
"""


def surroundings(lab: LabFolder, *, now: datetime | None = None) -> list[Fault]:
    """Look at file system, disk, clock, rights, packages, backups and watchers; drop names that dead processes left.

    Parameters
    ----------
    now : datetime, optional
        Time in UTC; the clock, if not given.
    """
    now = now or datetime.now(UTC)
    root = lab.paths.root
    drop_dead_holders(lab)
    network = network_fault(root)
    faults = [network] if network is not None else []
    faults += [*lock_faults(root), *disk_faults(lab), *right_faults(lab), *lock_holder_faults(lab, now)]
    faults += [*version_faults(), *shadow_faults()]
    with lab.facts.reading() as con:
        newest = _newest(lab, con)
        backups = list(backup_troubles(con, lab.settings.nightly, last_backup(root), now))
    faults += clock_faults(lab, newest, now)
    return faults + [Fault(one.key, one.says) for one in (*backups, *watcher_troubles(heartbeats(root), now))]


def _newest(lab: LabFolder, con: Connection) -> list[tuple[str, datetime]]:
    came, judged = first_row(con, _NEWEST) or (None, None)
    times = [("newest file", came), ("newest judgement", judged)]
    entries = lab.ledger.entries(after=lab.ledger.head()[0] - 1)
    times += [("newest entry of the ledger", entry.at) for entry in entries]
    return [(what, at.replace(tzinfo=UTC)) for what, at in times if at is not None]
