"""How a delivery is handed in: by whom, as a correction or not, and what has been released before."""

from __future__ import annotations

import os
import pwd
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.store.entry import Kind

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the rows of a delivery when it first came in, by table and key."""

    written: Collection[tuple[str, str]]
    """Rows of sheets that were written at once."""
    waited: Collection[tuple[str, str]]
    """Rows that waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """How a delivery is handed in."""

    by: str
    """Effective user of the operating system."""
    correct: bool = False
    """Whether it is meant as a correction: every changed row waits, whether results rest on it or not."""
    released_studies: frozenset[str] = frozenset()
    """Studies with a release: there a new row waits too, where results rest on it."""
    recorded: Recorded | None = None
    """What became of its rows when it first came in, where it is read again; None for a new delivery."""


def effective_user() -> str:
    """Return the name of the user under whom the program runs; the environment is not asked."""
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return f"uid {os.geteuid()}"


def handed_in_now(lab: LabFolder, *, correct: bool) -> HandedIn:
    """Return how a delivery is handed in now.

    Parameters
    ----------
    correct : bool
        Whether it is meant as a correction.
    """
    released = frozenset(str(entry.body["study"]) for entry in lab.ledger.entries(kinds=[Kind.RELEASE]))
    return HandedIn(by=effective_user(), correct=correct, released_studies=released)
