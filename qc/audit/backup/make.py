"""Make a backup: one moment of a lab, while people go on working."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.audit.backup.archive_then import drop_newer_files
from qc.audit.backup.manifest import FILES, MANIFEST, BackupFile, Manifest, backup_faults
from qc.audit.backup.synced_copy import sync, synced_copy
from qc.ingest.archive import sync_folder, write_whole
from qc.release.release import release_names
from qc.version import __version__
from schemas.canonical import canonical_json, sha256_file, utc_text
from schemas.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

_TRANSIENT = (".lock", ".turn", ".part", "-shm", "-wal", "-journal")
"""Ends of names of files that only a running process needs."""


def make_backup(lab: LabFolder, into: Path, *, now: datetime | None = None) -> Path:
    """Copy a lab as it is at one moment into a new folder, and read every copy again.

    Writers of the facts wait meanwhile; readers and the ledger do not. Nothing is left where it is cut off but a folder
    whose name begins with a dot.

    Parameters
    ----------
    into : Path
        Folder for backups, outside of the lab.
    now : datetime, optional
        Time in UTC; the clock, if not given.

    Returns
    -------
    Path
        Folder of the backup: name of the lab and time.

    Raises
    ------
    ConfigError
        If ``into`` lies in the lab.
    StoreError
        If a store cannot be read, or a copy is not what was copied.
    """
    now = now or datetime.now(UTC)
    root = lab.paths.root.resolve()
    if into.resolve().is_relative_to(root):
        raise ConfigError(f"'{into}' lies in the lab: a backup must lie elsewhere, best on another disk.")
    name = f"{lab.name}-{now:%Y%m%dT%H%M%SZ}".replace("/", "_")
    target, draft = into / name, into / f".{name}.{os.getpid()}.part"
    if target.exists():
        raise ConfigError(f"There is a backup '{target}' already.")
    (draft / FILES).mkdir(parents=True)
    try:
        seq, head = _copy(lab, draft / FILES)
        manifest = _manifest(lab, draft / FILES, seq, head, now)
        write_whole(draft / MANIFEST, f"{canonical_json(manifest.as_json())}\n".encode())
        _refuse_changed(draft, manifest)
        draft.rename(target)
        sync_folder(into)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return target


def _copy(lab: LabFolder, target: Path) -> tuple[int, str]:
    # The ledger is read while no facts can change: what it says was decided on is in the copy of the facts.
    with lab.facts.unchanging() as files:
        for file in files:
            _copy_if_there(file, target / file.name)
        seq, head = lab.ledger.copy_to(target / lab.paths.ledger.name)
    sync(target / lab.paths.ledger.name)
    released = set(release_names(lab))
    for path in _others(lab):
        relative = path.relative_to(lab.paths.root)
        # A release that is being written now, and that no entry tells yet, is not a release.
        if relative.parts[0] != "releases" or len(relative.parts) < 2 or relative.parts[1] in released:
            _copy_if_there(path, target / relative)
    drop_newer_files(target)
    return seq, head


def _others(lab: LabFolder) -> Iterator[Path]:
    stores = {lab.paths.facts.name, f"{lab.paths.facts.name}.wal", lab.paths.ledger.name}
    for folder, names, files in os.walk(lab.paths.root):
        names[:] = sorted(name for name in names if not name.endswith(".holders") and not _is_link(folder, name))
        at_top = Path(folder) == lab.paths.root
        for name in sorted(files):
            if not (at_top and name in stores) and not name.endswith(_TRANSIENT) and not _is_link(folder, name):
                yield Path(folder) / name


def _is_link(folder: str, name: str) -> bool:
    path = Path(folder) / name
    return path.is_symlink() or not (path.is_dir() or path.is_file())


def _copy_if_there(source: Path, target: Path) -> None:
    with suppress(FileNotFoundError):  # it left the inbox, or a draft became a file, since it was listed
        synced_copy(source, target)


def _manifest(lab: LabFolder, copied: Path, seq: int, head: str, now: datetime) -> Manifest:
    paths = sorted(path for path in copied.rglob("*") if path.is_file())
    return Manifest(
        lab=lab.name,
        made_at=utc_text(now),
        software=__version__,
        ledger_seq=seq,
        ledger_hash=head,
        files=tuple(
            BackupFile(path.relative_to(copied).as_posix(), path.stat().st_size, sha256_file(path)) for path in paths
        ),
    )


def _refuse_changed(backup: Path, manifest: Manifest) -> None:
    faults = backup_faults(backup, manifest)
    if faults:
        raise StoreError(f"The backup is not what was copied: {faults[0]}. Nothing was kept; is the disk sound?")
