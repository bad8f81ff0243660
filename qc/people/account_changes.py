"""Keep the accounts of a lab: who may, and the first one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qc.people.accounts import Account, accounts, write_account
from qc.people.acting_person import acting_person, allowed_person
from qc.people.guarded_settings import changed_settings, enter_settings
from qc.people.rights import ADMIN, Right
from schemas.errors import ConfigError, Fault, RightsError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def add_account(
    lab: LabFolder, name: str, *, actor: str | None = None, **settings: Any
) -> Account:  # Any: mixed settings
    """Make an account; the first one of a lab is an admin, and from then on only accounts may act.

    Parameters
    ----------
    actor : str, optional
        Who acts; anybody for the first account.
    **settings : mixed
        ``full_name``, ``roles``, ``os_user`` and ``password``.

    Raises
    ------
    ConfigError
        If there is such an account already, or something is not allowed.
    RightsError
        If the person may not keep the accounts.
    """
    if name in accounts(lab.ledger):
        raise ConfigError(f"There is an account '{name}' already: 'qc users set' changes it.")
    return _write(lab, name, settings, actor)


def change_account(lab: LabFolder, name: str, *, actor: str | None = None, **settings: Any) -> Account:  # Any: as above
    """Change an account; the ledger keeps what it was before.

    Parameters
    ----------
    **settings : mixed
        ``full_name``, ``roles``, ``os_user``, ``password`` and ``active``.

    Raises
    ------
    ConfigError
        If there is no such account, or something is not allowed.
    RightsError
        If the person may neither keep the accounts nor changes nothing but the own password.
    """
    if name not in accounts(lab.ledger):
        raise ConfigError(f"There is no account '{name}': 'qc users list' names them.")
    if set(settings) == {"password"} and acting_person(lab, actor).name == name:
        shortest = lab.settings.people.shortest_password
        return write_account(lab.ledger, name, settings, actor=name, shortest_password=shortest)
    return _write(lab, name, settings, actor)


def _write(lab: LabFolder, name: str, settings: dict[str, Any], actor: str | None) -> Account:
    is_first = not accounts(lab.ledger)
    person = acting_person(lab, actor) if is_first else allowed_person(lab, actor, Right.USERS)
    shortest = lab.settings.people.shortest_password
    written = write_account(lab.ledger, name, settings, actor=person.name, shortest_password=shortest)
    if is_first:
        enter_settings(lab, person.name)
    return written


def enter_changed_settings(lab: LabFolder, *, actor: str | None = None) -> list[Fault]:
    """Put the changed settings of who may do what into force: an entry of who keeps the accounts.

    Returns
    -------
    list of Fault
        What was otherwise before.

    Raises
    ------
    RightsError
        If the person has not the role ``admin``: what qc.toml says of rights is just what is not in force yet.
    """
    changed = changed_settings(lab)
    person = acting_person(lab, actor, entering=True)
    if accounts(lab.ledger) and ADMIN not in person.roles:
        raise RightsError(f"'{person.name}' may not enter settings: this needs the role {ADMIN}.")
    enter_settings(lab, person.name)
    return changed
