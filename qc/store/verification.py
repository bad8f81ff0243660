"""Verify a ledger: the chain from its first entry, and the rows of decisions against the entries, part by part."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from qc.store.broken_links import broken_links
from qc.store.chain import START
from qc.store.decision_rows_check import DerivedRows
from qc.store.ledger_checks import damage
from qc.store.ledger_reads import reading
from qc.store.raw_rows import raw_rows
from schemas.errors import Fault

MOST_FAULTS = 100  # more than these help nobody to find the first broken link
FEWEST_ENTRIES = 100_000
"""Entries of a part that is worth a process of its own."""


@dataclass(frozen=True, slots=True)
class _Part:
    """Some entries of one ledger."""

    path: Path
    """The SQLite file."""
    wait_s: float
    """Longest time to wait for a lock, in seconds."""
    after: int | None
    """Number of the entry before the first; None from the lowest."""
    until: int | None
    """Number of the last entry; None up to the newest."""
    anchor: tuple[int, str] | None
    """Number and hash of an entry that must be there."""


def ledger_faults(path: Path, wait_s: float, anchor: tuple[int, str] | None, workers: int) -> list[Fault]:
    """Recompute everything in the file of a ledger.

    Parameters
    ----------
    wait_s : float
        Longest time to wait for a lock, in seconds.
    workers : int
        Most processes at a time; a ledger that is not long takes one.

    Returns
    -------
    list of Fault
        Damage of the file first, then the first broken link first, at most 100 of them; empty if everything holds.
    """
    with reading(path, wait_s) as con:
        (newest,) = con.execute("SELECT coalesce(max(seq), 0) FROM entries").fetchone()
        missing = _missing_anchor(con, newest, anchor)
    parts = _parts(path, wait_s, anchor, newest, workers)
    if len(parts) == 1:
        return [*_damage_of(path, wait_s), *_first(_part_faults(parts[0])), *missing]
    return [*_in_processes(parts), *missing]


def _first(faults: Iterable[Fault]) -> list[Fault]:
    return list(islice(faults, MOST_FAULTS))


def _missing_anchor(con: sqlite3.Connection, newest: int, anchor: tuple[int, str] | None) -> list[Fault]:
    if anchor is None or anchor == (0, START):
        return []
    if con.execute("SELECT 1 FROM entries WHERE seq = ?", [anchor[0]]).fetchone():
        return []
    return [Fault(f"entry {anchor[0]}", f"The anchor names it, but the ledger ends at entry {newest}.")]


def _parts(path: Path, wait_s: float, anchor: tuple[int, str] | None, newest: int, workers: int) -> list[_Part]:
    n_parts = max(1, min(workers, newest // FEWEST_ENTRIES))
    ends = [newest * number // n_parts for number in range(1, n_parts)]
    bounds = zip([None, *ends], [*ends, None], strict=True)
    return [_Part(path, wait_s, after, until, anchor) for after, until in bounds]


def _in_processes(parts: Sequence[_Part]) -> list[Fault]:
    from qc.workers import worker_pool

    with worker_pool(len(parts)) as pool:
        tasks = [pool.submit(_part_faults, part) for part in parts]
        damaged = _damage_of(parts[0].path, parts[0].wait_s)
        return [*damaged, *_first(chain.from_iterable(task.result() for task in tasks))]


def _damage_of(path: Path, wait_s: float) -> list[Fault]:
    with reading(path, wait_s) as con:
        return damage(con)


def _part_faults(part: _Part) -> list[Fault]:
    with reading(part.path, part.wait_s) as con:
        sql = "SELECT seq, CAST(hash AS BLOB) FROM entries NOT INDEXED WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
        before = con.execute(sql, [part.after]).fetchone() if part.after is not None else None
        derived = DerivedRows(con, part.after, part.until)
        rows = derived.watched(raw_rows(con, after=part.after, until=part.until))
        links = _first(broken_links(rows, part.anchor, before or (0, START.encode())))
        # Broken entries say nothing about what is derived from them.
        return links or _first(derived.faults)
