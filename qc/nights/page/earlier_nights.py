"""What earlier nights brought, from their kept pages: for a page that tells of a weekend."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any  # JSON that this version wrote, or another

from qc.nights.page.night_page import FileOfNight, RunOfNight

NAME_FORMAT = "%Y%m%dT%H%M%S%fZ"
"""Name of a night: when it began, in UTC."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What nights before this one brought."""

    files: tuple[FileOfNight, ...] = ()
    """Files, oldest first."""
    runs: tuple[RunOfNight, ...] = ()
    """Runs as they were judged then, oldest first."""


NOTHING = Earlier()
"""No earlier night is told of."""


def earlier_nights(folder: Path, since: datetime | None) -> Earlier:
    """Read what the nights since a time brought; a page that cannot be read is passed over.

    Parameters
    ----------
    since : datetime or None
        Time with its zone; None means that no earlier night is told of.
    """
    if since is None:
        return NOTHING
    first = since.astimezone(UTC).strftime(NAME_FORMAT)
    pages = [_read(path) for path in sorted(folder.glob("*.json")) if path.stem >= first]
    files = [_made(FileOfNight, one) for page in pages for one in page.get("files", ())]
    runs = [_made(RunOfNight, one) for page in pages for one in page.get("runs", ())]
    return Earlier(tuple(one for one in files if one is not None), tuple(one for one in runs if one is not None))


def _read(path: Path) -> Mapping[str, Any]:
    try:
        page: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return page


def _made(kind: Any, told: Mapping[str, Any]) -> Any:
    try:
        return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in told.items()})
    except TypeError:
        return None  # another version wrote it
