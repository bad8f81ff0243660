"""The files of a lab that say how is judged, kept in the archive as they were whenever facts were written."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from schemas.canonical import sha256_text

KEPT = "rules"
"""Folder of the archive: one file for each state of all of them, named by its SHA-256."""
_FILES = ("qc.toml", "reasons.toml", "words.toml")
_FOLDERS = ("catalogue", "profiles", "suites")


def rule_files(root: Path) -> dict[str, str]:
    """Return the text of each file by its path in the lab; bytes that are no text as lone surrogates."""
    files = [root / name for name in _FILES]
    for name in _FOLDERS:
        files += sorted(path for path in (root / name).rglob("*") if not path.name.startswith("."))
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode("utf-8", "surrogateescape")
        for path in files
        if path.is_file()
    }


def listing_of(texts: Mapping[str, str]) -> str:
    """Return texts as what is kept of them."""
    return json.dumps(texts, sort_keys=True, indent=1)


def keep_listing(archive: Path, listing: str) -> str:
    """Keep what :func:`listing_of` gave, and return its SHA-256."""
    sha256 = sha256_text(listing)
    target = archive / KEPT / sha256
    if not target.is_file():
        target.parent.mkdir(exist_ok=True)
        draft = target.with_name(f".{sha256}.{os.getpid()}.part")
        with draft.open("w", encoding="utf-8") as file:
            file.write(listing)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    return sha256


def kept_texts(archive: Path, sha256: str) -> dict[str, str] | None:
    """Return texts as they were kept; None if they are gone or are not what was kept."""
    try:
        listing = (archive / KEPT / sha256).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return dict(json.loads(listing)) if sha256_text(listing) == sha256 else None
