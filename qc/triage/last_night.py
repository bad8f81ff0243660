"""The newest nights of a lab, from their summaries."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.json_model import TO_THE_SECOND, JsonModel

MOST_NIGHTS = 60
"""Nights that are looked through for the last good one."""
_NAME = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class LastNight(JsonModel):
    """When the lab last had a night."""

    json_time_format = TO_THE_SECOND

    began_at: datetime | None
    """When the newest night began, in UTC; None if there was none."""
    good_at: datetime | None
    """When the newest night without a fault of ours began; None if there is none among the newest 60."""
    n_faults: int
    """Faults of ours in the newest night: what it could not do, whatever the data."""

    def age_h(self, now: datetime) -> float | None:
        """Return the age of the last good night in hours; None if there is none."""
        return None if self.good_at is None else (now - self.good_at).total_seconds() / 3600


def last_night(folder: Path) -> LastNight:
    """Read the newest summaries.

    Parameters
    ----------
    folder : Path
        Folder of the nights of a lab; it may not be there yet.
    """
    newest = sorted(folder.glob("*.json"), reverse=True)[:MOST_NIGHTS]
    if not newest:
        return LastNight(None, None, 0)
    n_faults = _n_faults(newest[0])
    good = newest[0] if not n_faults else next((path for path in newest[1:] if not _n_faults(path)), None)
    return LastNight(_began_at(newest[0]), _began_at(good) if good else None, n_faults)


def _n_faults(path: Path) -> int:
    try:
        return len(json.loads(path.read_text(encoding="utf-8"))["faults"])
    except (OSError, ValueError, KeyError):
        return 1  # a summary that cannot be read is no sign of a good night


def _began_at(path: Path) -> datetime:
    return datetime.strptime(path.stem, _NAME).replace(tzinfo=UTC)
