"""Set tests aside for good, or take them back: written into qc.toml, with who and why in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.prepare.ignored_tests import AT
from qc.decide.queue_causes import cause_named
from qc.items.cause_names import is_cause
from qc.lab.settings_edit import with_list
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from schemas.errors import ConfigError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

SETTING = "assess.ignore"
"""Setting that lists them."""


@dataclass(frozen=True, slots=True)
class IgnoreChange(JsonModel):
    """One act that set tests aside, or took them back."""

    seq: int
    """Number of its ledger entry."""
    at: datetime
    """When, in UTC."""
    actor: str
    """Who."""
    added: tuple[str, ...]
    """Tests that it set aside."""
    removed: tuple[str, ...]
    """Tests that it took back."""
    reason: str
    """Why."""


@dataclass(frozen=True, slots=True)
class IgnoredTests(JsonModel):
    """Tests that are set aside, and who did it."""

    ignored: tuple[str, ...]
    """Tests that are set aside now."""
    changes: tuple[IgnoreChange, ...]
    """What was changed, oldest first."""


def ignored_tests(lab: LabFolder) -> IgnoredTests:
    """List the tests that are set aside now, and every act that changed the list."""
    from qc.store.entry import Kind

    entries = [one for one in lab.ledger.entries(kinds=[Kind.CONFIG_CHANGE]) if one.object == SETTING]
    changes = [
        IgnoreChange(e.seq, e.at, e.actor, tuple(e.body["added"]), tuple(e.body["removed"]), e.body["reason"])
        for e in entries
    ]
    return IgnoredTests(tuple(lab.settings.assess.ignore), tuple(changes))


def ignore_tests(
    lab: LabFolder,
    names: Sequence[str],
    *,
    reason: str,
    instrument: str = "",
    is_removed: bool = False,
    actor: str | None = None,
) -> int:
    """Set tests aside, or take them back.

    Parameters
    ----------
    names : sequence of str
        Names of tests as files write them, or a cause for all of its tests.
    instrument : str
        Instrument; empty for every one.
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    int
        Number of the ledger entry. Runs are judged accordingly at the next assessment.

    Raises
    ------
    ConfigError
        If a reason is missing, or nothing would change.
    """
    from qc.store.entry import Draft, Kind

    if not reason.strip():
        raise ConfigError("Nothing was changed: say with --reason why the tests are none of the study's.")
    person = allowed_person(lab, actor, Right.REJECT)
    text, before = lab.paths.settings.read_text(encoding="utf-8"), list(lab.settings.assess.ignore)
    tests = [name for given in names for name in (cause_named(lab, given).analytes if is_cause(given) else (given,))]
    named = [f"{name}{AT}{instrument}" if instrument and AT not in name else name for name in tests]
    added = [] if is_removed else [name for name in dict.fromkeys(named) if name not in before]
    removed = [name for name in before if name in named] if is_removed else []
    if not added and not removed:
        raise ConfigError(f"Nothing was changed. Set aside are: {', '.join(before) or 'no tests'}.")
    changed = with_list(text, SETTING, [name for name in [*before, *added] if name not in removed])
    body = {"added": added, "removed": removed, "reason": reason}
    (entry,) = lab.ledger.append([Draft(Kind.CONFIG_CHANGE, SETTING, body, person.name)], at=datetime.now(UTC))
    lab.paths.settings.write_text(changed, encoding="utf-8")
    return entry.seq
