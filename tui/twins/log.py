"""Twin of the screen 'log': what people did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from schemas.counted import counted
from schemas.json_model import JsonModel
from tui.twins.line_words import ScreenJson

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.ledger_pages import LogLine


@dataclass(frozen=True, slots=True)
class LogTwin(JsonModel):
    """Twin of the screen 'log'."""

    json_keys = "screen entries"

    entries: list[LogLine]
    """Entries of the ledger, newest first."""
    screen: Literal["log"] = "log"
    """Name of the screen."""


def answer(lab: Lab, begin: str, order: str, most: int) -> LogTwin:
    """Return what the screen 'log' shows."""
    from qc.triage.ledger_pages import log_page

    return LogTwin(log_page(lab, n_lines=most))


def lines(screen: ScreenJson) -> Iterator[str]:
    """Write it line by line."""
    yield f"log: {counted(len(screen['entries']), 'entry', 'entries')}, newest first"
    for one in screen["entries"]:
        at = str(one["at"])[:16].replace("T", " ")
        words = f": {one['words']}" if one["words"] else ""
        yield f"entry {one['seq']}: {at} UTC, {one['actor']}, {one['kind'].replace('_', ' ')} of {one['about']}{words}"
