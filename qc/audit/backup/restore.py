"""Restore a lab from a backup into an empty folder, or rehearse it."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.audit.backup.manifest import FILES, Manifest, backup_faults, read_manifest
from qc.audit.backup.synced_copy import synced_copy
from qc.audit.verify import verify
from qc.lab.folder import LabFolder
from qc.lab.layout import FOLDERS, LabPaths
from qc.lab.settings_file import read_settings
from qc.store.ledger import Draft, Kind
from schemas.errors import ConfigError, Fault
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.store.entry import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(JsonModel):
    """What became of a restore."""

    backup: str
    """Name of the backup."""
    made_at: str
    """When it was made, in UTC."""
    folder: str
    """Folder of the restored lab; empty for a rehearsal."""
    n_files: int
    """Its files."""
    ledger_seq: int
    """Number of the newest entry of its ledger."""
    holds: bool
    """Whether everything that carries a hash is what it was."""
    faults: list[Fault]
    """What is not."""
    n_newer_entries: int | None
    """Entries of the ledger of the lab beside it that are newer; None if none was named."""
    n_newer_files: int | None
    """Files of its archive that came in since; None if none was named."""


def restore(backup: Path, folder: Path, *, beside: LabFolder | None = None) -> Restored:
    """Make a lab of a backup.

    Parameters
    ----------
    backup : Path
        Folder of the backup.
    folder : Path
        Where; it must be empty, or not be there.
    beside : LabFolder, optional
        The lab that was backed up, where it still opens: what it has that the backup has not is counted.

    Raises
    ------
    ConfigError
        If there is no backup, a file of it is not what was backed up, or the folder is not empty.
    """
    manifest = _sound(backup)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"'{folder}' is not empty: a lab is restored into a new folder, never over another.")
    draft = folder.absolute().with_name(f".{folder.name}.{os.getpid()}.part")
    try:
        _copy(backup, manifest, draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return _restored_of(backup, manifest, folder, str(folder), beside)


def rehearse(lab: LabFolder, backup: Path, *, actor: str) -> tuple[Restored, Entry]:
    """Restore a backup into a folder that goes again, verify it, and record that in the ledger of the lab.

    Parameters
    ----------
    actor : str
        Who does it.

    Returns
    -------
    tuple
        What came of it, and the entry.

    Raises
    ------
    ConfigError
        If there is no backup, or a file of it is not what was backed up.
    """
    manifest = _sound(backup)
    with tempfile.TemporaryDirectory(prefix=".assaygate-", dir=backup.absolute().parent) as scratch:
        copy = Path(scratch) / "lab"
        _copy(backup, manifest, copy)
        restored = _restored_of(backup, manifest, copy, "", lab)
    body = {
        "act": "restore_rehearsed",
        "backup": backup.name,
        "made_at": manifest.made_at,
        "ledger_seq": manifest.ledger_seq,
        "ledger_hash": manifest.ledger_hash,
        "n_files": len(manifest.files),
        "outcome": "holds" if restored.holds else "does not hold",
    }
    (entry,) = lab.ledger.append([Draft(Kind.NOTE, "backup", body, actor)], at=datetime.now(UTC))
    return restored, entry


def _sound(backup: Path) -> Manifest:
    manifest = read_manifest(backup)
    faults = backup_faults(backup, manifest)
    if faults:
        raise ConfigError(f"The backup '{backup}' is damaged and was not restored: {faults[0]} ({len(faults)} faults)")
    return manifest


def _copy(backup: Path, manifest: Manifest, folder: Path) -> None:
    folder.mkdir(parents=True)
    for one in manifest.files:
        synced_copy(backup / FILES / one.path, folder / one.path)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)  # a backup holds files: an empty folder is none


def _restored_of(backup: Path, manifest: Manifest, folder: Path, shown: str, beside: LabFolder | None) -> Restored:
    paths = LabPaths.of(folder)
    faults = verify(LabFolder(paths, read_settings(paths.settings)))
    return Restored(
        backup=backup.name,
        made_at=manifest.made_at,
        folder=shown,
        n_files=len(manifest.files),
        ledger_seq=manifest.ledger_seq,
        holds=not faults,
        faults=faults,
        n_newer_entries=beside.ledger.head()[0] - manifest.ledger_seq if beside else None,
        n_newer_files=len(_archived(beside.paths.archive) - _archived(paths.archive)) if beside else None,
    )


def _archived(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
