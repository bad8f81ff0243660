"""Troubles that come with time: late nights, lots that end, old backups, silent watchers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.lab.heartbeat import Heartbeat
from qc.store.frames import first_row
from qc.triage.expiring_lots import ExpiringLot
from qc.triage.last_night import LastNight
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.settings import NightlySettings
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Trouble(JsonModel):
    """One thing that is in trouble and that a rule of ``[notify]`` may tell of."""

    rule: str
    """Setting of ``[notify]``."""
    key: str
    """What it is about."""
    says: str
    """Full sentence."""


def night_troubles(settings: NightlySettings, night: LastNight, now: datetime) -> Iterator[Trouble]:
    """Tell of a lab that has had no good night for long."""
    age = night.age_h(now)
    if age is None:
        says = "There has been no good night yet: run 'qc nightly', or look why it fails."
        yield Trouble("night_late", "never", says)
    elif age > settings.max_age_h:
        says = f"The last good night is {age:.0f} hours old; [nightly] max_age_h is {settings.max_age_h:g}."
        yield Trouble("night_late", "late", says)


def lot_troubles(lots: Sequence[ExpiringLot], now: datetime) -> Iterator[Trouble]:
    """Tell of lots that end soon, or have ended."""
    for one in lots:
        days = (one.expires_on.date() - now.date()).days
        ends = f"ends in {days} days" if days > 1 else "ends tomorrow" if days == 1 else "ends today"
        ends = ends if days >= 0 else "has ended"
        todo = "measure a new lot beside it" if one.kind == "control" else "open a new one and compare both"
        says = f"Lot '{one.lot}' of {one.kind} {one.what} {ends} ({one.expires_on:%Y-%m-%d}): {todo}."
        yield Trouble("lot_expires", f"{one.kind} {one.what} {one.lot}", says)


def backup_troubles(
    con: Connection, settings: NightlySettings, backup: datetime | None, now: datetime
) -> Iterator[Trouble]:
    """Tell of a backup that is old, or of data for as long without one."""
    (first,) = first_row(con, "SELECT min(ingested_at) FROM sources") or (None,)
    since = backup or (first.replace(tzinfo=UTC) if first is not None else now)
    days = (now - since).total_seconds() / 86400
    if days > settings.max_backup_days:
        what = f"The newest backup is {days:.0f} days old" if backup else "No backup was ever made here"
        says = f"{what}; [nightly] max_backup_days is {settings.max_backup_days:g}: run 'qc backup'."
        yield Trouble("backup_old", "backup", says)


def watcher_troubles(beats: Sequence[Heartbeat], now: datetime) -> Iterator[Trouble]:
    """Tell of what should run all day and has given no sign of life for two beats."""
    for one in beats:
        if one.is_silent(now):
            since = f"'qc {one.name}' has been silent since {one.at:%Y-%m-%d %H:%M} UTC"
            says = f"{since} (it beats every {one.every_s:g} s): it has died or hangs; start it again."
            yield Trouble("watcher_silent", one.name, says)
