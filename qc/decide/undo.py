"""Undo: take a decision back by a new entry of the ledger; the decision before it counts again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from qc.items.decisions import Act, Decision, decisions_on
from qc.items.names import decided_name
from qc.people.acting_person import Person, acting_person, allowed_person
from qc.people.rights import Right
from schemas.correction_name import is_correction
from schemas.errors import ConfigError, ConflictError, Fault
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.entry import Entry


@dataclass(frozen=True, slots=True)
class Undone(JsonModel):
    """One decision that was taken back."""

    json_keys = "item act=own_act undoes undone_act=act counts_again seq"

    item: str
    """Name of the item."""
    undoes: int
    """Number of the entry that was taken back."""
    act: Act
    """What it had said."""
    counts_again: int
    """Number of the entry that counts again; 0 if none does."""
    seq: int
    """Number of the entry that takes it back."""

    @property
    def own_act(self) -> Literal["undo"]:
        """Return the word for taking back."""
        return "undo"


def undo(lab: LabFolder, names: Sequence[str], *, note: str = "", actor: str | None = None) -> list[Undone]:
    """Take back the decision that counts on each item, all of them or none.

    Parameters
    ----------
    actor : str, optional
        Who acts; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    ConfigError
        If nothing was decided on an item, or it was decided on together with its sample.
    RightsError
        If the person may not undo, or not what somebody else has decided.
    ConflictError
        If somebody else has acted on an item meanwhile.
    """
    from qc.store.entry import Draft, Kind

    wanted = list(dict.fromkeys(decided_name(name) for name in names))
    head = lab.ledger.head()[0]
    stacks = _stacks(lab, wanted)
    _refuse(stacks)
    person = _person(lab, stacks, actor)
    drafts = [
        Draft(Kind.UNDO, name, {"undoes": stack[-1].seq, "note": note, "covers": _covers(lab, stack[-1])}, person.name)
        for name, stack in stacks.items()
    ]
    entries = lab.ledger.append(
        drafts, at=datetime.now(UTC), after=head, check=lambda newer: _refuse_newer(newer, set(wanted))
    )
    return [
        Undone(name, stack[-1].seq, stack[-1].act, stack[-2].seq if len(stack) > 1 else 0, entry.seq)
        for (name, stack), entry in zip(stacks.items(), entries, strict=True)
    ]


def _stacks(lab: LabFolder, names: Sequence[str]) -> dict[str, list[Decision]]:
    stacks: dict[str, list[Decision]] = {name: [] for name in names}
    for decision in decisions_on(lab.ledger, names):
        if decision.act is not Act.COMMENT and not decision.undone_by:
            stacks[decision.item].append(decision)
    return stacks


def _covers(lab: LabFolder, decision: Decision) -> dict[str, dict[str, Any]]:
    if not decision.item.startswith("S-"):
        return {}  # a decision on anything but a sample covers nothing else
    return {row[0]: {} for row in lab.ledger.decided.in_entry(decision.seq) if row[0] != decision.item}


def _refuse(stacks: dict[str, list[Decision]]) -> None:
    faults = [Fault(name, "Nothing was decided that could be undone.") for name, stack in stacks.items() if not stack]
    faults += [
        Fault(name, f"It was decided on together with its sample: undo '{stack[-1].via}'.")
        for name, stack in stacks.items()
        if stack and stack[-1].via
    ]
    faults += [
        Fault(name, "It is in force: hand the old rows in again with 'qc ingest --correct' to go back.")
        for name, stack in stacks.items()
        if stack and stack[-1].act is Act.APPROVE and is_correction(name)
    ]
    if faults:
        raise ConfigError("Nothing was undone.", faults)


def _person(lab: LabFolder, stacks: dict[str, list[Decision]], actor: str | None) -> Person:
    acting = acting_person(lab, actor)
    others = any(stack[-1].actor != acting.name for stack in stacks.values())
    return allowed_person(lab, actor, Right.UNDO_OTHERS if others else Right.UNDO)


def _refuse_newer(newer: Sequence[Entry], names: set[str]) -> None:
    from qc.items.decisions import touched_items

    faults = [
        Fault(name, f"'{entry.actor}' acted at {entry.at:%H:%M:%S} UTC (entry {entry.seq}).")
        for entry in newer
        if entry.kind in ("decision", "undo") and entry.body.get("act") != Act.COMMENT
        for name in sorted(touched_items(entry) & names)
    ]
    if faults:
        raise ConflictError("Somebody else has acted meanwhile: nothing was undone.", faults)
