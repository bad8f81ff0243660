"""The differences of two releases as a blinded reviewer sees them: pseudonyms for samples, no subject and no visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.lab.blinding import pseudonym, read_secret
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.people.unblinding import tell_look

if TYPE_CHECKING:
    from checks.releases.changes import ColumnChange, ReleaseDiff
    from qc.lab.folder import LabFolder

_HIDDEN = ("subject", "visit", "arm")
BEHIND_THE_BLIND = "(blinded)"
"""What stands in place of a subject or a visit."""


def blinded_diff(lab: LabFolder, study: str, diff: ReleaseDiff) -> ReleaseDiff:
    """Return the differences with pseudonyms in place of samples, subjects and visits left out.

    Parameters
    ----------
    study : str
        Study of both releases.
    """
    secret = read_secret(lab.paths.blind_secret)

    def code(sample: str) -> str:
        return pseudonym(secret, f"sample:{study}", sample)

    return replace(
        diff,
        results=tuple(replace(one, sample=code(one.sample), columns=_blinded(one.columns)) for one in diff.results),
        samples=tuple(replace(one, sample=code(one.sample), columns=_blinded(one.columns)) for one in diff.samples),
    )


def _blinded(columns: Sequence[ColumnChange]) -> tuple[ColumnChange, ...]:
    return tuple(
        replace(one, before=BEHIND_THE_BLIND, after=BEHIND_THE_BLIND) if one.column in _HIDDEN else one
        for one in columns
    )


def record_look(lab: LabFolder, first: str, second: str, *, reason: str, actor: str | None) -> None:
    """Write into the ledger that somebody looks behind the blind of a comparison, before anything is told.

    Raises
    ------
    RightsError
        If the person may not unblind.
    """
    person = allowed_person(lab, actor, Right.UNBLIND)
    tell_look(lab, [f"release_diff:{first}:{second}"], {"reason": reason}, person.name)
