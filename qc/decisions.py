"""Decisions as the ledger tells them: the newest one on each item."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qc.store.ledger import Entry, Ledger


class Act(StrEnum):
    """What a person may say of an item."""

    APPROVE = "approve"
    REJECT = "reject"
    REPEAT = "repeat"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
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
    seq: int
    """Number of its ledger entry."""

    def as_json(self) -> dict[str, Any]:
        """Return the decision as a mapping of JSON values."""
        told = {"item": self.item, "act": self.act.value, "actor": self.actor, "at": self.at.isoformat()}
        return told | {"reason": self.reason, "note": self.note, "over": list(self.over), "seq": self.seq}


def newest_decisions(ledger: Ledger) -> dict[str, Decision]:
    """Return the newest decision on each item, comments left out.

    Parameters
    ----------
    ledger : Ledger
        The ledger.

    Returns
    -------
    dict of str to Decision
        By the name of the item.
    """
    told = all_decisions(ledger)
    return {decision.item: decision for decision in told if decision.act is not Act.COMMENT}


def all_decisions(ledger: Ledger, items: Iterable[str] | None = None) -> list[Decision]:
    """Return decisions and comments, oldest first.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    items : iterable of str, optional
        Only these items; None means all.

    Returns
    -------
    list of Decision
        In the order of the ledger.
    """
    from qc.store.ledger import Kind

    entries = ledger.entries(kinds=[Kind.DECISION], objects=None if items is None else list(items))
    return [_decision(entry) for entry in entries]


def _decision(entry: Entry) -> Decision:
    body = entry.body
    return Decision(
        item=entry.object,
        act=Act(body["act"]),
        actor=entry.actor,
        at=entry.at,
        reason=body["reason"],
        note=body["note"],
        over=tuple(body["over"]),
        judged_sha256=body["judged_sha256"],
        seq=entry.seq,
    )
