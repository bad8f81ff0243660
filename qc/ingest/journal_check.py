"""The journal of the archive against the facts: what it says otherwise is named, and written anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.delivery_journal import JOURNAL, delivery_records, journal_deliveries
from qc.lab.layout import SET_ASIDE
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


def journal_faults(archive: Path, con: Connection) -> Iterator[Fault]:
    """Compare the journal with the facts; lines that are still to be written are none."""
    path = archive / JOURNAL
    told = path.read_bytes().splitlines(keepends=True) if path.is_file() else []
    now = [record.line.encode() for record in delivery_records(con)]
    if b"".join(now).startswith(b"".join(told)):
        return
    differs = next((place for place, pair in enumerate(zip(told, now, strict=False)) if pair[0] != pair[1]), len(now))
    text = f"Line {differs + 1} is not what the facts hold: restore it from a backup, or let 'qc doctor' write it anew."
    yield Fault(f"archive/{JOURNAL}", text)


def mend_journal(lab: LabFolder) -> str:
    """Write a journal anew that is not what the facts hold; the old one is kept beside.

    Returns
    -------
    str
        Where the old one lies, from the folder of the lab; empty if it was sound.
    """
    archive = lab.paths.archive
    kept = ""
    with lab.facts.writing() as con:
        if any(journal_faults(archive, con)):
            name = f"{JOURNAL}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
            (lab.paths.root / SET_ASIDE).mkdir(exist_ok=True)
            (archive / JOURNAL).replace(lab.paths.root / SET_ASIDE / name)
            kept = f"{SET_ASIDE}/{name}"
        journal_deliveries(archive, con)
    return kept
