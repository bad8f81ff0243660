"""Links of the chain that do not hold: every entry is hashed again from the bytes that are stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qc.store.chain import START, stored_hash
from qc.store.raw_rows import RawEntry
from schemas.errors import Fault


def broken_links(
    rows: Iterable[RawEntry], anchor: tuple[int, str] | None = None, before: tuple[int, bytes] = (0, START.encode())
) -> Iterator[Fault]:
    """Recompute a chain, or a part of one, and tell every link that does not hold, the first one first.

    Parameters
    ----------
    rows : iterable of tuple
        Rows as stored, by rising number.
    anchor : tuple of int and str, optional
        Number and hash of an entry, written down elsewhere; its hash is compared if the entry is among the rows.
    before : tuple of int and bytes
        Number and hash of the entry before the first of the rows.

    Yields
    ------
    Fault
        One for each entry that is altered, missing, or not what the entry after it names.
    """
    # The hash that the next entry must name is the stored one: one altered entry is one fault, not all that follow.
    seq_before, hash_before = before
    anchor_seq, anchor_hash = (anchor[0], anchor[1].encode()) if anchor else (None, b"")
    for row in rows:
        seq, own_hash = row[0], row[7]
        if seq != seq_before + 1 or row[6] != hash_before or not _gives_its_hash(row):
            yield Fault(f"entry {seq}", _fault_of(row, seq_before))
        if seq == anchor_seq and own_hash != anchor_hash:
            yield Fault(f"entry {seq}", "Its hash is not the one of the anchor: the ledger was written anew.")
        seq_before, hash_before = seq, own_hash


def _gives_its_hash(row: RawEntry) -> bool:
    try:
        return stored_hash(*row[:7]) == row[7]
    except (AttributeError, TypeError):  # a value that is not of the type of its column
        return False


def _fault_of(row: RawEntry, seq_before: int) -> str:
    if row[0] != seq_before + 1:
        return f"Entry {seq_before + 1} is missing before it."
    if not _gives_its_hash(row):
        return "Its content does not give its hash: the entry was altered."
    return f"It does not name the hash of entry {seq_before}: that entry was replaced."
