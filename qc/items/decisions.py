"""Decisions as the ledger tells them: what was said of each item, what was undone, and what counts now."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

from qc.store.decision_rows import DecidedRow, rows_of
from schemas.canonical import utc_text
from schemas.errors import StoreError
from schemas.json_model import JsonModel, JsonOf

if TYPE_CHECKING:
    from qc.store.entry import Entry, HasEntries
    from qc.store.ledger import Ledger


class Act(StrEnum):
    """What a person may say of an item."""

    APPROVE = "approve"
    REJECT = "reject"
    REPEAT = "repeat"
    DILUTE = "dilute"
    COMMENT = "comment"


class BulkDecision(TypedDict):
    """What a decision on several items has in common."""

    n: int
    """Items."""
    cause: str
    """Their one cause."""
    exceptions: list[str]
    """Items that were left out on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(JsonModel):
    """What a person said of one item."""

    json_keys = """item act actor at reason note over seq via needs_second confirms supersedes undone_by expires_at
        bulk"""

    item: str
    """Name of the item."""
    act: Act
    """What was said."""
    actor: str
    """Who said it."""
    at: datetime
    """When, in UTC."""
    reason: str
    """Code of the reason; empty for a plain approval."""
    note: str
    """Free text."""
    over: tuple[str, ...]
    """Rules that an approval went over."""
    judged_sha256: str
    """Hash of what was judged; the decision lapses when it changes."""
    values_sha256: str
    """Hash of the values alone; tells whether values or verdicts have changed. Empty in old entries."""
    assessment_id: int
    """Assessment that was judged."""
    study: str
    """Study of the run."""
    seq: int
    """Number of its ledger entry."""
    expires_at: datetime | None
    """When an approval over a failure ends, in UTC; None if it does not."""
    needs_second: bool
    """Whether it counts only when a second person has confirmed it."""
    confirms: int
    """Number of the entry that it confirms; 0 if none."""
    supersedes: int
    """Number of the entry that it took the place of; 0 if none."""
    via: str
    """Sample item that it was said of, where it covers this item among others; empty otherwise."""
    bulk: Annotated[Mapping[str, Any], JsonOf(BulkDecision)] | None
    """Of a bulk decision: ``n`` items, ``cause`` and ``exceptions``; None for a single one."""
    undone_by: int = 0
    """Number of the entry that undid it; 0 if it stands."""


class DecisionsInForce(Mapping[str, Decision]):
    """Decisions that count, by item; each is read from its row when it is asked for.

    Parameters
    ----------
    rows : mapping of str to tuple
        Rows of :mod:`qc.store.decision_rows`, by item.
    """

    def __init__(self, rows: Mapping[str, DecidedRow]) -> None:
        self._rows = rows

    def __getitem__(self, item: str) -> Decision:
        return _of_row(self._rows[item])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, item: object) -> bool:
        return item in self._rows


def newest_decisions(ledger: Ledger) -> Mapping[str, Decision]:
    """Return the decision on each item that counts: the newest one that was not undone, comments left out.

    Returns
    -------
    mapping of str to Decision
        By the name of the item. A decision on a sample stands at the sample and at each result that it covers.
    """
    return DecisionsInForce(ledger.decided.in_force())


def newest_on(ledger: Ledger, items: Iterable[str]) -> dict[str, Decision]:
    """Return the decision that counts on some items alone.

    Returns
    -------
    dict of str to Decision
        By the name of the item. The work grows with the items, not with the ledger.
    """
    return counting(decisions_on(ledger, items))


def counting(decisions: Iterable[Decision]) -> dict[str, Decision]:
    """Return the decision that counts on each item.

    Parameters
    ----------
    decisions : iterable of Decision
        Decisions and comments on some items, oldest first.

    Returns
    -------
    dict of str to Decision
        By item: the newest that was not undone, comments left out.
    """
    return {d.item: d for d in decisions if d.act is not Act.COMMENT and not d.undone_by}


def decisions_on(ledger: Ledger, items: Iterable[str]) -> list[Decision]:
    """Return decisions and comments on some items, oldest first, undone ones too.

    Returns
    -------
    list of Decision
        In the order of the ledger. The work grows with the items, not with the ledger.
    """
    return [_of_row(row) for row in ledger.decided.on(items)]


def all_decisions(ledger: HasEntries) -> list[Decision]:
    """Return every decision and comment from the entries themselves, oldest first, undone ones too.

    Returns
    -------
    list of Decision
        In the order of the ledger. A decision on a sample stands first for the sample, then for each covered result.
    """
    from qc.store.entry import Kind

    entries = ledger.entries_of(Kind.DECISION, Kind.UNDO)
    undone = {int(entry.body["undoes"]): entry.seq for entry in entries if entry.kind is Kind.UNDO}
    return [
        replace(_of_row(row), undone_by=undone.get(entry.seq, 0))
        for entry in entries
        if entry.kind is Kind.DECISION
        for row in rows_of(entry.seq, utc_text(entry.at), entry.actor, entry.object, entry.body)
    ]


def refuse_altered(ledger: Ledger) -> None:
    """Refuse to go on where the decisions that are kept by item are not what the entries say.

    Parameters
    ----------
    ledger : Ledger
        The ledger, read whole: for acts that stay, not for looks.

    Raises
    ------
    StoreError
        If they are not.
    """
    if counting(all_decisions(ledger)) != dict(newest_decisions(ledger)):
        raise StoreError(
            "The decisions kept by item are not what the ledger's entries say: `qc audit verify` names them."
        )


def touched_items(entry: Entry) -> set[str]:
    """Return the items that a decision or its undoing is about."""
    return {entry.object, *entry.body.get("covers", {})}


def _of_row(row: DecidedRow) -> Decision:
    item, seq, act, actor, at, reason, note, over, judged, values, assessment_id, study, expires_at = row[:13]
    needs_second, confirms, supersedes, via, bulk, undone_by = row[13:]
    return Decision(
        item=item,
        act=Act(act),
        actor=actor,
        at=datetime.fromisoformat(at),
        reason=reason,
        note=note,
        over=tuple(json.loads(over)) if over != "[]" else (),
        judged_sha256=judged,
        values_sha256=values,
        assessment_id=assessment_id,
        study=study,
        seq=seq,
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        needs_second=bool(needs_second),
        confirms=confirms,
        supersedes=supersedes,
        via=via,
        bulk=json.loads(bulk) if bulk else None,
        undone_by=undone_by,
    )
