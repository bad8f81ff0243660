"""``qc users``: keep the accounts, and say who may do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qc.cli.near_group import NearGroup
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from qc.cli.passwords import password_option, read_password
from qc.people.rights import ROLES
from schemas.errors import Fault
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.people.accounts import Account


@dataclass(frozen=True, slots=True)
class UsersOutput(JsonModel):
    """Accounts, and what the roles may do."""

    users: list[Account]
    """Accounts."""
    rights: Mapping[str, Mapping[str, bool]]
    """By role, which rights it carries."""


@dataclass(frozen=True, slots=True)
class WhoOutput(JsonModel):
    """Who would act now on this terminal."""

    name: str
    """Short name."""
    roles: tuple[str, ...]
    """Roles."""
    has_account: bool
    """Whether the lab keeps an account of this person."""
    rights: Mapping[str, bool]
    """Which rights the roles carry."""


@dataclass(frozen=True, slots=True)
class SettingsOutput(JsonModel):
    """Settings of who may do what, against what was entered."""

    changed: list[Fault]
    """What differs, or differed before it was entered."""
    entered: bool
    """Whether it was entered now."""


@click.group("users", cls=NearGroup)
def command() -> None:
    """Keep the accounts. While there is none, the operating-system user acts (see [people] in qc.toml)."""


@command.command("add")
@click.argument("name")
@click.option("--full-name", default="", help="Name as signatures print it.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--os-user", default="", help="Operating-system user who is this person.")
@click.option("--no-password", is_flag=True, help="Without a password; such an account cannot sign.")
@password_option
@actor_option
@json_option("qc.people.accounts:Account")
@lab_option
def add(
    name: str,
    full_name: str,
    roles: tuple[str, ...],
    os_user: str,
    no_password: bool,
    from_stdin: bool,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Make an account NAME. The first one is an admin; from then on nobody acts without an account."""
    from qc.people.account_changes import add_account

    lab = open_named_lab(lab_folder)
    password = "" if no_password else read_password(name, from_stdin=from_stdin, is_new=True)
    made = add_account(lab, name, actor=actor, full_name=full_name, roles=roles, os_user=os_user, password=password)
    _tell(made, as_json=as_json)
    return 0


@command.command("set")
@click.argument("name")
@click.option("--full-name", default=None, help="Name as signatures print it.")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="All roles from now on.")
@click.option("--os-user", default=None, help="Operating-system user who is this person; empty for none.")
@click.option("--active/--inactive", default=None, help="Whether the account may act.")
@click.option("--password", "asks_password", is_flag=True, help="Give it a new password.")
@password_option
@actor_option
@json_option("qc.people.accounts:Account")
@lab_option
def change(
    name: str,
    full_name: str | None,
    roles: tuple[str, ...],
    os_user: str | None,
    active: bool | None,
    asks_password: bool,
    from_stdin: bool,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Change the account NAME; the ledger keeps what it was."""
    from qc.people.account_changes import change_account

    lab = open_named_lab(lab_folder)
    given = {"full_name": full_name, "roles": roles or None, "os_user": os_user, "active": active}
    settings: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if asks_password or from_stdin:
        settings["password"] = read_password(name, from_stdin=from_stdin, is_new=True)
    _tell(change_account(lab, name, actor=actor, **settings), as_json=as_json)
    return 0


@command.command("list")
@json_option("qc.cli.users:UsersOutput")
@lab_option
def listed(as_json: bool, lab_folder: Path | None) -> int:
    """List the accounts, and which rights the roles carry."""
    from qc.cli.output import data, say
    from qc.people.accounts import accounts
    from qc.people.rights import rights_of

    lab = open_named_lab(lab_folder)
    known = list(accounts(lab.ledger).values())
    rights = {role: rights_of(lab.settings.rights, [role]) for role in ROLES}
    if as_json:
        data(UsersOutput(known, rights))
        return 0
    for account in known:
        state = "" if account.is_active else "  (inactive)"
        say(f"{account.name:<16} {', '.join(account.roles):<24} {account.full_name}{state}")
    if not known:
        roles = ", ".join(lab.settings.people.roles_without_accounts)
        say(f"This lab keeps no accounts: the operating-system user acts as {roles}.")
    for role, may in rights.items():
        say(f"{role:<16} may {', '.join(name for name, has in may.items() if has)}")
    return 0


@command.command("who")
@actor_option
@json_option("qc.cli.users:WhoOutput")
@lab_option
def who(actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Say who would act now on this terminal, and what that person may do."""
    from qc.cli.output import data, say
    from qc.people.rights import rights_of

    lab = open_named_lab(lab_folder)
    person = lab.person(actor)
    rights = rights_of(lab.settings.rights, person.roles)
    if as_json:
        data(WhoOutput(person.name, person.roles, person.account is not None, rights))
        return 0
    say(f"{person.name} ({', '.join(person.roles)})")
    say(f"may {', '.join(name for name, has in rights.items() if has)}")
    return 0


@command.command("settings")
@click.option("--enter", is_flag=True, help="Put what qc.toml says of rights, people and web into force.")
@actor_option
@json_option("qc.cli.users:SettingsOutput")
@lab_option
def settings(*, enter: bool, actor: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Tell which settings of who may do what are not those that were entered, and with --enter enter them.

    While qc.toml differs from what was entered nobody acts. Only an admin enters. Exit code 1 if something differs.
    """
    from qc.cli.output import data, say
    from qc.people.account_changes import enter_changed_settings
    from qc.people.guarded_settings import changed_settings

    lab = open_named_lab(lab_folder)
    changed = enter_changed_settings(lab, actor=actor) if enter else changed_settings(lab)
    if as_json:
        data(SettingsOutput(changed, enter))
    else:
        for fault in changed:
            say(str(fault))
        say("Entered." if enter else "Not entered." if changed else "qc.toml is as it was entered.")
    return 1 if changed and not enter else 0


@command.command("second-factor")
@click.argument("name")
@password_option
@json_option("qc.people.accounts:Account")
@lab_option
def second_factor(name: str, from_stdin: bool, as_json: bool, lab_folder: Path | None) -> int:
    """Give the own account NAME a second factor: the codes of an app on a telephone (TOTP).

    Asks for the password, prints the secret for the app once, and asks for a code of it. From then on the six digits
    are typed right behind the password, each code once. A new password ('qc users set NAME --password') takes it away.
    """
    import sys

    from qc.cli.output import talk
    from qc.people.second_factor import enter_factor, new_factor

    lab = open_named_lab(lab_folder)
    typed = read_password(name, from_stdin=from_stdin)
    factor = new_factor(lab, name, typed)
    talk(f"For the app: {factor.uri}\nor by hand: {factor.secret}")
    code = sys.stdin.readline() if from_stdin else click.prompt("Code that the app shows", err=True)
    _tell(enter_factor(lab, name, typed, factor, code.strip()), as_json=as_json)
    return 0


def _tell(account: Account, *, as_json: bool) -> None:
    from qc.cli.output import data, say

    if as_json:
        data(account)
    else:
        say(f"{account.name}: {account.full_name}, {', '.join(account.roles)}")
