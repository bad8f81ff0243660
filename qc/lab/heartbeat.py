"""Heartbeats of what runs all day, and the mark that a backup leaves: small files under ``logs`` of the lab."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from schemas.json_model import TO_THE_SECOND, JsonModel

FOLDER = "logs"
"""Folder of a lab that holds them."""
_BEAT, _BACKUP = ".beat", "backup.json"
_MISSED = 2
"""Beats after which a watcher is silent."""


@dataclass(frozen=True, slots=True)
class Heartbeat(JsonModel):
    """The newest sign of life of one process."""

    json_time_format = TO_THE_SECOND

    name: str
    """``watch``, ``listen``."""
    at: datetime
    """When it last said so, in UTC."""
    every_s: float
    """How often it does, in seconds."""
    pid: int
    """Its process."""

    def is_silent(self, now: datetime) -> bool:
        """Tell whether two beats have been missed: it died, or hangs."""
        return (now - self.at).total_seconds() > _MISSED * self.every_s


def beat(root: Path, name: str, *, every_s: float, now: datetime | None = None) -> None:
    """Give a sign of life; a disk that takes none lets the work go on."""
    told = {"at": (now or datetime.now(UTC)).isoformat(), "every_s": every_s, "pid": os.getpid()}
    path = root / FOLDER / f"{name}{_BEAT}"
    try:
        path.parent.mkdir(mode=0o750, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.part")
        draft.write_text(json.dumps(told), encoding="utf-8")
        draft.replace(path)
    except OSError:
        return


def still(root: Path, name: str) -> None:
    """Say that a process has ended on purpose: nobody waits for it."""
    (root / FOLDER / f"{name}{_BEAT}").unlink(missing_ok=True)


def heartbeats(root: Path) -> tuple[Heartbeat, ...]:
    """Read the newest signs of life; what cannot be read is as silent as what is old."""
    return tuple(_read(path) for path in sorted((root / FOLDER).glob(f"*{_BEAT}")))


def _read(path: Path) -> Heartbeat:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Heartbeat(path.stem, datetime.fromisoformat(told["at"]), float(told["every_s"]), int(told["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Heartbeat(path.stem, datetime.fromtimestamp(0, UTC), 0.0, 0)


def note_backup(root: Path) -> None:
    """Note that a whole backup was made now."""
    path = root / FOLDER / _BACKUP
    path.parent.mkdir(mode=0o750, exist_ok=True)
    path.write_text(json.dumps({"at": datetime.now(UTC).isoformat()}), encoding="utf-8")


def last_backup(root: Path) -> datetime | None:
    """Return when the newest backup was made, in UTC; None if there is none."""
    try:
        told = json.loads((root / FOLDER / _BACKUP).read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
