"""The archive: every original, named by its SHA-256, and the notes of ingests that are under way.

A note is written before the facts and taken away after them and the entry of the ledger: whatever stands in between at
a kill is finished or undone by the next command.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qc.ingest.delivery import Delivery, Part
from qc.ingest.handed_in import HandedIn
from qc.lab.actor import effective_user

PENDING = "pending"


def keep(archive: Path, delivery: Delivery, handed_in: HandedIn) -> Path:
    """Write a note of the delivery and then its files, each whole or not at all.

    Parameters
    ----------
    handed_in : HandedIn
        By whom, and whether as a correction; kept for whoever finishes the ingest.

    Returns
    -------
    Path
        The note; remove it with :func:`settle` once the facts are committed and the ledger tells it.
    """
    note = archive / PENDING / f"{delivery.sha256}.json"
    parts = [{"part": part.part, "name": part.name, "sha256": part.sha256} for part in delivery.archived_parts]
    how = {name: getattr(handed_in, name) for name in _HOW}
    write_whole(note, json.dumps({**how, "parts": parts}, ensure_ascii=False).encode())
    for part in delivery.archived_parts:
        # A file is called by its hash: one that is there already has the same bytes.
        if not (archive / part.sha256).is_file():
            write_whole(archive / part.sha256, part.content)
    return note


_HOW = ("by", "os_user", "correct", "changes_sheets")


def settle(*notes: Path) -> None:
    """Take the notes of deliveries away that are in the facts and in the ledger.

    Parameters
    ----------
    *notes : Path
        What :func:`keep` returned.
    """
    for note in notes:
        note.unlink(missing_ok=True)
    for folder in {note.parent for note in notes}:
        sync_folder(folder)


@dataclass(frozen=True, slots=True)
class Unsettled:
    """An ingest that was cut off."""

    note: Path
    """The note that it left."""
    delivery: Delivery | None
    """Its files; None where not every file reached the archive, so nothing was acknowledged."""
    handed_in: HandedIn
    """By whom it was handed in, and how."""


def unsettled(archive: Path) -> Iterator[Unsettled]:
    """Yield each ingest that a kill cut off."""
    for note in sorted((archive / PENDING).glob("*.json")):
        written = json.loads(note.read_text(encoding="utf-8"))
        how = HandedIn(**({"by": effective_user()} | {name: written[name] for name in _HOW if name in written}))
        yield Unsettled(note, _delivery(archive, written["parts"]), how)


def _delivery(archive: Path, entries: Sequence[Mapping[str, str]]) -> Delivery | None:
    parts: dict[str, Part] = {}
    for entry in entries:
        path = archive / entry["sha256"]
        content = path.read_bytes() if path.is_file() else b""
        part = Part(entry["part"], entry["name"], content)
        # The note is written before the files: a kill between them leaves one that points at nothing.
        if part.sha256 != entry["sha256"]:
            return None
        parts[part.part] = part
    return Delivery.of(parts)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut.

    Parameters
    ----------
    path : Path
        Where; an existing file is replaced.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The number of the process keeps two that write the same content out of each other's draft.
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
