"""The items of a cause, looked up where somebody decides on it: all that wait for it now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

from qc.items.cause_names import is_cause
from qc.triage.ledger_states import read_ledger_states
from qc.triage.queue import seen_of_all
from qc.triage.queue_query import question_of
from schemas.errors import ConfigError, Fault
from schemas.queue_filter import parse_filter

if TYPE_CHECKING:
    from qc.items.seen_item import Seen
    from qc.lab.folder import LabFolder

Other = TypeVar("Other")


def members(lab: LabFolder, cause: str, *, state: str = "waiting") -> list[Seen]:
    """Look at the items of a cause.

    Parameters
    ----------
    cause : str
        Name of the cause.
    state : str
        ``waiting``, or ``any`` for those too that somebody has decided on.

    Returns
    -------
    list of Seen
        In the order of the runs; empty if nothing waits for it.
    """
    wanted, as_of = parse_filter(f"cause:{cause} state:{state}"), lab.ledger.head()[0]
    with lab.facts.reading() as con:
        ledger_states = read_ledger_states(lab, con, reader="", wanted=wanted)
        return seen_of_all(con, question_of(wanted, "run", ledger_states, as_of), as_of)


def with_members(lab: LabFolder, items: Sequence[str | Other], exceptions: Sequence[str]) -> list[str | Other | Seen]:
    """Return items with those of a cause in place of its name, exceptions left out.

    Parameters
    ----------
    items : sequence
        Names of items and causes, and items that were seen.
    exceptions : sequence of str
        Names of items that are left out of their causes.

    Raises
    ------
    ConfigError
        If nothing waits for a cause, or an exception is not among what was named.
    """
    found: list[str | Other | Seen] = []
    strangers = set(exceptions) if any(_is_name(item) for item in items) else set()
    for item in items:
        if not isinstance(item, str) or not is_cause(item):
            found.append(item)
            continue
        own = members(lab, item)
        strangers -= {seen.item for seen in own}
        if not own:
            raise ConfigError(f"Nothing waits for cause '{item}'. 'qc queue' lists what waits.")
        found += [seen for seen in own if seen.item not in exceptions]
    if strangers:
        faults = [Fault(name, "It is left out, and is no item of the causes that were named.") for name in strangers]
        raise ConfigError("Nothing was decided.", sorted(faults, key=lambda fault: fault.where))
    return found


def _is_name(item: object) -> bool:
    return isinstance(item, str) and is_cause(item)


def with_decided(lab: LabFolder, names: Sequence[str]) -> list[str]:
    """Return names with the decided items of a cause in place of its name, for an undo.

    Raises
    ------
    ConfigError
        If nothing was decided on any item of a cause.
    """
    found: list[str] = []
    for name in names:
        if not is_cause(name):
            found.append(name)
            continue
        waiting = {seen.item for seen in members(lab, name)}
        own = [seen.item for seen in members(lab, name, state="any") if seen.item not in waiting]
        if not own:
            raise ConfigError(f"Nothing was decided on cause '{name}' that could be undone.")
        found += own
    return found
