"""Heads of the facts: all seals folded into one hash, entered into the ledger whenever rows were written.

Whoever changes a row and seals it anew changes every head after it: the chain of the ledger holds the old ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # Any: JSON values

from schemas.canonical import canonical_json, sha256_text
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.store.connection import Connection
    from qc.store.entry import Entry

NO_HEAD = "0" * 64
"""Head of facts without a seal."""
_SEALS = """
    SELECT seal_id, table_name, key_column, key, columns, n_rows, sha256 FROM seals WHERE seal_id > ? ORDER BY seal_id
"""
_AT_A_TIME = 10_000


@dataclass(frozen=True, slots=True)
class FactsHead:
    """The facts up to one seal."""

    n_seals: int = 0
    """Number of the newest seal."""
    sha256: str = NO_HEAD
    """All seals up to it, each folded into the hash of those before."""


def newest_seal(con: Connection) -> int:
    """Return the number of the newest seal; 0 for none."""
    return int(con.execute("SELECT coalesce(max(seal_id), 0) FROM seals").fetchall()[0][0])


def heads_after(con: Connection, known: FactsHead) -> Iterator[FactsHead]:
    """Fold the seals behind a known head into it, one after the other."""
    seals, sha256 = con.execute(_SEALS, [known.n_seals]), known.sha256
    while rows := seals.fetchmany(_AT_A_TIME):
        for row in rows:
            sha256 = sha256_text(sha256 + canonical_json(list(row)))
            yield FactsHead(row[0], sha256)


def head_after(con: Connection, known: FactsHead) -> FactsHead:
    """Return the head of now from one that is known: only newer seals are read."""
    return deque(heads_after(con, known), maxlen=1).pop() if newest_seal(con) > known.n_seals else known


def head_of(body: Mapping[str, Any]) -> FactsHead:  # Any: the body of an entry
    """Return the head that an entry names."""
    return FactsHead(int(body["n_seals"]), str(body["facts_sha256"]))


MADE_AGAIN = "facts_made_again"
"""Act of an entry from which on heads begin anew: the facts were made again from archive and ledger."""


def first_assessment(entries: Sequence[Entry]) -> int:
    """Return the number from which on assessments are in the facts: those before went when they were made again."""
    made_again = [int(entry.body["first_assessment"]) for entry in entries if entry.body["act"] == MADE_AGAIN]
    return made_again[-1] if made_again else 0


def _since_made_again(entries: Sequence[Entry]) -> Sequence[Entry]:
    begun = [place for place, entry in enumerate(entries) if entry.body["act"] == MADE_AGAIN]
    return entries[begun[-1] :] if begun else entries


def head_faults(con: Connection, entries: Sequence[Entry]) -> Iterator[Fault]:
    """Fold all seals again and compare with every head that was entered.

    Parameters
    ----------
    entries : sequence of Entry
        Entries that name heads, oldest first.

    Yields
    ------
    Fault
        One for the first head that does not come out: all after it rest on it.
    """
    named = {head_of(entry.body).n_seals: entry for entry in reversed(_since_made_again(entries))}
    named.pop(0, None)
    for head in heads_after(con, FactsHead()):
        entry = named.pop(head.n_seals, None)
        if entry is not None and head_of(entry.body) != head:
            yield Fault("facts", _written_anew(entry))
            return
    if named:
        first = min(named)
        yield Fault("facts", f"Entry {named[first].seq} names seal {first}, which is not there: rows are gone.")


def _written_anew(entry: Entry) -> str:
    return (
        f"Their seals are not those that entry {entry.seq} of {entry.at:%Y-%m-%d %H:%M} UTC names: rows that were "
        "written up to then were changed and sealed anew, or taken away."
    )
