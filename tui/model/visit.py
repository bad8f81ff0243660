"""What the screens need to know of a lab before anybody acts, and what others do meanwhile."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.model.reader_state import ReaderState, read_state, state_path

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from tui.model.desk import Desk


@dataclass(frozen=True, slots=True)
class Visit:
    """A lab as its reader finds it."""

    state: ReaderState
    """What the reader kept."""
    state_path: Path
    """Where it lies."""
    queues: tuple[tuple[str, str], ...]
    """Saved queues of the lab: title and filter."""
    reader: str
    """Who looks; empty if nobody is known to act."""


def begin_visit(lab: Lab, desk: Desk) -> Visit:
    """Read what a reader kept, and the queues of the lab."""
    from qc.triage.saved_queues import saved_queues

    reader = desk.reader
    path = state_path(lab.paths.root, reader)
    state = read_state(path)
    desk.last_visit = state.visited_at
    return Visit(state, path, saved_queues(lab), reader)


def newer_acts(lab: Lab, after: int, own: frozenset[int]) -> dict[str, tuple[list[str], int]]:
    """Return what was decided since an entry of the ledger.

    Returns
    -------
    dict of str to tuple
        By what happened: items, and the number of the newest entry.
    """
    from qc.triage.ledger_pages import acts_after

    acts: dict[str, tuple[list[str], int]] = defaultdict(lambda: ([], 0))
    for item, words, seq in acts_after(lab, after):
        if seq in own:
            continue
        items, newest = acts[words]
        acts[words] = ([*items, item], max(newest, seq))
    return dict(acts)
