"""Accounts: people with roles, as the newest entries of the ledger tell them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qc.people.passwords import hashed
from qc.people.rights import ADMIN, ROLES, SERVICE
from qc.people.signing_keys import new_key
from qc.store.entry import Draft, Kind
from schemas.errors import ConfigError, Fault
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from qc.store.ledger import Ledger

_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Account(JsonModel):
    """One person who may act."""

    json_keys = "name full_name roles os_user can_sign active=is_active since"
    json_time_format = TO_THE_SECOND

    name: str
    """Short name to act by: ``anna``."""
    full_name: str
    """Name as a signature prints it."""
    roles: tuple[str, ...]
    """Roles."""
    os_user: str
    """Operating-system user who is this person; empty if none is."""
    password_hash: str
    """Argon2 hash of the password; empty if the account has none and cannot sign."""
    sign_key: Mapping[str, str]
    """Salt and public key of the password; empty if it was given by an earlier version, or there is none."""
    second_factor: Mapping[str, str]
    """Secret of the second factor, encrypted by the password; empty if there is none."""
    is_active: bool
    """Whether the account may act."""
    since: datetime
    """When the newest change was made, in UTC."""

    @property
    def can_sign(self) -> bool:
        """Return whether it has a password to sign with."""
        return bool(self.password_hash)


def accounts(ledger: Ledger) -> dict[str, Account]:
    """Return every account as it stands now.

    Returns
    -------
    dict of str to Account
        By name; empty while the lab keeps no accounts.
    """
    accounts_by_name: dict[str, Account] = {}
    for entry in ledger.entries_of(Kind.USER):
        body = entry.body
        accounts_by_name[entry.object] = Account(
            name=entry.object,
            full_name=body["full_name"],
            roles=tuple(body["roles"]),
            os_user=body["os_user"],
            password_hash=body["password_hash"],
            sign_key=body.get("sign_key", {}),
            second_factor=body.get("second_factor", {}),
            is_active=body["active"],
            since=entry.at,
        )
    return accounts_by_name


def write_account(
    ledger: Ledger, name: str, settings: Mapping[str, Any], *, actor: str, shortest_password: int
) -> Account:
    """Make an account, or change one: a new entry, the old ones stay.

    Parameters
    ----------
    settings : mapping
        Any of ``full_name``, ``roles``, ``os_user``, ``password``, ``second_factor`` and ``active``; what is not named
        stays.
    actor : str
        Who keeps the accounts; whether that person may is not asked here.

    Raises
    ------
    ConfigError
        If name, roles or password are not allowed, or nobody would be left who may keep the accounts.
    """
    known = accounts(ledger)
    before = known.get(name)
    roles = tuple(settings.get("roles") or (before.roles if before else ()))
    is_active = bool(settings.get("active", before.is_active if before else True))
    _refuse(known, name, roles, is_active=is_active)
    password = settings.get("password")
    stored = before.password_hash if before else ""
    body = {
        "full_name": settings.get("full_name") or (before.full_name if before else name),
        "roles": list(roles),
        "os_user": settings.get("os_user", before.os_user if before else ""),
        "password_hash": hashed(password, shortest=shortest_password) if password else stored,
        "sign_key": new_key(password) if password else dict(before.sign_key) if before else {},
        "active": is_active,
    }
    # The secret is encrypted by the password: with a new one the person enters a second factor anew.
    factor = settings.get("second_factor", before.second_factor if before and not password else {})
    body |= {"second_factor": dict(factor)}
    ledger.append([Draft(Kind.USER, name, body, actor)], at=datetime.now(UTC))
    return accounts(ledger)[name]


def _refuse(known: Mapping[str, Account], name: str, roles: Sequence[str], *, is_active: bool) -> None:
    faults = []
    if not _NAME.match(name):
        faults.append(Fault("name", f"'{name}' is no name: 2 to 32 of a-z, 0-9, dot, dash, and a letter first."))
    faults += [
        Fault("roles", f"'{role}' is not a role. Expected: {', '.join(ROLES)}.") for role in roles if role not in ROLES
    ]
    if not roles:
        faults.append(Fault("roles", f"An account has at least one role of: {', '.join(ROLES)}."))
    if ADMIN in roles and len(roles) > 1:
        faults.append(Fault("roles", "An admin has no other role: who keeps the accounts judges no data."))
    if SERVICE in roles and len(roles) > 1:
        faults.append(Fault("roles", "A service has no other role: a job of the night brings files, and no more."))
    others = [account for account in known.values() if account.is_active and account.name != name]
    if not any(ADMIN in account.roles for account in others) and not (ADMIN in roles and is_active):
        faults.append(Fault("roles", "Somebody must keep the accounts: the first one, and always one, is an admin."))
    if faults:
        raise ConfigError("The accounts were left as they are.", faults)
