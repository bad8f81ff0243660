"""The quarantine: a bad delivery, whole, with a reason file that names every fault."""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from qc.ingest.archive import write_whole
from qc.ingest.delivery import Delivery
from schemas.errors import FaultyError

REASON = "reason.json"
_LONGEST_BYTES = 200
RESOLVED = "resolved.json"


def quarantine(folder: Path, delivery: Delivery, error: FaultyError, now: datetime) -> Path:
    """Set a delivery aside with its reason.

    Parameters
    ----------
    error : FaultyError
        Why; every fault is written.

    Returns
    -------
    Path
        Folder that holds the files, ``reason.json`` and ``reason.txt``.
    """
    place = folder / f"{delivery.sha256[:12]}-{_safe(delivery.main.name)}"
    for part in delivery.parts:
        write_whole(place / _safe(part.name), part.content)
    return _told(place, delivery.main.name, delivery.sha256, error, now)


def quarantine_unopened(folder: Path, name: str, error: FaultyError, now: datetime) -> Path:
    """Write why something was not even opened: there is nothing of it to set aside."""
    place = folder / f"{hashlib.sha256(name.encode()).hexdigest()[:12]}-{_safe(name)}"
    return _told(place, name, "", error, now)


def _told(place: Path, name: str, sha256: str, error: FaultyError, now: datetime) -> Path:
    faults = [{"where": fault.where, "text": fault.text} for fault in error.faults]
    reason = {
        "file": name,
        "sha256": sha256,
        "at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "message": error.message,
        "faults": faults,
    }
    write_whole(place / "reason.txt", f"{error}\n".encode())
    (place / RESOLVED).unlink(missing_ok=True)
    # Written last: a folder with a reason holds all of its files.
    write_whole(place / REASON, json.dumps(reason, ensure_ascii=False, indent=1).encode())
    return place


def resolve(folder: Path, delivery: Delivery, now: datetime) -> None:
    """Note that a delivery whose main file was quarantined has come in after all."""
    name = _safe(delivery.main.name)
    for place in folder.glob(f"*-{glob.escape(name)}"):
        # Another file of the same name may have been refused too: only the same bytes are settled by this.
        is_there = (place / REASON).is_file() and (place / name).is_file()
        if is_there and (place / name).read_bytes() == delivery.main.content:
            note = {"delivery": delivery.sha256, "at": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
            write_whole(place / RESOLVED, json.dumps(note).encode())


def quarantined_deliveries(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the reason of each delivery that is still in quarantine.

    Yields
    ------
    mapping
        ``file``, ``sha256``, ``at``, ``message`` and ``faults``.
    """
    for reason in sorted(folder.glob(f"*/{REASON}")):
        if not reason.with_name(RESOLVED).exists():
            yield json.loads(reason.read_text(encoding="utf-8"))


def _safe(name: str) -> str:
    printable = "".join(letter if letter.isprintable() and letter not in '/\\:*?"<>|' else "_" for letter in name)
    return _cut(printable.lstrip(".")) or "file"


def _cut(name: str) -> str:
    # A name of a file has 255 bytes at most, and the folder puts a hash before it, a draft its number behind it.
    if len(name.encode()) <= _LONGEST_BYTES:
        return name
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    end = "".join(Path(name).suffixes[-2:]).encode()[-40:].decode(errors="ignore")
    return f"{name.encode()[: _LONGEST_BYTES - 60].decode(errors='ignore')}~{mark}{end}"
