"""The manifest of a backup: every file with its hash, and where the ledger stood."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from schemas.errors import ConfigError, Fault
from schemas.json_model import JsonModel

MANIFEST = "manifest.json"
"""Name of the manifest in a backup."""
FILES = "lab"
"""Folder of a backup that holds the files of the lab."""
FORMAT = 1


@dataclass(frozen=True, slots=True)
class BackupFile(JsonModel):
    """One file of a lab."""

    path: str
    """Where it lies in the lab."""
    size: int
    """Its bytes."""
    sha256: str
    """SHA-256 of its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest(JsonModel):
    """What a backup holds."""

    lab: str
    """Name of the lab."""
    made_at: str
    """When, in UTC."""
    software: str
    """Version that made it."""
    ledger_seq: int
    """Number of the newest entry of the ledger; 0 for none."""
    ledger_hash: str
    """Its hash."""
    files: tuple[BackupFile, ...]
    """Every file, by path."""
    format: int = FORMAT
    """Version of this form."""


def read_manifest(backup: Path) -> Manifest:
    """Read the manifest of a backup.

    Raises
    ------
    ConfigError
        If there is none, or it is not what a backup writes; a path that leads out of the lab is refused.
    """
    try:
        tree = json.loads((backup / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(BackupFile(str(one["path"]), int(one["size"]), str(one["sha256"])) for one in tree.pop("files"))
        manifest = Manifest(files=files, **tree)
    except FileNotFoundError:
        raise ConfigError(f"'{backup}' is no backup: it holds no {MANIFEST}.") from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"The {MANIFEST} of '{backup}' cannot be read ({type(error).__name__}).") from error
    if manifest.format != FORMAT:
        raise ConfigError(f"The backup '{backup}' has form {manifest.format}; this program reads form {FORMAT}.")
    for one in files:
        parts = PurePosixPath(one.path).parts
        if not parts or PurePosixPath(one.path).is_absolute() or ".." in parts:
            raise ConfigError(f"The {MANIFEST} of '{backup}' names '{one.path}', which lies outside of a lab.")
    return manifest


def backup_faults(backup: Path, manifest: Manifest) -> list[Fault]:
    """Compare the files of a backup with its manifest.

    Returns
    -------
    list of Fault
        Files that are missing, changed, or not named.
    """
    from schemas.canonical import sha256_file

    root = backup / FILES
    named = {one.path: one for one in manifest.files}
    there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file() or path.is_symlink()}
    faults = [Fault(f"{FILES}/{path}", "The file is missing.") for path in sorted(set(named) - there)]
    faults += [Fault(f"{FILES}/{path}", "The manifest names no such file.") for path in sorted(there - set(named))]
    changed = [path for path in sorted(there & set(named)) if sha256_file(root / path) != named[path].sha256]
    return faults + [Fault(f"{FILES}/{path}", "Its content is not what was backed up.") for path in changed]
