"""Nights over damaged files: ``python fuzzed_nights.py FOLDER N_FILES SEED [A_NIGHT]`` prints one JSON line.

The files are those of ``sample_runs`` and, where they stand beside this checkout, workbooks and messages of others,
each with bytes changed, cut, doubled, moved or taken from another. Every night has a lab of its own.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import qc

HERE = Path(__file__).resolve().parents[3]
SOURCES = (HERE / "sample_runs", *(HERE.parent / "shared" / name for name in ("data", "cases")))
LARGEST_BYTES = 100_000
ENDS = frozenset(
    ["csv", "tsv", "txt", "toml", "hl7", "astm", "xlsx", "xls", "parquet", "json", "xml", "zip", "adat", "ods", "dat"]
)
STUFF = (
    b'"',
    b"'",
    b'""',
    b"\x00",
    b"\r",
    b"\n",
    b"\t",
    b",",
    b";",
    b"\x1b[2J",
    b"\xef\xbb\xbf",
    b"=1+1",
    b"1e999",
    b"-",
)
WORDS = (b"\xff" * 4, b"\x00" * 4, b"\xff\xff\xff\x7f", b"\x00\x00\x00\x80")


def seeds() -> dict[str, list[Path]]:
    """Return small files by the end of their names."""
    found: dict[str, list[Path]] = {}
    for source in SOURCES:
        for path in sorted(source.rglob("*")):
            end = path.suffix.lower()[1:]
            if end in ENDS and path.is_file() and 0 < path.stat().st_size < LARGEST_BYTES:
                found.setdefault(end, []).append(path)
    return found


def damaged(dice: random.Random, content: bytes, other: bytes) -> bytes:
    """Return bytes that were changed in one place or in several."""
    text = bytearray(content)
    for _ in range(dice.choice((1, 1, 1, 2, 5, 20))):
        place, end = dice.randrange(len(text) + 1), dice.randrange(len(text) + 1)
        kind = dice.randrange(9)
        if kind == 0 and place < len(text):
            text[place] ^= 1 << dice.randrange(8)
        elif kind == 1:
            del text[place:]
        elif kind == 2:
            text[place:place] = text[place : place + dice.randrange(1, 200)]
        elif kind == 3:
            text[place:place] = dice.randbytes(dice.randrange(1, 40))
        elif kind == 4:
            text[place:place] = dice.choice(STUFF)
        elif kind == 5:
            del text[place : place + dice.randrange(1, 100)]
        elif kind == 6:
            text[place : place + 4] = dice.choice(WORDS)
        elif kind == 7:
            text[place:place] = other[end : end + dice.randrange(1, 300)]
        else:
            lines = bytes(text).split(b"\n")
            lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
            text = bytearray(b"\n".join(lines))
    return bytes(text)


def fill(inbox: Path, n_files: int, dice: random.Random, by_end: dict[str, list[Path]]) -> None:
    """Put damaged files into an inbox, some under the end of another kind of file."""
    ends = sorted(by_end)
    for number in range(n_files):
        end = dice.choice(ends)
        source, other = dice.choice(by_end[end]), dice.choice(by_end[end])
        named = dice.choice(ends) if dice.random() < 0.03 else "".join(source.suffixes)[1:] or end
        stem = source.name.partition(".")[0][:20]
        (inbox / f"{number:05d}-{stem}.{named}").write_bytes(damaged(dice, source.read_bytes(), other.read_bytes()))


def memory_mb(pid: int) -> float:
    """Return what a process and all that it has begun hold in memory, what they share counted once."""
    own = 0.0
    for process in (pid, *_below(pid)):
        try:
            text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        own += int(text.partition("Pss:")[2].split()[0]) / 1000
    return own


def _below(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [one for child in map(int, children) for one in (child, *_below(child))]


def night(folder: Path, n_files: int, dice: random.Random, by_end: dict[str, list[Path]]) -> dict[str, object]:
    """Run a night over damaged files, and return what became of them."""
    lab = qc.init_lab(folder, name="fuzzed", settings={"lab.default_study": "S", "ingest.seconds": "20"})
    settings = lab.paths.settings.read_text(encoding="utf-8")
    lab.paths.settings.write_text(settings.replace('{ serum = "serum_run", csf = "csf_run" }', "{}"), encoding="utf-8")
    fill(lab.paths.inbox, n_files, dice, by_end)
    began = time.monotonic()
    words = [sys.executable, "-m", "qc", "nightly", "--json", "--lab", str(folder)]
    with (folder / "told.json").open("w") as out, (folder / "talk.txt").open("w") as talk:
        process = subprocess.Popen(words, stdout=out, stderr=talk, env=os.environ | {"POLARS_MAX_THREADS": "1"})
        most_mb = 0.0
        while process.poll() is None:
            most_mb = max(most_mb, memory_mb(process.pid))
            time.sleep(0.2)
    return {
        "exit": process.returncode,
        "seconds": time.monotonic() - began,
        "mb": most_mb,
        **_told(lab, folder, n_files),
    }


def _told(lab: qc.Lab, folder: Path, n_files: int) -> dict[str, object]:
    try:
        told = json.loads((folder / "told.json").read_text(encoding="utf-8"))
    except ValueError:
        return {"wrong": [(folder / "talk.txt").read_text(encoding="utf-8")[-500:]]}
    reasons = [json.loads(path.read_text(encoding="utf-8")) for path in lab.paths.quarantine.glob("*/reason.json")]
    wrong = list(told["faults"])
    wrong += [f"{one['file']}: no reason" for one in told["failed"] if not (one["faults"] or one["message"])]
    left = sorted(path.name for path in lab.paths.inbox.iterdir())
    named = " ".join(json.dumps(one) for one in told["failed"])
    wrong += [f"{name} is left without a word" for name in left if name not in named]
    wrong += [] if len(reasons) >= len(told["failed"]) - len(left) else ["fewer reasons than files that failed"]
    wrong += [str(fault) for fault in lab.verify()]
    outcomes = Counter({"in": len(told["new"]), "known": len(told["known"]), "quarantined": len(told["failed"])})
    return {"outcomes": dict(outcomes), "left": len(left), "wrong": wrong}


def main(folder: Path, n_files: int, seed: str, a_night: int) -> None:
    """Run nights until all files were in an inbox, and print what became of them."""
    dice, by_end = random.Random(seed), seeds()
    nights = []
    for number, first in enumerate(range(0, n_files, a_night)):
        nights.append(night(folder / f"{number}", min(a_night, n_files - first), dice, by_end))
        print(json.dumps(nights[-1]), file=sys.stderr, flush=True)
    outcomes: Counter[str] = Counter()
    for one in nights:
        outcomes.update(one.get("outcomes", {}))
    wrong = [fault for one in nights for fault in one["wrong"]]
    most_mb = max(one["mb"] for one in nights)
    print(json.dumps({"n_files": n_files, "outcomes": outcomes, "most_mb": round(most_mb), "wrong": wrong}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int((*sys.argv[4:], "1000")[0]))
