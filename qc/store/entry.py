"""Entries of the ledger: kinds of acts, an entry before and after it has a number."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

ENTRY_COLUMNS = ("seq", "at", "actor", "kind", "object", "body", "prev_hash", "hash")
"""Columns of the table of the ledger, in their order; all but the number are text."""


class Kind(StrEnum):
    """What kind of act an entry tells."""

    DECISION = "decision"
    UNDO = "undo"
    RELEASE = "release"
    PLAN_LOCK = "plan_lock"
    UNBLINDING = "unblinding"
    CONFIG_CHANGE = "config_change"
    INGEST_OVERRIDE = "ingest_override"
    DELIVERY = "delivery"
    LOOK = "look"
    SIGNATURE = "signature"
    USER = "user"
    SIGN_IN = "sign_in"
    NOTE = "note"
    FACTS = "facts"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it has a number."""

    kind: Kind
    """What kind of act it is."""
    object: str
    """What it is about: an item, a release, a plan."""
    body: Mapping[str, Any]
    """Details; must have canonical JSON."""
    actor: str
    """Who acts."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the ledger."""

    seq: int
    """Number, from 1, without gaps."""
    at: datetime
    """When, in UTC."""
    actor: str
    """Who acted."""
    kind: Kind
    """What kind of act it is."""
    object: str
    """What it is about."""
    body: Mapping[str, Any]
    """Details."""
    prev_hash: str
    """Hash of the entry before; 64 zeros for the first."""
    hash: str
    """Hash of this entry."""


class HasEntries(Protocol):
    """A ledger, or a part of one that was handed on."""

    def entries_of(self, *kinds: Kind) -> Sequence[Entry]:
        """Return all entries of some kinds, oldest first."""


def entry_of(row: tuple[Any, ...]) -> Entry:  # Any: columns as the database driver gives them
    """Return an entry from its stored columns.

    Parameters
    ----------
    row : tuple
        Columns of the table, in their order.

    Raises
    ------
    ValueError
        If a column is not what was written: the entry was altered.
    """
    seq, at, actor, kind, about, body, prev_hash, own_hash = row
    return Entry(seq, datetime.fromisoformat(at), actor, Kind(kind), about, json.loads(body), prev_hash, own_hash)
