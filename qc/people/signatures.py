"""Signatures: name, time and meaning over the hash of what is signed, as entries of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qc.people.acting_person import Person
from qc.people.sessions import PASSWORD, check_password, keep_open, open_session
from qc.store.entry import Draft, Entry, Kind
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import ConfigError, RightsError
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.entry import HasEntries


class Meaning(StrEnum):
    """What a signature means."""

    REVIEW = "review"
    APPROVAL = "approval"
    RESPONSIBILITY = "responsibility"
    AUTHORSHIP = "authorship"


@dataclass(frozen=True, slots=True)
class Signature(JsonModel):
    """One signature."""

    json_time_format = TO_THE_SECOND

    object: str
    """What was signed: an item, a release, a plan, an entry."""
    user: str
    """Account that signed."""
    full_name: str
    """Name as it is printed."""
    meaning: Meaning
    """What it means."""
    at: datetime
    """When, in UTC."""
    what: Mapping[str, Any]
    """What was signed, with the hashes that it carries."""
    signed_sha256: str
    """SHA-256 of the canonical JSON of ``what``."""
    by: str
    """``password``, or ``session`` for a later signature within the time-out."""
    seq: int
    """Number of the ledger entry."""


def write_signature(
    lab: LabFolder, person: Person, what: Mapping[str, Any], about: str, meaning: str, password: str | None
) -> Signature:
    """Sign something.

    Parameters
    ----------
    meaning : str
        ``review``, ``approval``, ``responsibility`` or ``authorship``.
    password : str or None
        Password; not needed while a session of the same person is open on this terminal.

    Raises
    ------
    ConfigError
        If the meaning is not known.
    RightsError
        If the person has no account, or the password is missing or wrong.
    """
    if meaning not in list(Meaning):
        raise ConfigError(f"'{meaning}' is no meaning of a signature. Expected one of: {', '.join(Meaning)}.")
    account = person.account
    if account is None:
        raise RightsError("A signature needs an account: 'qc users add' makes the first one.")
    if not account.password_hash:
        raise RightsError(f"The account '{person.name}' has no password and cannot sign: 'qc users set' gives it one.")
    body = {
        "full_name": account.full_name,
        "meaning": meaning,
        "what": dict(what),
        "signed_sha256": sha256_text(canonical_json(what)),
        "by": _proved(lab, person.name, password),
    }
    (entry,) = lab.ledger.append([Draft(Kind.SIGNATURE, about, body, person.name)], at=datetime.now(UTC))
    keep_open(lab, person.name)
    return _signature(entry)


def _proved(lab: LabFolder, user: str, password: str | None) -> str:
    session = open_session(lab)
    if password:
        check_password(lab, user, password)
        return "password"
    if session is None or session.user != user:
        raise RightsError(f"The password of '{user}' is needed: no session is open on this terminal, or it has ended.")
    if lab.settings.people.signing_asks == "always":
        raise RightsError(f"The password of '{user}' is needed for each signature: [people] signing_asks says so.")
    if session.by != PASSWORD:
        raise RightsError(f"The password of '{user}' is needed: that a proxy has named somebody is no signature.")
    return "session"


def signatures(ledger: HasEntries, about: str | None = None) -> list[Signature]:
    """Return signatures, oldest first.

    Parameters
    ----------
    about : str, optional
        Only those on this; None means all.
    """
    return [_signature(entry) for entry in ledger.entries_of(Kind.SIGNATURE) if about in (None, entry.object)]


def _signature(entry: Entry) -> Signature:
    body = entry.body
    return Signature(
        object=entry.object,
        user=entry.actor,
        full_name=body["full_name"],
        meaning=Meaning(body["meaning"]),
        at=entry.at,
        what=body["what"],
        signed_sha256=body["signed_sha256"],
        by=body["by"],
        seq=entry.seq,
    )
