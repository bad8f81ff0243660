"""Audit: recompute ledger, archive, facts, decisions, signatures and releases, and name what does not hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.audit.again.changed_rules import rule_faults
from qc.audit.again.entry_times import strange_times
from qc.audit.again.judged_again import NOT_JUDGED, JudgedAgain, judge_again
from qc.audit.anchor import Anchor, anchor_faults
from qc.audit.proofs import archive_against_facts, decision_faults, signature_faults
from qc.ingest.delivery_entries import delivery_faults
from qc.ingest.delivery_journal import JOURNAL
from qc.ingest.journal_check import journal_faults
from qc.release.recorded_reports import report_faults
from qc.release.recount import recounted
from qc.release.release import release_faults, release_names
from qc.store.entry import Kind
from qc.store.facts_heads import MADE_AGAIN, head_faults, head_of, newest_seal
from qc.store.seals import broken_seals
from schemas.canonical import sha256_file
from schemas.errors import Fault, StoreBusyError, StoreError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class Verified:
    """What does not hold, and what was looked at."""

    faults: list[Fault]
    """Everything that does not hold."""
    again: JudgedAgain
    """What judging again came to; its faults are among the faults."""
    remarks: list[str]
    """What breaks nothing and should be known: times that run backwards, rows whose entry is still to come."""


def verified(
    lab: LabFolder, *, anchor: Anchor | None = None, reads_again: bool = False, n_runs: int | None = 0
) -> Verified:
    """Recompute everything that carries a hash, and judge runs again.

    Parameters
    ----------
    anchor : Anchor, optional
        What stood at the end once, written down elsewhere; without one a cut tail cannot be seen.
    reads_again : bool
        Whether every file of the archive is read again and compared with the facts, row by row.
    n_runs : int or None
        How many runs are judged again, chosen by chance; None means all.
    """
    faults = list(lab.ledger.verify((anchor.seq, anchor.hash) if anchor else None, workers=lab.workers))
    # A broken ledger proves nothing about what it speaks of: decisions, signatures and releases are left out then.
    is_whole = not faults
    faults += archive_faults(lab) + facts_faults(lab, reads_again=reads_again, is_whole=is_whole)
    if anchor is not None:
        faults += anchor_faults(lab, anchor)
    if not is_whole:
        return Verified(faults, NOT_JUDGED, [])
    faults += [*rule_faults(lab), *signature_faults(lab.ledger), *_releases(lab), *report_faults(lab)]
    again = judge_again(lab, n_runs=n_runs) if n_runs != 0 else NOT_JUDGED
    return Verified([*faults, *again.faults], again, list(_remarks(lab)))


def verify(
    lab: LabFolder, *, anchor: Anchor | None = None, reads_again: bool = False, n_runs: int | None = 0
) -> list[Fault]:
    """Recompute everything that carries a hash, and judge runs again.

    Parameters
    ----------
    anchor, reads_again, n_runs
        As for :func:`verified`.

    Returns
    -------
    list of Fault
        The first broken link of the ledger first; then every archive file, group of rows of the facts, file of the
        rules, decision, signature, release and report that is not what it was; empty if all holds.
    """
    return verified(lab, anchor=anchor, reads_again=reads_again, n_runs=n_runs).faults


def _remarks(lab: LabFolder) -> Iterator[str]:
    yield from (text for _, _, text in strange_times(lab.ledger.entries(), datetime.now(UTC)))
    last = lab.heads.newest()
    for entry in lab.ledger.entries_of(Kind.FACTS):
        if entry.body["act"] == MADE_AGAIN:
            yield f"The facts were made again by '{entry.actor}' on {entry.at:%Y-%m-%d %H:%M} UTC (entry {entry.seq})."
    try:
        with lab.facts.reading() as con:
            n_late = newest_seal(con) - (head_of(last.body).n_seals if last else 0)
    except StoreError:  # told as a fault of the facts already
        return
    if n_late > 0:
        yield f"{n_late} groups of rows are not entered in the ledger yet: whoever writes facts next enters them."


def facts_faults(lab: LabFolder, *, reads_again: bool, is_whole: bool) -> list[Fault]:
    """Compare the facts with their seals, with the ledger, with what follows from them, and with the archive.

    Parameters
    ----------
    is_whole : bool
        Whether the ledger holds, so that it proves heads and decisions.

    Returns
    -------
    list of Fault
        Groups of rows that are not what was written.
    """
    try:
        with lab.facts.reading() as con:
            faults = [*broken_seals(con), *recounted(con), *journal_faults(lab.paths.archive, con)]
            if is_whole:
                faults += head_faults(con, lab.ledger.entries_of(Kind.FACTS))
                faults += [*decision_faults(lab.ledger, con), *delivery_faults(lab.ledger, con)]
            if reads_again:
                faults += archive_against_facts(lab, con)
    except StoreBusyError:
        raise
    except StoreError as error:
        return [Fault("facts", str(error))]
    return faults


def _releases(lab: LabFolder) -> list[Fault]:
    names = release_names(lab)
    strangers = sorted(path.name for path in lab.paths.releases.iterdir() if path.is_dir() and path.name not in names)
    faults = [Fault(f"releases/{name}", "The ledger knows of no such release.") for name in strangers]
    return faults + [fault for name in names for fault in release_faults(lab, name)]


def archive_faults(lab: LabFolder) -> list[Fault]:
    """Compare the archive with the record of what came in.

    Returns
    -------
    list of Fault
        Files that are missing, changed, or belong to nothing that came in.
    """
    try:
        with lab.facts.reading() as con:
            known = {row[0] for row in con.execute("SELECT DISTINCT sha256 FROM sources").fetchall()}
    except StoreBusyError:
        raise
    except StoreError as error:
        return [Fault("facts", str(error))]
    there = {path.name for path in lab.paths.archive.iterdir() if path.is_file() and not path.name.startswith(".")}
    there.discard(JOURNAL)  # compared with the facts, line by line
    pending = _pending(lab)
    faults = [Fault(f"archive/{name}", "The file is missing.") for name in sorted(known - there)]
    strangers = sorted(there - known - pending)
    faults += [Fault(f"archive/{name}", "No source of the facts has this file.") for name in strangers]
    changed = [name for name in sorted(known & there) if sha256_file(lab.paths.archive / name) != name]
    return faults + [Fault(f"archive/{name}", "Its content is not what came in.") for name in changed]


def _pending(lab: LabFolder) -> set[str]:
    notes = (lab.paths.archive / "pending").glob("*.json")
    return {part["sha256"] for note in notes for part in json.loads(note.read_text(encoding="utf-8"))["parts"]}
