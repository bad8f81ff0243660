"""What the screens need to know of a lab before anybody acts, and what others do meanwhile."""

from __future__ import annotations

import tomllib
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

    told: dict[str, tuple[list[str], int]] = defaultdict(lambda: ([], 0))
    for item, words, seq in acts_after(lab, after):
        if seq in own:
            continue
        items, newest = told[words]
        told[words] = ([*items, item], max(newest, seq))
    return dict(told)


def read_keymap(path: Path) -> dict[str, str]:
    """Read a file of keys.

    Parameters
    ----------
    path : Path
        TOML with one table ``[keys]``: name of a binding, and its keys separated by commas.

    Raises
    ------
    ConfigError
        If it cannot be read, or a name or a key is not a text.
    """
    from schemas.errors import ConfigError

    try:
        keys = tomllib.loads(path.read_text(encoding="utf-8")).get("keys", {})
    except (OSError, ValueError) as error:
        raise ConfigError(f"The file of keys '{path}' cannot be read: {error}.") from error
    if not isinstance(keys, dict) or not all(isinstance(key, str) for key in keys.values()):
        raise ConfigError(f'The file of keys \'{path}\' needs a table [keys] of texts, such as "act.approve" = "y".')
    return keys
