"""Four reviewers and a nightly writer on one lab for a while: how long a decision takes, and whether any is lost.

Run as ``python tests/benchmarks/decision_latency.py [SECONDS]``; 60 if not given. Reviewers think 0.2 s in between
and speak on lines of the queue as they were seen; the writer judges every run again, over and over.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import tempfile
import time
from pathlib import Path

import qc
from qc.api.demo import make_demo_lab
from qc.store.ledger import Kind

THINK_S = 0.2


def review(folder: Path, number: int, until: float, out: Path) -> None:
    """Decide until the time is up; write down entry and milliseconds of each decision."""
    lab = qc.open_lab(folder)
    dice = random.Random(number)
    lines = lab.queue()
    told = []
    while time.time() < until:
        line = dice.choice(lines)
        began = time.perf_counter()
        (decided,) = lab.decide(line, "comment", note=f"reviewer {number}", actor=f"reviewer-{number}")
        told.append((decided.seq, 1000 * (time.perf_counter() - began)))
        time.sleep(THINK_S)
    out.write_text(json.dumps(told))


def write(folder: Path, until: float) -> None:
    """Judge everything again until the time is up."""
    lab = qc.open_lab(folder)
    while time.time() < until:
        lab.assess(everything=True)


def main(seconds: float) -> None:
    """Run all five and print percentiles."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "lab"
        make_demo_lab(folder, force=False).nightly()
        until = time.time() + seconds + 5
        context = multiprocessing.get_context("spawn")
        outs = [Path(place) / f"{number}.json" for number in range(4)]
        crew = [context.Process(target=review, args=(folder, n, until, out)) for n, out in enumerate(outs)]
        crew.append(context.Process(target=write, args=(folder, until)))
        for one in crew:
            one.start()
        for one in crew:
            one.join()
        told = [pair for out in outs for pair in json.loads(out.read_text())]
        lab = qc.open_lab(folder)
        entries = {entry.seq for entry in lab.ledger.entries(kinds=[Kind.DECISION])}
        times = sorted(ms for _, ms in told)
        lost, doubled = {seq for seq, _ in told} - entries, len(entries) - len({seq for seq, _ in told})
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"{len(told)} decisions in {seconds:g} s: p50 {p50:.1f} ms, p95 {p95:.1f} ms, worst {times[-1]:.1f} ms")
        print(f"lost {len(lost)}, doubled {doubled}, ledger {'whole' if not lab.ledger.verify() else 'broken'}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
