"""The ledger page by page, and what came since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.audit.log_view import delivery_words, shown_body
from qc.items.decisions import touched_items
from qc.store.entry import Entry, Kind
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

PAGE = 200
"""Entries of a page."""
_DONE = {"approve": "approved", "reject": "rejected", "repeat": "repeat requested", "dilute": "repeat requested"}


@dataclass(frozen=True, slots=True)
class LogLine(JsonModel):
    """One entry in words."""

    json_time_format = TO_THE_SECOND

    seq: int
    """Number."""
    at: datetime
    """When, in UTC."""
    actor: str
    """Who."""
    kind: str
    """What kind of act."""
    about: str
    """What it is about."""
    words: str
    """What was said."""
    hash: str
    """Hash of the entry."""
    body: Mapping[str, Any]
    """Details, without passwords' hashes and without what would unblind."""


def log_page(lab: LabFolder, before: int | None = None, n_lines: int = PAGE) -> list[LogLine]:
    """Return entries, the newest first.

    Parameters
    ----------
    before : int, optional
        Only entries with a lower number; None begins at the newest.
    """
    top = before if before is not None else lab.ledger.head()[0] + 1
    entries = lab.ledger.entries(after=max(0, top - 1 - n_lines), until=top - 1)
    return [_line(entry) for entry in reversed(entries)]


def acts_after(lab: LabFolder, after: int) -> list[tuple[str, str, int]]:
    """Return what was decided since an entry.

    Parameters
    ----------
    after : int
        Number of the newest entry that is known.

    Returns
    -------
    list of tuple
        Item, where it stands now in words, and the number of the entry; oldest first.
    """
    if lab.ledger.head()[0] <= after:
        return []
    acts = []
    for entry in lab.ledger.entries(kinds=[Kind.DECISION, Kind.UNDO], after=after):
        state = _DONE.get(str(entry.body.get("act", "")), "") if entry.kind is Kind.DECISION else "waiting (undone)"
        if state:
            acts += [(item, f"{state} by {entry.actor}", entry.seq) for item in sorted(touched_items(entry))]
    return acts


def _line(entry: Entry) -> LogLine:
    return LogLine(
        entry.seq, entry.at, entry.actor, str(entry.kind), entry.object, _words(entry), entry.hash, shown_body(entry)
    )


def _words(entry: Entry) -> str:
    body = shown_body(entry)
    if entry.kind is Kind.DECISION:
        over = f" over {', '.join(body['over'])}" if body.get("over") else ""
        bulk = f" (one of {body['bulk']['n']})" if body.get("bulk") else ""
        said = " ".join(filter(None, [body["reason"], body["note"]]))
        return f"{body['act']}{over}{bulk}" + (f": {said}" if said else "")
    if entry.kind is Kind.UNDO:
        return f"takes back entry {body['undoes']}" + (f": {body['note']}" if body.get("note") else "")
    if entry.kind is Kind.DELIVERY:
        return delivery_words(entry.body["deliveries"])
    if entry.kind is Kind.FACTS:
        late = ", some of them found after a break" if body["n_late"] else ""
        return f"{body['n_seals']} seals of rows that were written{late}"
    shown = [f"{key} {value}" for key, value in body.items() if isinstance(value, str | int) and len(str(value)) < 60]
    return ", ".join(shown[:4])
