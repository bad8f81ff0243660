"""Open and verify a ledger with many entries: CPU seconds, and seconds by the clock.

Run as ``python tests/benchmarks/ledger_of_a_million.py [N]``; N is 1,000,000 if not given.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from qc.items.decisions import all_decisions, newest_decisions, newest_on
from qc.store.chain import START, chained_hash
from qc.store.ledger import Ledger
from schemas.canonical import canonical_json, utc_text


def fill(path: Path, n_entries: int) -> None:
    """Write a whole chain without a transaction an entry, which would take an hour."""
    Ledger(path).create()
    at = utc_text(datetime(2026, 3, 4, tzinfo=UTC))
    said = {"act": "reject", "reason": "other", "note": "", "scope": "result", "run": "R", "study": "S", "over": []}
    said |= {"assessment_id": 1, "judged_sha256": "0" * 64, "values_sha256": "0" * 64, "bulk": None}

    def rows():
        prev_hash = START
        for seq in range(1, n_entries + 1):
            values = (seq, at, "anna", "decision", f"R{seq}.1", canonical_json(said))
            own_hash = chained_hash(*values, prev_hash=prev_hash)
            yield (*values, prev_hash, own_hash)
            prev_hash = own_hash

    con = sqlite3.connect(path)
    text = con.execute("SELECT sql FROM sqlite_master WHERE name = 'entries_follow_each_other'").fetchone()[0]
    con.execute("DROP TRIGGER entries_follow_each_other")
    con.executemany("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows())
    con.execute(text)
    con.commit()
    con.close()


def timed(said: str, act: Callable[[], object]) -> None:
    """Run an act and print CPU of this process and its children, and time by the clock."""
    began_cpu, began = sum(os.times()[:4]), time.monotonic()
    told = act()
    used = sum(os.times()[:4]) - began_cpu
    print(f"{said}: {used:.1f} s CPU, {time.monotonic() - began:.1f} s by the clock; {told}")


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.sqlite")
        fill(ledger.path, n)
        timed(f"{n} entries, rows by item made anew", lambda: f"{len(ledger.decided.on(['R7.1']))} row of one item")
        timed("one item of a ledger just opened", lambda: len(newest_on(Ledger(ledger.path), ["R7.1"])))
        timed("every item of a ledger just opened", lambda: len(newest_decisions(Ledger(ledger.path))))
        timed("the same by reading every entry", lambda: len(all_decisions(Ledger(ledger.path))))
        for workers in (1, 2):
            verified = partial(ledger.verify, workers=workers)
            timed(f"verified by {workers}", lambda verified=verified: f"{len(verified())} faults")
