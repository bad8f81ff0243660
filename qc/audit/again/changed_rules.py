"""The files that say how is judged, against what was kept of them, and against the plan that is locked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qc.lab.rule_files import KEPT, kept_texts, rule_files
from qc.store.entry import Entry, Kind
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_PLAN = "plan.toml"


def rule_faults(lab: LabFolder) -> Iterator[Fault]:
    """Compare settings, catalogue, profiles, suites and plan with what they were when they were last judged by.

    Yields
    ------
    Fault
        One for each file that is otherwise, gone or new, and for each kept state that is not what was kept.
    """
    entries = lab.ledger.entries_of(Kind.FACTS)
    named = {str(entry.body["rules_sha256"]): entry for entry in entries}
    kept = {sha256: kept_texts(lab.paths.archive, sha256) for sha256 in named}
    for sha256, texts in kept.items():
        if texts is None:
            text = f"It is not what was kept of the rules when entry {named[sha256].seq} was made."
            yield Fault(f"archive/{KEPT}/{sha256}", text)
    folder = lab.paths.archive / KEPT
    there = {path.name for path in folder.iterdir() if not path.name.startswith(".")} if folder.is_dir() else set()
    for name in sorted(there - set(named)):
        yield Fault(f"archive/{KEPT}/{name}", "No entry of the ledger names it.")
    if entries and (texts := kept[str(entries[-1].body["rules_sha256"])]) is not None:
        yield from _changed(texts, rule_files(lab.paths.root), entries[-1])
    yield from _plan_faults(lab)


def _changed(kept: Mapping[str, str], now: Mapping[str, str], entry: Entry) -> Iterator[Fault]:
    since = f"since entry {entry.seq} of {entry.at:%Y-%m-%d %H:%M} UTC"
    meant = "if that was meant, 'qc assess' judges by it and enters it."
    for name in sorted({*kept, *now}):
        if kept.get(name) != now.get(name):
            what = "is new" if name not in kept else "is gone" if name not in now else "was changed"
            yield Fault(name, f"The file {what} {since}, when it was last judged by: {meant}")


def _plan_faults(lab: LabFolder) -> Iterator[Fault]:
    path, locks = lab.paths.root / _PLAN, lab.ledger.entries_of(Kind.PLAN_LOCK)
    if not locks or not path.is_file():
        return
    text = path.read_bytes().decode("utf-8", "replace")
    if text not in {str(entry.body["text"]) for entry in locks}:
        yield Fault(_PLAN, "It is not a plan that was locked: lock it with 'qc plan lock', or put the locked one back.")
