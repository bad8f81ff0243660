"""Audit: recompute the ledger, the archive and the releases, and name what does not hold."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qc.canonical import sha256_file
from qc.release import release_faults, release_names
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab import Lab


def verify(lab: Lab) -> list[Fault]:
    """Recompute everything that carries a hash.

    Parameters
    ----------
    lab : Lab
        The lab.

    Returns
    -------
    list of Fault
        The first broken link of the ledger, every archive file and release that is not what it was; empty if all holds.
    """
    faults = list(lab.ledger.verify())
    if faults:
        return faults + archive_faults(lab)
    names = release_names(lab)
    strangers = sorted(path.name for path in lab.paths.releases.iterdir() if path.is_dir() and path.name not in names)
    faults = [Fault(f"releases/{name}", "The ledger knows of no such release.") for name in strangers]
    return archive_faults(lab) + faults + [fault for name in names for fault in release_faults(lab, name)]


def archive_faults(lab: Lab) -> list[Fault]:
    """Compare the archive with the record of what came in.

    Parameters
    ----------
    lab : Lab
        The lab.

    Returns
    -------
    list of Fault
        Files that are missing, changed, or belong to nothing that came in.
    """
    with lab.facts.reading() as con:
        known = {row[0] for row in con.execute("SELECT DISTINCT sha256 FROM sources").fetchall()}
    there = {path.name for path in lab.paths.archive.iterdir() if path.is_file() and not path.name.startswith(".")}
    pending = _pending(lab)
    faults = [Fault(f"archive/{name}", "The file is missing.") for name in sorted(known - there)]
    strangers = sorted(there - known - pending)
    faults += [Fault(f"archive/{name}", "No source of the facts has this file.") for name in strangers]
    changed = [name for name in sorted(known & there) if sha256_file(lab.paths.archive / name) != name]
    return faults + [Fault(f"archive/{name}", "Its content is not what came in.") for name in changed]


def _pending(lab: Lab) -> set[str]:
    notes = (lab.paths.archive / "pending").glob("*.json")
    return {part["sha256"] for note in notes for part in json.loads(note.read_text(encoding="utf-8"))["parts"]}
