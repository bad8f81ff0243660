"""Sign: an item with the decision on it, a release, or a locked plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qc.items.decisions import newest_on
from qc.items.names import parse_target
from qc.items.seen_item import seen_items
from qc.people.accounts import accounts
from qc.people.acting_person import Person, acting_person
from qc.people.rights import Right, has_right
from qc.people.signatures import Signature, write_signature
from qc.plan.plan_lock import plan_locks
from qc.release.release import release_names
from qc.store.entry import Kind
from schemas.errors import ConfigError, RightsError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def sign(
    lab: LabFolder, about: str, meaning: str, *, password: str | None = None, actor: str | None = None
) -> Signature:
    """Sign an item, a release or a locked plan.

    Parameters
    ----------
    about : str
        Name of an item (``R12.5``), a release (``ALS-1-R1``), or ``plan`` and the study (``plan:ALS-1``).
    meaning : str
        ``review``, ``approval``, ``responsibility`` or ``authorship``.
    password : str, optional
        Password of who signs; not needed while a session of the same person is open on this terminal.
    actor : str, optional
        Who signs; None means whoever has signed in, else the account of the operating-system user.

    Raises
    ------
    ConfigError
        If there is no such thing, or nothing was decided on the item.
    RightsError
        If the person may not sign, or the password is missing or wrong; a wrong one is in the ledger.
    """
    person = _signer(lab, actor, password)
    if not has_right(lab.settings.rights, person.roles, Right.SIGN):
        raise RightsError(f"'{person.name}' ({', '.join(person.roles)}) may not sign.")
    return write_signature(lab, person, _what(lab, about, person), about, meaning, password)


def _signer(lab: LabFolder, actor: str | None, password: str | None) -> Person:
    # A password says who somebody is: with one, nobody need have signed in before.
    known = accounts(lab.ledger).get(actor or "")
    if password and known is not None and known.is_active:
        return Person(known.name, known.roles, known)
    return acting_person(lab, actor)


def _what(lab: LabFolder, about: str, person: Person) -> dict[str, Any]:
    if about.startswith("plan:"):
        return _plan(lab, about.removeprefix("plan:"))
    if about in release_names(lab):
        return _release(lab, about, person)
    return _item(lab, str(parse_target(about)), person)


def _plan(lab: LabFolder, study: str) -> dict[str, Any]:
    locks = plan_locks(lab, study)
    if not locks:
        raise ConfigError(f"No plan is locked for study '{study}'.")
    newest = locks[-1]
    return {"kind": "plan", "study": study, "version": newest.version, "plan_sha256": newest.plan.sha256}


def _release(lab: LabFolder, name: str, person: Person) -> dict[str, Any]:
    made = lab.ledger.entries(kinds=[Kind.RELEASE], objects=[name])[-1]
    _refuse_own(lab, made.actor, person, f"release '{name}'", "release")
    return {"kind": "release", "release": name, "manifest_sha256": made.body["manifest_sha256"]}


def _item(lab: LabFolder, name: str, person: Person) -> dict[str, Any]:
    decision = newest_on(lab.ledger, [name]).get(name)
    with lab.facts.reading() as con:
        seen = seen_items(lab, con, [name], lab.ledger.head()[0]).get(name)
    if seen is None:
        raise ConfigError(f"There is nothing to sign by the name '{name}'.")
    if decision is None or (decision.judged_sha256 != seen.judged_sha256 and decision.seq != seen.stands):
        raise ConfigError(f"Nothing is decided on '{name}' as it now stands: decide first, then sign.")
    _refuse_own(lab, decision.actor, person, f"the decision on '{name}'", "approve_over")
    (entry,) = lab.ledger.entries(objects=[decision.via or name], after=decision.seq - 1)[:1]
    signed_item: dict[str, Any] = {"kind": "item", "item": name, "assessment_id": seen.assessment_id}
    return signed_item | {"judged_sha256": seen.judged_sha256, "decision_seq": entry.seq, "decision_hash": entry.hash}


def _refuse_own(lab: LabFolder, actor: str, person: Person, what: str, act: str) -> None:
    if act in lab.settings.people.four_eyes and actor == person.name:
        raise RightsError(f"'{person.name}' made {what} and cannot sign it too: a second person is asked for.")
