"""Who acts, and whether that person may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.lab.actor import actor_or_user, effective_user
from qc.people.accounts import Account, accounts
from qc.people.guarded_settings import refuse_changed
from qc.people.rights import ROLES, SERVICE, Right, has_right
from qc.people.sessions import PASSWORD, keep_open, open_session
from schemas.errors import RightsError, SignInError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_WORDS = {
    Right.INGEST: "bring files",
    Right.SHEET: "change rows of sheets",
    Right.APPROVE_OVER: "approve over a failure",
    Right.REPEAT: "ask for a repeat or a dilution",
    Right.CORRECT: "bring, accept or refuse a correction",
    Right.UNDO_OTHERS: "undo a decision of somebody else",
    Right.LOCK_PLAN: "lock a plan",
    Right.USERS: "keep the accounts",
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts."""

    name: str
    """Name that the ledger tells."""
    roles: tuple[str, ...]
    """Roles."""
    account: Account | None
    """The account; None while the lab keeps none."""


def acting_person(lab: LabFolder, actor: str | None, *, entering: bool = False) -> Person:
    """Return who acts.

    While the ledger has no account, that is the named actor, else the operating-system user, with the roles of
    ``[people] roles_without_accounts``. Once it has one, it is somebody with an active account who has signed in on
    this terminal, or, where ``[people] os_users`` says so or the account is a service, the account that names the
    operating-system user.

    Parameters
    ----------
    actor : str or None
        Named actor; None means whoever has signed in, else the operating-system user.
    entering : bool
        Whether the act is to enter changed settings of qc.toml; by these nobody is known then but by a password.

    Raises
    ------
    RightsError
        If qc.toml says otherwise who may do what than was entered.
    SignInError
        If the lab keeps accounts and nobody is known to act: nobody has signed in, or the session has ended.
    """
    known = accounts(lab.ledger)
    people = lab.settings.people
    if not known:
        return Person(actor_or_user(actor), tuple(people.roles_without_accounts), None)
    session = open_session(lab)
    signed_in = session.user if session else None
    if entering and (session is None or session.by != PASSWORD):
        raise SignInError("To enter settings somebody must have signed in with a password.")
    wanted = known.get(actor or signed_in or _of_os_user(lab, known) or "")
    if wanted is None or not wanted.is_active:
        raise SignInError(_nobody(actor))
    if wanted.name != signed_in and not _is_os_user(lab, wanted):
        raise SignInError(f"'{wanted.name}' has not signed in on this terminal: 'qc sign-in {wanted.name}'.")
    if not entering and wanted.roles != (SERVICE,):
        refuse_changed(lab)
    return Person(wanted.name, wanted.roles, wanted)


def _of_os_user(lab: LabFolder, known: dict[str, Account]) -> str | None:
    return next((name for name, account in known.items() if _is_os_user(lab, account)), None)


def _is_os_user(lab: LabFolder, account: Account) -> bool:
    # A job has no terminal on which it could sign in, and its role decides nothing.
    by_os_user = lab.settings.people.os_users or account.roles == (SERVICE,)
    return by_os_user and account.is_active and bool(account.os_user) and account.os_user == effective_user()


def _nobody(actor: str | None) -> str:
    who = (
        f"'{actor}' has no active account in this lab" if actor else "This lab keeps accounts, and nobody has signed in"
    )
    how = "Sign in with 'qc sign-in NAME', or ask an admin for an account"
    return f"{who}. {how}; for a job of the night that is one with the role service and this --os-user."


def allowed_person(lab: LabFolder, actor: str | None, *rights: Right) -> Person:
    """Return who acts, if that person may; an act prolongs the session on this terminal.

    Parameters
    ----------
    actor : str or None
        Named actor; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    RightsError
        If a right is missing; the sentence says which roles have it. A SignInError if nobody is known to act.
    """
    person = acting_person(lab, actor)
    for right in rights:
        if not has_right(lab.settings.rights, person.roles, right):
            raise RightsError(_missing(lab, person, right))
    session = open_session(lab) if person.account else None
    if session is not None and session.user == person.name:
        keep_open(lab, person.name)
    return person


def _missing(lab: LabFolder, person: Person, right: Right) -> str:
    able = [role for role in ROLES if has_right(lab.settings.rights, [role], right)]
    what = _WORDS.get(right, right.value)
    return f"'{person.name}' ({', '.join(person.roles)}) may not {what}; this needs the role {' or '.join(able)}."
