"""Kills of every command of the story: ``python killed_commands.py FOLDER N_KILLS SEED`` prints one JSON line.

Every command runs as a child that is forked from this process, which has loaded what commands need: kills meet the work
and not the loading. A child that was not stopped in time has ended by itself: only those that were stopped are counted.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import pickle
import random
import re
import select
import signal
import sys
import time
from collections import Counter
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from pkgutil import walk_packages

os.environ |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}

from look import copy_place, look
from story import PASSWORD, STORY, Act

import checks
import qc
import qc.ingest.ingest as ingesting
import schemas
from qc.ingest.reading_team import ReadingTeam

LONG_S = 3.0
"""Seconds beyond which an act is killed less often than others."""
MOST_ATTEMPTS = 3
"""Times that one act is killed before somebody lets it end: the second and third kill meet the mending."""


def words_of(act: Act, place: Path) -> list[str]:
    """Return the command line of an act at a place."""
    out = place / "out"
    backups = {name: next(iter(sorted((out / name).glob("[!.]*"))), "") for name in ("plain", "sealed")}
    named = {"lab": place / "lab", "out": out, "files": place / "files"}
    key = re.search(r"public key: (\S+)", (out / "key.txt").read_text())[1] if (out / "key.txt").exists() else ""
    return [
        word.format(**named, backup=backups["plain"], sealed=backups["sealed"], key=key) if "{" in word else word
        for word in act.words
    ]


def _forked(work):
    """Return the number of a child that does something, and where it says what came of it."""
    reads, writes = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writes)
        return pid, reads
    os.setpgid(0, 0)
    os.close(reads)
    said: object = None
    try:
        said = work()
    except BaseException as error:  # noqa: BLE001 - told to whoever waits
        said = ("fault", f"{type(error).__name__}: {error}")
    with os.fdopen(writes, "wb") as pipe:
        pickle.dump(said, pipe)
    os._exit(0)


def _said(pid: int, reads: int) -> tuple | None:
    with os.fdopen(reads, "rb") as pipe:
        content = pipe.read()
    os.waitpid(pid, 0)
    return pickle.loads(content) if content else None


def run(words: list[str]) -> tuple[int, str, list[str]]:
    """Run a command in this process, and return its exit code, its words and the modules that are loaded."""
    from qc.cli.main import _outcome

    sys.stdin = io.StringIO(f"{PASSWORD}\n" * 2)
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        code = _outcome(words)
    return code, told.getvalue(), sorted(sys.modules)


def settle(place: Path) -> None:
    """Look at the queue: what an act left to judge, the next look judges, even where it is refused as done already."""
    _said(*_forked(lambda: run(["queue", "--lab", str(place / "lab")])))


def checked(place: Path) -> tuple[dict[str, object], list[str]]:
    """Return what is seen at a place, and what does not hold."""
    from qc.api.lab import open_lab

    seen = look(place)
    faults = [str(fault) for fault in open_lab(place / "lab").verify()] if seen["in"] is not None else []
    return seen, [fault for fault in faults if not fault.startswith("qc.toml: ")]  # the story itself changes it


class Story:
    """The whole story once, each place before an act kept, and how long each act takes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.place = folder, folder / "place"
        self.before: list[dict[str, object]] = []
        self.seconds: list[float] = []
        self.after: list[dict[str, object]] = []

    def make(self) -> None:
        """Do every act once."""
        self.place.mkdir(parents=True)
        for number, act in enumerate(STORY):
            if act.prepare:
                act.prepare(self.place)
            copy_place(self.place, self.folder / f"{number}")
            self.before.append(_seen(self.place))
            words = words_of(act, self.place)
            began = time.monotonic()
            said = _said(*_forked(lambda words=words: run(words)))
            took = time.monotonic() - began
            assert said is not None, act.name
            assert said[0] in (0, 1), (act.name, said[:2])
            _load(said[2])
            self.seconds.append(took)
            settle(self.place)
            self.after.append(_seen(self.place))
            print(f"{act.name}: {took * 1000:.0f} ms, exit {said[0]}", file=sys.stderr, flush=True)


def _seen(place: Path) -> dict[str, object]:
    said = _said(*_forked(lambda: checked(place)))
    assert said is not None
    seen, faults = said
    assert seen != "fault", faults
    assert faults == [], faults
    return seen


def _load(names: list[str]) -> None:
    for name in names:
        if name not in sys.modules and not name.startswith(("_", "great_expectations")):
            with suppress(Exception):
                importlib.import_module(name)


def _attempt(words: list[str], wait_s: float) -> tuple[bool, bool]:
    """Run a command and kill it; return whether it was killed, and whether it had told its end before."""
    pid, reads = _forked(lambda: run(words))
    told, _, _ = select.select([reads], [], [], wait_s)
    if not told:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
            os.kill(pid, signal.SIGKILL)
    said = _said(pid, reads)
    return said is None, said is not None


def _between(seen: dict[str, object], before: dict[str, object], after: dict[str, object], act: Act) -> list[str]:
    """Name what is neither as it was nor as it will be."""
    faults = []
    if seen["in"] not in (before["in"], after["in"]) and not act.is_stepwise:
        faults.append("rows that came in are half there")
    for run_id, rows in seen["judged"].items():
        if rows not in (before["judged"].get(run_id), after["judged"].get(run_id)):
            faults.append(f"the judgement of run {run_id} is half there")
    entries = seen["entries"]
    old, new = before["entries"], after["entries"]
    extra = entries[len(old) :]
    if entries[: len(old)] != old or not set(map(tuple, extra)) <= set(map(tuple, new[len(old) :])):
        faults.append(f"entries are neither those before nor those after: {extra}")
    if not set(seen["releases"]) - set(before["releases"]) <= set(after["releases"]) and not act.adds:
        faults.append("a release is there that is none")
    return faults


def _first_difference(seen, wanted):
    if not isinstance(seen, dict) or not isinstance(wanted, dict):
        return f"{seen} instead of {wanted}"
    for key in sorted(seen.keys() | wanted.keys()):
        here, there = seen.get(key, []), wanted.get(key, [])
        if here != there:
            more, less = ([row for row in one if row not in other][:1] for one, other in ((here, there), (there, here)))
            return f"{key}: {more} instead of {less}"
    return ""


def _after(seen, before, after, act, n_cut):
    """Name what is not as the whole act leaves it; ``n_cut`` attempts before it may have been whole and untold."""
    names = [name for name in ("in", "judged", "inbox") if seen[name] != after[name]]
    faults = [f"'{name}' is not what comes: {_first_difference(seen[name], after[name])}" for name in names]
    counted = Counter(map(tuple, seen["entries"]))
    wanted = Counter(map(tuple, after["entries"]))
    old = Counter(map(tuple, before["entries"]))
    for entry in counted | wanted:
        most = wanted[entry] + (n_cut * (wanted[entry] - old[entry]) if act.adds else 0)
        if not wanted[entry] <= counted[entry] <= most:
            faults.append(f"{counted[entry]} entries {entry} instead of {wanted[entry]}")
    if not set(after["out"]) <= set(seen["out"]):
        faults.append("what was to go out is not there")
    return faults


def kill(story: Story, n_kills: int, seed: str) -> dict[str, object]:
    """Kill acts until there are enough kills, and return what was counted."""
    dice, killed, faults, n_told = random.Random(seed), Counter(), [], 0
    n_rounds = -1
    while sum(killed.values()) < n_kills and len(faults) < 20:
        n_rounds += 1
        number = n_rounds % len(STORY)
        if story.seconds[number] > LONG_S and n_rounds // len(STORY) % 5:
            continue  # what takes long is killed in one round of five, as often in each round as there is time
        act, before, after = STORY[number], story.before[number], story.after[number]
        copy_place(story.folder / f"{number}", story.place)
        n_cut, is_told = 0, False
        for _ in range(dice.randint(1, MOST_ATTEMPTS)):
            was_killed, is_told = _attempt(words_of(act, story.place), dice.uniform(0, 1.02) * story.seconds[number])
            if is_told:
                n_told += 1
                break
            killed[act.name] += was_killed
            n_cut += 1
            half = [(act.name, fault, "after a kill") for fault in _wrong(story.place, before, after, act)]
            if half:
                print(half, file=sys.stderr, flush=True)
            faults += half
        if not is_told:
            words = words_of(act, story.place)
            said = _said(*_forked(lambda words=words: run(words)))
        settle(story.place)
        seen = _said(*_forked(lambda: checked(story.place)))
        if seen is None or seen[0] == "fault":
            faults.append((act.name, str(seen)))
            continue
        print(f"{sum(killed.values())} kills, {act.name}, {len(faults)} faults", file=sys.stderr, flush=True)
        wrong = [*seen[1], *_after(seen[0], before, after, act, n_cut)]
        faults += [(act.name, fault, "" if is_told or said is None else said[:2]) for fault in wrong]
        if wrong:
            print(faults[-len(wrong) :], file=sys.stderr, flush=True)
    return {"n_kills": sum(killed.values()), "by_act": dict(killed), "n_told": n_told, "faults": faults}


def _wrong(place: Path, before: dict[str, object], after: dict[str, object], act: Act) -> list[str]:
    seen = _said(*_forked(lambda: look(place)))
    if not isinstance(seen, dict):
        return [f"cannot be looked at: {seen}"]
    return _between(seen, before, after, act)


def main(folder: Path, n_kills: int, seed: str) -> None:
    """Make the story, kill, and print what was counted."""
    # Who reads writes nothing: here the writer reads itself, so that kills meet writes and not starts of processes.
    ingesting.reading_team = lambda terms, **_: _alone(terms)
    packages = (schemas, checks, qc)
    _load([module.name for one in packages for module in walk_packages(one.__path__, f"{one.__name__}.")])
    _load(["argon2", "pyrage", "sqlalchemy.dialects.sqlite.pysqlite", "matplotlib.backends.backend_svg", "scipy.stats"])
    story = Story(folder)
    story.make()
    print(json.dumps(kill(story, n_kills, seed), indent=1))


def _alone(terms):
    from contextlib import nullcontext

    return nullcontext(ReadingTeam(terms))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
