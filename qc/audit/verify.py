"""Audit: recompute ledger, archive, facts, decisions, signatures and releases, and name what does not hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qc.audit.anchor import Anchor, anchor_faults
from qc.audit.proofs import archive_against_facts, decision_faults, signature_faults
from qc.ingest.delivery_entries import delivery_faults
from qc.release.release import release_faults, release_names
from qc.store.held_groups import broken_groups
from qc.store.seals import broken_seals
from schemas.canonical import sha256_file
from schemas.errors import Fault, StoreBusyError, StoreError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def verify(lab: LabFolder, *, anchor: Anchor | None = None, reads_again: bool = False) -> list[Fault]:
    """Recompute everything that carries a hash.

    Parameters
    ----------
    anchor : Anchor, optional
        What stood at the end once, written down elsewhere; without one a cut tail cannot be seen.
    reads_again : bool
        Whether every file of the archive is read again and compared with the facts, row by row.

    Returns
    -------
    list of Fault
        The first broken link of the ledger first; then every archive file, group of rows of the facts, decision,
        signature and release that is not what it was; empty if all holds.
    """
    faults = list(lab.ledger.verify((anchor.seq, anchor.hash) if anchor else None, workers=lab.workers))
    # A broken ledger proves nothing about what it speaks of: decisions, signatures and releases are left out then.
    is_whole = not faults
    faults += archive_faults(lab) + facts_faults(lab, reads_again=reads_again, proves_decisions=is_whole)
    if anchor is not None:
        faults += anchor_faults(lab, anchor)
    return [*faults, *signature_faults(lab.ledger), *_releases(lab)] if is_whole else faults


def facts_faults(lab: LabFolder, *, reads_again: bool, proves_decisions: bool) -> list[Fault]:
    """Compare the facts with their seals, with the decisions on them, and with the archive.

    Returns
    -------
    list of Fault
        Groups of rows that are not what was written.
    """
    try:
        with lab.facts.reading() as con:
            faults = [*broken_seals(con), *broken_groups(con)]
            if proves_decisions:
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
    pending = _pending(lab)
    faults = [Fault(f"archive/{name}", "The file is missing.") for name in sorted(known - there)]
    strangers = sorted(there - known - pending)
    faults += [Fault(f"archive/{name}", "No source of the facts has this file.") for name in strangers]
    changed = [name for name in sorted(known & there) if sha256_file(lab.paths.archive / name) != name]
    return faults + [Fault(f"archive/{name}", "Its content is not what came in.") for name in changed]


def _pending(lab: LabFolder) -> set[str]:
    notes = (lab.paths.archive / "pending").glob("*.json")
    return {part["sha256"] for note in notes for part in json.loads(note.read_text(encoding="utf-8"))["parts"]}
