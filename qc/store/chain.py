"""The chain of the ledger: what an entry's hash is made of, and what breaks it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator

from schemas.errors import Fault

START = "0" * 64
"""What the first entry names as the hash before it."""
MOST_FAULTS = 100  # more than these help nobody to find the first broken link

RawEntry = tuple[int, str, str, str, str, str, str, str]
"""Columns as stored: seq, at, actor, kind, object, body, prev_hash, hash."""

_json_text = json.JSONEncoder(ensure_ascii=False).encode


def chained_hash(seq: int, at: str, actor: str, kind: str, obj: str, body: str, *, prev_hash: str) -> str:
    """Return the hash of one entry.

    Parameters
    ----------
    seq : int
        Number of the entry, from 1.
    at : str
        Time as stored.
    actor : str
        Who acted.
    kind : str
        What kind of act it is.
    obj : str
        What it is about.
    body : str
        Canonical JSON of the details.
    prev_hash : str
        Hash of the entry before.

    Returns
    -------
    str
        SHA-256, 64 hexadecimal digits, of the canonical JSON of the seven values by the names of their columns.
    """
    # Canonical JSON put together by hand, with the body as it is stored: a million entries are verified in seconds.
    head = f'{{"actor":{_json_text(actor)},"at":{_json_text(at)},"body":{body},"kind":{_json_text(kind)}'
    tail = f',"object":{_json_text(obj)},"prev_hash":{_json_text(prev_hash)},"seq":{seq}}}'
    return hashlib.sha256((head + tail).encode("utf-8", "surrogateescape")).hexdigest()


def broken_links(rows: Iterable[RawEntry], anchor: tuple[int, str] | None = None) -> Iterator[Fault]:
    """Recompute a chain from its stored rows and tell every link that does not hold, the first one first.

    Parameters
    ----------
    rows : iterable of tuple
        Rows as stored, by rising number.
    anchor : tuple of int and str, optional
        Number and hash of an entry, written down elsewhere, that must still be there.

    Yields
    ------
    Fault
        One for each entry that is altered, missing, or not what the entry after it names.
    """
    # The hash that the next entry must name is the stored one: one altered entry is one fault, not all that follow.
    expected_seq, prev_hash, anchored = 1, START, anchor is None or anchor == (0, START)
    for row in rows:
        seq, own_hash = row[0], row[-1]
        text = _fault_of(row, expected_seq, prev_hash)
        if text:
            yield Fault(f"entry {seq}", text)
        if anchor and seq == anchor[0]:
            anchored = True
            if own_hash != anchor[1]:
                yield Fault(f"entry {seq}", "Its hash is not the one of the anchor: the ledger was written anew.")
        expected_seq = seq + 1 if isinstance(seq, int) else expected_seq + 1
        prev_hash = own_hash
    if anchor and not anchored:
        yield Fault(f"entry {anchor[0]}", f"The anchor names it, but the ledger ends at entry {expected_seq - 1}.")


def _fault_of(row: RawEntry, expected_seq: int, prev_hash: str) -> str:
    seq, at, actor, kind, obj, body, named_hash, own_hash = row
    if not isinstance(seq, int) or not all(isinstance(value, str) for value in row[1:]):
        return "A stored value is not of its type: the entry was altered."
    if seq != expected_seq:
        return f"Entry {expected_seq} is missing before it."
    if chained_hash(seq, at, actor, kind, obj, body, prev_hash=named_hash) != own_hash:
        return "Its content does not give its hash: the entry was altered."
    if named_hash != prev_hash:
        return f"It does not name the hash of entry {seq - 1}: that entry was replaced."
    return ""
