"""What the state of a lab has to tell: no good night for long, a silent watcher, lots that end, an old backup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qc.nights.notices.notice import Notice

if TYPE_CHECKING:
    from qc.triage.lab_status import LabStatus


def notices_of_status(status: LabStatus) -> Iterator[Notice]:
    """Yield what the state of a lab has to tell."""
    for trouble in status.trouble_by_rule:
        title = f"{status.lab}: {_TITLES[trouble.rule]}"
        yield Notice(rule=trouble.rule, key=trouble.key, title=title, text=trouble.says)


_TITLES = {
    "night_late": "no good night",
    "watcher_silent": "a watcher is silent",
    "lot_expires": "a lot ends",
    "backup_old": "no recent backup",
}
