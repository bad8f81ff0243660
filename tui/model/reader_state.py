"""What one reader keeps from visit to visit: last visit, recent reasons, own queues. No data of the lab."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

_MOST_RECENT = 8


@dataclass(slots=True)
class ReaderState:
    """State of one reader in one lab."""

    last_visit: str = ""
    """End of the last visit, ISO 8601 in UTC; empty if there was none."""
    recent: list[list[str]] = field(default_factory=list)
    """Reasons with their notes, newest first."""
    queues: list[list[str]] = field(default_factory=list)
    """Own saved queues: title and filter."""
    theme: str = ""
    """Theme that was chosen; empty for the default."""

    @property
    def visited_at(self) -> datetime | None:
        """End of the last visit, in UTC; None if there was none."""
        try:
            return datetime.fromisoformat(self.last_visit)
        except ValueError:
            return None

    def remember(self, reason: str, note: str) -> None:
        """Put a reason in front of the recent ones."""
        own = [reason, note]
        self.recent = [own, *(one for one in self.recent if one != own)][:_MOST_RECENT]


def state_path(lab_root: Path, reader: str) -> Path:
    """Return where the state of a reader in a lab lies."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    name = hashlib.sha256(f"{lab_root.resolve()}\0{reader}".encode()).hexdigest()[:24]
    return Path(base) / "assaygate" / f"{name}.json"


def read_state(path: Path) -> ReaderState:
    """Read the state of a reader; what cannot be read counts as none."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return ReaderState(**{name: stored[name] for name in ReaderState.__dataclass_fields__ if name in stored})
    except (OSError, ValueError, TypeError):
        return ReaderState()


def write_state(path: Path, state: ReaderState) -> None:
    """Write the state of a reader; a folder that cannot be written is no reason to stop."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
        draft.replace(path)
    except OSError:
        return


def now_text() -> str:
    """Return the time as the state writes it.

    Returns
    -------
    str
        ISO 8601 in UTC.
    """
    return datetime.now(UTC).isoformat(timespec="seconds")
