"""How a delivery is handed in: by whom, as a correction or not, and what has been released before."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qc.lab.actor import effective_user
from qc.people.acting_person import allowed_person
from qc.people.rights import Right, has_right
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
    software: str
    """Version that took it in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """How a delivery is handed in."""

    by: str
    """Who hands it in: an account, or the effective user of the operating system where the lab keeps none."""
    os_user: str = ""
    """Effective user of the operating system."""
    changes_sheets: bool = True
    """Whether rows of sheets on which no result rests are changed at once; else every changed row of a sheet waits."""
    correct: bool = False
    """Whether it is meant as a correction: every changed row waits, whether results rest on it or not."""
    released_studies: frozenset[str] = frozenset()
    """Studies with a release: there a new row waits too, where results rest on it."""
    recorded: Recorded | None = None
    """What became of its rows when it first came in, where it is read again; None for a new delivery."""


def handed_in_by(lab: LabFolder, actor: str | None, *, correct: bool) -> HandedIn:
    """Return how somebody hands files in, if that person may.

    Parameters
    ----------
    actor : str or None
        Named actor; None means whoever has signed in, else the operating-system user.
    correct : bool
        Whether they are meant as corrections.

    Raises
    ------
    RightsError
        If the person may not bring files, or not as corrections.
    """
    person = allowed_person(lab, actor, Right.INGEST, *([Right.CORRECT] if correct else []))
    changes_sheets = has_right(lab.settings.rights, person.roles, Right.SHEET)
    return HandedIn(by=person.name, os_user=effective_user(), correct=correct, changes_sheets=changes_sheets)


def with_releases(lab: LabFolder, handed_in: HandedIn) -> HandedIn:
    """Return how a delivery is handed in now, with what has been released up to now."""
    released = frozenset(str(entry.body["study"]) for entry in lab.ledger.entries(kinds=[Kind.RELEASE]))
    return replace(handed_in, released_studies=released)
