"""Kills of `qc watch` under load: ``python killed_watcher.py FOLDER N_KILLS SEED`` prints one JSON line.

Files come into the inbox in pieces, renamed and replaced, while the watcher is killed and started anew. Watchers are
forked from this process, which has loaded what they need and opened no store: DuckDB's threads outlive no fork.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from pkgutil import walk_packages
from threading import Event, Thread

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}

import great_expectations  # noqa: F401 - loaded before watchers are forked
import scipy.stats  # noqa: F401

import checks
import qc
import schemas
from qc.nights.live.watch import watch

for room in (schemas, checks, qc):
    for module in walk_packages(room.__path__, f"{room.__name__}."):
        if "__main__" not in module.name:
            importlib.import_module(module.name)

HEAD = "run,role,sample,analyte,matrix,value,unit\n"


def export(number: int) -> str:
    rows = (f"w{number},sample,X{number:04}{row},iron,serum,{60 + row},ug/dL\n" for row in range(3))
    return HEAD + "".join(rows)


class Bench(Thread):
    """Brings file after file until it is stopped: in pieces, renamed, replaced, twice."""

    def __init__(self, inbox: Path, seed: int) -> None:
        super().__init__(daemon=True)
        self.inbox, self.chance, self.stop, self.n_brought = inbox, random.Random(seed), Event(), 0

    def run(self) -> None:
        while not self.stop.is_set():
            self.bring(export(self.n_brought), self.inbox / f"w{self.n_brought}.csv")
            self.n_brought += 1
            time.sleep(self.chance.uniform(0.05, 0.4))

    def bring(self, text: str, path: Path) -> None:
        how = self.chance.choice(["whole", "pieces", "renamed", "twice"])
        draft = path.with_name(f"{path.name}.part") if how == "renamed" else path
        with draft.open("w") as file:
            for line in text.splitlines(keepends=True):
                file.write(line)
                file.flush()
                time.sleep(0.05 if how == "pieces" else 0)
        if how == "renamed":
            draft.rename(path)
        if how == "twice":
            path.with_name(f"again-{path.name}").write_text(text)


def lab_at(root: Path) -> qc.Lab:
    """Return a lab that does all in one process: no other outlives the kill."""
    lab = qc.open_lab(root)
    return type(lab)(lab.paths, lab.settings, workers=1)


def forked(work: Callable[[], object]) -> int:
    """Do something in a child, and return its number."""
    pid = os.fork()
    if pid == 0:
        with suppress(BaseException):
            work()
        os._exit(0)
    return pid


def watched(root: Path) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watch(lambda: lab_at(root), stop=stop, told=lambda _: None, refused=lambda _: None, poll_s=0.05)


def made(root: Path) -> None:
    qc.init_lab(root, name="killed")
    settings = (root / "qc.toml").read_text().replace("still_s = 10.0", "still_s = 0.2")
    (root / "qc.toml").write_text(settings)


def main(folder: Path, n_kills: int, seed: int) -> dict[str, object]:
    root, chance = folder / "lab", random.Random(seed)
    os.waitpid(forked(lambda: made(root)), 0)
    bench = Bench(root / "inbox", seed)
    bench.start()
    for _ in range(n_kills):
        pid = forked(lambda: watched(root))
        time.sleep(chance.uniform(0.1, 1.2))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    bench.stop.set()
    bench.join(10)
    pid = forked(lambda: watched(root))
    end = time.monotonic() + 120
    while list(bench.inbox.iterdir()) and time.monotonic() < end:
        time.sleep(0.1)
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)
    return {"n_kills": n_kills, "n_files": bench.n_brought, "faults": faults(lab_at(root), bench.n_brought)}


def faults(lab: qc.Lab, n_files: int) -> list[str]:
    """Name every file that is not in exactly once and whole."""
    with lab.facts.reading() as con:
        found = con.execute("SELECT run, count(*) FROM reported JOIN runs USING (run_id) GROUP BY 1").fetchall()
        n_judged = con.execute("SELECT count(*) FROM run_states").fetchall()[0][0]
    rows, wanted = dict(found), {f"w{number}": 3 for number in range(n_files)}
    told = [f"{run}: {rows.get(run)} of {n} rows" for run, n in wanted.items() if rows.get(run) != n]
    told += [f"unknown run {run}" for run in rows.keys() - wanted.keys()]
    told += [f"left in the inbox: {path.name}" for path in lab.paths.inbox.iterdir()]
    told += [f"in quarantine: {path.name}" for path in lab.paths.quarantine.iterdir()]
    told += [str(fault) for fault in lab.verify()]
    return [*told, *([f"{n_judged} of {n_files} runs were judged"] if n_judged != n_files else [])]


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
