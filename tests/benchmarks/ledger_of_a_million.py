"""Verify a ledger with many entries: CPU seconds, and entries a second.

Run as ``python tests/benchmarks/ledger_of_a_million.py [N]``; N is 1,000,000 if not given.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from qc.canonical import canonical_json, utc_text
from qc.store.chain import START, chained_hash
from qc.store.ledger import Ledger


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


if __name__ == "__main__":
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "ledger.sqlite")
        fill(ledger.path, n)
        began_cpu, began = time.process_time(), time.monotonic()
        faults = ledger.verify()
        used = time.process_time() - began_cpu
        print(f"{n} entries, {len(faults)} faults: {used:.1f} s CPU, {time.monotonic() - began:.1f} s by the clock")
