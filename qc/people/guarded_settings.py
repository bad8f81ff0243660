"""Settings that say who may do what: in a lab that keeps accounts they are in force when somebody has entered them.

Whoever can edit qc.toml could else give a role every right. What is entered stands in the ledger; while qc.toml says
otherwise nobody acts, but to enter it or to bring files.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.store.entry import Draft, Kind
from schemas.errors import Fault, RightsError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.entry import Entry

OBJECT = "qc.toml"
"""What an entry of the guarded settings is about."""
_SECTIONS = ("rights", "people", "web")


def settings_now(lab: LabFolder) -> dict[str, Any]:
    """Return the guarded settings as qc.toml has them, by ``section.name``."""
    from dataclasses import fields

    found = {}
    for section in _SECTIONS:
        table = getattr(lab.settings, section)
        for field in fields(table):
            value = getattr(table, field.name)
            found[f"{section}.{field.name}"] = list(value) if isinstance(value, tuple) else _plain(value)
    return found


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "keys") else value


def changed_settings(lab: LabFolder) -> list[Fault]:
    """Return each guarded setting that is not what was entered; none where nothing was ever entered."""
    entries = _entries(lab)
    if not entries:
        return []
    newest, now = entries[-1], settings_now(lab)
    when = f"{newest.at:%Y-%m-%d} by '{newest.actor}'"
    return [
        Fault(f"qc.toml, {name}", f"It says {now.get(name)!r}; {entered!r} was entered on {when}.")
        for name, entered in newest.body["settings"].items()
        if now.get(name) != entered
    ]


def refuse_changed(lab: LabFolder) -> None:
    """Let nobody act while a guarded setting is not what was entered.

    Raises
    ------
    RightsError
        If one is not; each is named.
    """
    faults = changed_settings(lab)
    if faults:
        how = "Put qc.toml back, or let who keeps the accounts enter it: 'qc users settings --enter'."
        raise RightsError(f"Who may do what was changed in qc.toml and not entered: {faults[0]} {how}")


def enter_settings(lab: LabFolder, actor: str) -> None:
    """Enter the guarded settings as they are in qc.toml; whether the person may is not asked here.

    Nothing is entered where the newest entry says the same: a command that was killed may be given again.
    """
    entries, now = _entries(lab), settings_now(lab)
    if entries and entries[-1].body["settings"] == now:
        return
    draft = Draft(Kind.CONFIG_CHANGE, OBJECT, {"settings": now}, actor)
    lab.ledger.append([draft], at=datetime.now(UTC))


def _entries(lab: LabFolder) -> list[Entry]:
    return [entry for entry in lab.ledger.entries_of(Kind.CONFIG_CHANGE) if entry.object == OBJECT]
