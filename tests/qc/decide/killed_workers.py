"""Four processes decide, sign and release on one lab; one after the other is killed at a random moment.

Run by ``test_kill.py``: ``python killed_workers.py LAB ACKS N_KILLS SEED``. Each act that returned is written to ACKS.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import duckdb  # noqa: F401
import polars as pl  # noqa: F401
import sqlalchemy  # noqa: F401

import qc
import qc.assess.changes.stale_runs
import qc.assess.prepare.rule_set
import qc.audit.sign
import qc.decide.decide
import qc.items.result_states
import qc.people.signatures
import qc.release.release
import qc.release.release_contents
import qc.release.release_write
from schemas.errors import QcError

ITEMS = ("R9.5", "R15.22", "R6.17", "R2.10", "R4.20", "R13.18")
PASSWORD = "a password of tests"


def work(folder, acks, number):
    """Act until killed, and acknowledge every act that returned."""
    dice = random.Random(number)
    out = os.open(acks / f"{os.getpid()}.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    while True:
        try:
            said = act(qc.open_lab(folder), dice)
        except QcError:
            continue
        os.write(out, f"{said}\n".encode())


def act(lab, dice):
    """Do one thing and say which entry of the ledger it is."""
    item, what = dice.choice(ITEMS), dice.random()
    if what < 0.2:
        return f"release {lab.release(actor='anna').name}"
    if what < 0.4:
        signed = lab.sign(item, "review", actor="anna")
        return f"signature {signed.seq} {item}"
    # A rejection that comes or goes shuts the gate until what stood beside it is judged again: one item alone goes back
    # and forth, so that there are releases to be killed in.
    if what < 0.5:
        (undone,) = lab.undo(ITEMS[0], note="x", actor="anna")
        return f"undo {undone.seq} {ITEMS[0]}"
    act = dice.choice(["comment", "approve", "reject"])
    item = item if act == "comment" else ITEMS[0]
    reason = {"approve": "biologically_plausible", "reject": "haemolysed"}.get(act, "")
    (decided,) = lab.decide(item, act, reason=reason, note="x", actor="anna")
    return f"decision {decided.seq} {item}"


def warm_up(folder):
    """Load what the acts need before anything is forked: workers are to be killed in acts, not in imports."""
    lab = qc.open_lab(folder)
    lab.ledger.head()
    with lab.facts.reading() as con:
        con.execute("SELECT 1")


def main(folder, acks, n_kills, seed):
    """Keep four workers alive and kill one of them, again and again."""
    dice = random.Random(seed)
    qc.open_lab(folder).sign_in("anna", PASSWORD)
    warm_up(folder)
    workers = []
    number = 0
    for _ in range(n_kills + 1):
        while len(workers) < 4:
            number += 1
            pid = os.fork()
            if pid == 0:
                work(folder, acks, seed * 1000 + number)
            workers.append(pid)
        time.sleep(dice.uniform(0.2, 2.0))
        victim = workers.pop(dice.randrange(len(workers)))
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
