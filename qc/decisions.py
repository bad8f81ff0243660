"""Decisions as the ledger tells them: what was said of each item, what was undone, and what counts now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qc.store.entry import Entry, HasEntries


class Act(StrEnum):
    """What a person may say of an item."""

    APPROVE = "approve"
    REJECT = "reject"
    REPEAT = "repeat"
    DILUTE = "dilute"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person said of one item."""

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
    bulk: Mapping[str, Any] | None
    """Of a bulk decision: ``n`` items, ``cause`` and ``exceptions``; None for a single one."""
    undone_by: int = 0
    """Number of the entry that undid it; 0 if it stands."""

    def as_json(self) -> dict[str, Any]:
        """Return the decision as a mapping of JSON values."""
        told: dict[str, Any] = {"item": self.item, "act": self.act.value, "actor": self.actor}
        told |= {"at": self.at.isoformat(), "reason": self.reason, "note": self.note, "over": list(self.over)}
        told |= {"seq": self.seq, "via": self.via, "needs_second": self.needs_second, "confirms": self.confirms}
        told |= {"supersedes": self.supersedes, "undone_by": self.undone_by}
        told["expires_at"] = self.expires_at.isoformat() if self.expires_at else None
        return told | {"bulk": dict(self.bulk) if self.bulk else None}


def newest_decisions(ledger: HasEntries) -> dict[str, Decision]:
    """Return the decision on each item that counts: the newest one that was not undone, comments left out.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    dict of str to Decision
        By the name of the item. A decision on a sample stands at the sample and at each result that it covers.
    """
    told = all_decisions(ledger)
    return {d.item: d for d in told if d.act is not Act.COMMENT and not d.undone_by}


def all_decisions(ledger: HasEntries, items: Iterable[str] | None = None) -> list[Decision]:
    """Return decisions and comments, oldest first, undone ones too.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    items : iterable of str, optional
        Only these items; None means all.

    Returns
    -------
    list of Decision
        In the order of the ledger. A decision on a sample stands first for the sample, then for each covered result.
    """
    from qc.store.entry import Kind

    wanted = None if items is None else frozenset(items)
    entries = ledger.kept(Kind.DECISION, Kind.UNDO)
    undone = {int(entry.body["undoes"]): entry.seq for entry in entries if entry.kind is Kind.UNDO}
    return [
        decision
        for entry in entries
        if entry.kind is Kind.DECISION
        for decision in _decisions(entry, undone.get(entry.seq, 0))
        if wanted is None or decision.item in wanted
    ]


def touched_items(entry: Entry) -> set[str]:
    """Return the items that a decision or its undoing is about.

    Parameters
    ----------
    entry : Entry
        Entry of the ledger.

    Returns
    -------
    set of str
        Its object and what it covers.
    """
    return {entry.object, *entry.body.get("covers", {})}


def _decisions(entry: Entry, undone_by: int) -> list[Decision]:
    body = entry.body
    own = Decision(
        item=entry.object,
        act=Act(body["act"]),
        actor=entry.actor,
        at=entry.at,
        reason=body["reason"],
        note=body["note"],
        over=tuple(body["over"]),
        judged_sha256=body["judged_sha256"],
        values_sha256=body.get("values_sha256", ""),
        assessment_id=body["assessment_id"],
        study=body["study"],
        seq=entry.seq,
        expires_at=datetime.fromisoformat(body["expires_at"]) if body.get("expires_at") else None,
        needs_second=body.get("needs_second", False),
        confirms=body.get("confirms", 0),
        supersedes=body.get("supersedes", 0),
        via="",
        bulk=body.get("bulk"),
        undone_by=undone_by,
    )
    return [own, *(_covered(own, name, seen) for name, seen in body.get("covers", {}).items())]


def _covered(own: Decision, name: str, seen: Mapping[str, Any]) -> Decision:
    return replace(
        own,
        item=name,
        via=own.item,
        over=tuple(seen["over"]),
        judged_sha256=seen["judged_sha256"],
        values_sha256=seen["values_sha256"],
        assessment_id=seen["assessment_id"],
    )
