"""Looks are acts: who has opened the p-values of a release, and what was rejected after that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.items.decisions import Act
from qc.people.acting_person import acting_person
from qc.store.entry import Draft, Entry, Kind
from qc.store.read_only import is_read_only
from schemas.canonical import utc_text
from schemas.errors import QcError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.entry import HasEntries


class _KnownLookError(QcError):
    """Somebody has told the same look meanwhile."""


def record_look(lab: LabFolder, release: str, study: str) -> None:
    """Tell the ledger that somebody opens the p-values of a release; once a person and release.

    Raises
    ------
    SignInError
        If the lab keeps accounts and nobody is known to look: no p-value is shown then.
    """
    who = acting_person(lab, None).name
    # A copy that cannot be written is read as it is: what is looked at in it is no act in the lab.
    if has_looked(lab, release, who) or is_read_only(lab.paths.ledger):
        return
    known = lab.ledger.head()[0]
    draft = Draft(Kind.LOOK, release, {"study": study, "what": "p-values"}, who)
    try:
        lab.ledger.append([draft], at=datetime.now(UTC), after=known, check=lambda newer: _refuse_known(newer, draft))
    except _KnownLookError:
        return


def _refuse_known(newer: Sequence[Entry], draft: Draft) -> None:
    if any((one.kind, one.object, one.actor) == (draft.kind, draft.object, draft.actor) for one in newer):
        raise _KnownLookError("The look is told already.")


def has_looked(lab: LabFolder, release: str, who: str) -> bool:
    """Tell whether a person has opened the p-values of a release."""
    return any(one.object == release and one.actor == who for one in lab.ledger.entries_of(Kind.LOOK))


def looks_before(ledger: HasEntries, study: str, before: int = 1 << 62) -> dict[str, Any]:
    """Return who had seen p-values of earlier releases of a study, and what passing results were rejected after.

    Parameters
    ----------
    before : int
        Only entries with a lower number.

    Returns
    -------
    dict
        ``looks`` (``release``, ``seen_by``, ``at``, ``seq``), ``n_rejected_passing`` since the first of them, and
        ``sentences``, which are empty where nobody has looked.
    """
    entries = [one for one in ledger.entries_of(Kind.LOOK, Kind.DECISION, Kind.UNDO) if one.seq < before]
    looks = [one for one in entries if one.kind is Kind.LOOK and one.body["study"] == study]
    rejected = _rejected_passing(entries, study, looks[0].seq) if looks else []
    told = [{"release": one.object, "seen_by": one.actor, "at": utc_text(one.at), "seq": one.seq} for one in looks]
    return {"looks": told, "n_rejected_passing": len(rejected), "sentences": _sentences(looks, len(rejected))}


def _rejected_passing(entries: Sequence[Entry], study: str, since: int) -> list[Entry]:
    undone = {int(one.body["undoes"]) for one in entries if one.kind is Kind.UNDO}
    return [
        one
        for one in entries
        if one.kind is Kind.DECISION and one.seq > since and one.seq not in undone
        if one.body["act"] == Act.REJECT and one.body.get("passing") and one.body["study"] == study
    ]


def _sentences(looks: Sequence[Entry], n_rejected: int) -> list[str]:
    sentences = []
    for release in dict.fromkeys(one.object for one in looks):
        names = ", ".join(f"{one.actor} ({one.at:%Y-%m-%d})" for one in looks if one.object == release)
        sentences.append(f"The p-values of '{release}' had been seen by {names} before this release was made.")
    if looks:
        results = "1 passing result was" if n_rejected == 1 else f"{n_rejected} passing results were"
        sentences.append(f"{results} rejected in between.")
    return sentences
