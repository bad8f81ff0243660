"""What the screens need to know of a lab before anybody acts, and what others do meanwhile."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.state import ReaderState, read_state, state_path

if TYPE_CHECKING:
    from qc.lab import Lab
    from tui.desk import Desk


@dataclass(frozen=True, slots=True)
class Opened:
    """A lab as its reader finds it."""

    state: ReaderState
    """What the reader kept."""
    state_path: Path
    """Where it lies."""
    queues: tuple[tuple[str, str], ...]
    """Saved queues of the lab: title and filter."""
    refusal: str
    """Why nobody is known to act; empty if somebody is."""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who would sign."""

    name: str
    """Name; empty if nobody is known."""
    needs_name: bool
    """Whether the name must be given."""
    needs_password: bool
    """Whether a password must be given."""


def open_desk(lab: Lab, desk: Desk) -> Opened:
    """Read what a reader kept, and the queues of the lab.

    Parameters
    ----------
    lab : Lab
        The lab.
    desk : Desk
        Desk that is told of the last visit.

    Returns
    -------
    Opened
        What is known.
    """
    from qc.triage.saved import saved_queues

    reader = desk.reader
    path = state_path(lab.paths.root, reader)
    state = read_state(path)
    desk.last_visit = state.visited_at
    refusal = "" if reader else "nobody has signed in: qc sign-in NAME"
    return Opened(state, path, saved_queues(lab), refusal)


def newer_acts(lab: Lab, after: int, own: frozenset[int]) -> dict[str, tuple[list[str], int]]:
    """Return what was decided since an entry of the ledger.

    Parameters
    ----------
    lab : Lab
        The lab.
    after : int
        Number of the newest entry that is known.
    own : frozenset of int
        Numbers of own entries, which are known too.

    Returns
    -------
    dict of str to tuple
        By what happened: items, and the number of the newest entry.
    """
    from qc.triage.log import acts_after

    told: dict[str, tuple[list[str], int]] = defaultdict(lambda: ([], 0))
    for item, words, seq in acts_after(lab, after):
        if seq in own:
            continue
        items, newest = told[words]
        told[words] = ([*items, item], max(newest, seq))
    return dict(told)


def signer_of(lab: Lab, actor: str | None) -> Signer:
    """Say who would sign, and what is missing.

    Parameters
    ----------
    lab : Lab
        The lab.
    actor : str or None
        Who acts.

    Returns
    -------
    Signer
        The core checks everything again.
    """
    from qc.people.acting import acting_person
    from qc.people.sessions import open_session
    from schemas.errors import RightsError

    try:
        name = acting_person(lab, actor).name
    except RightsError:
        return Signer("", needs_name=True, needs_password=True)
    session = open_session(lab)
    return Signer(name, needs_name=False, needs_password=session is None or session.user != name)


def read_keymap(path: Path) -> dict[str, str]:
    """Read a file of keys.

    Parameters
    ----------
    path : Path
        TOML with one table ``[keys]``: name of a binding, and its keys separated by commas.

    Returns
    -------
    dict of str to str
        Keys by the name of the binding.

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
