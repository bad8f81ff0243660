"""One decision on 100,000 items that wait: CPU and memory, beside the writing of as many chained rows by hand.

Run as ``python tests/benchmarks/bulk_of_decisions.py [N_ITEMS]``; 100,000 if not given. The ratio is taken within one
process: what it would cost to write the same text, hash after hash, into one table of SQLite and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import qc

BODY = {"act": "reject", "judged_sha256": "0" * 64, "values_sha256": "1" * 64, "reason": "other", "run": "bulk-000001"}


def by_hand(path: Path, n_items: int) -> float:
    """Write as many chained rows as there are items; return CPU seconds."""
    began, last = time.process_time(), "0" * 64
    con = sqlite3.connect(path)
    con.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY, object TEXT, body TEXT, hash TEXT)")
    rows = []
    for number in range(n_items):
        body = json.dumps(BODY | {"seq": number, "prev": last}, sort_keys=True)
        last = hashlib.sha256(body.encode()).hexdigest()
        rows.append((number, f"R1.{number}", body, last))
    con.executemany("INSERT INTO entries VALUES (?, ?, ?, ?)", rows)
    con.commit()
    return time.process_time() - began


def decide(folder: Path, n_items: int) -> None:
    """Reject all that waits in the multiplied runs."""
    began = time.process_time()
    decided = qc.open_lab(folder).decide_fitting("run:bulk", "reject", n_items=n_items, reason="other")
    cpu_s = time.process_time() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    hand_s = by_hand(folder / "by_hand.sqlite", n_items)
    print(
        f"{decided.n_items:,} decisions: {cpu_s:.1f} s CPU, peak {peak_mb:.0f} MB; {cpu_s / hand_s:.1f} times by hand"
    )


def main(n_items: int) -> None:
    """Make the lab, and decide in a process of its own."""
    from many_findings import make_lab

    with tempfile.TemporaryDirectory() as place:
        make_lab(Path(place) / "lab", n_items)
        subprocess.run([sys.executable, __file__, "--decide", f"{place}/lab", str(n_items)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--decide"]:
        decide(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
