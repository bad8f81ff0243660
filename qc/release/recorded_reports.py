"""Reports in the lab's own folder: entered with their hashes when they are written, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.lab.actor import actor_or_user
from qc.store.entry import Draft, Kind
from schemas.canonical import sha256_file
from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def record_reports(lab: LabFolder, release: str, files: Sequence[Path]) -> None:
    """Enter reports that lie in the lab's folder of reports; one that says the same as before is not entered again."""
    folder = lab.paths.reports.resolve()
    own = [file for file in files if file.resolve().is_relative_to(folder)]
    hashes = {file.resolve().relative_to(folder).as_posix(): sha256_file(file) for file in own}
    known = _newest(lab)
    if any(known.get(name) != sha256 for name, sha256 in hashes.items()):
        body = {"files": hashes}
        lab.ledger.append([Draft(Kind.REPORT, release, body, actor_or_user(None))], at=datetime.now(UTC))


def report_faults(lab: LabFolder) -> Iterator[Fault]:
    """Yield a fault for each report that is not what was written; one that somebody took away is none."""
    for name, sha256 in sorted(_newest(lab).items()):
        path = lab.paths.reports / name
        if path.is_file() and sha256_file(path) != sha256:
            yield Fault(f"reports/{name}", "It is not the report that was written: 'qc report' writes it anew.")


def _newest(lab: LabFolder) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in lab.ledger.entries_of(Kind.REPORT):
        found |= entry.body["files"]
    return found
