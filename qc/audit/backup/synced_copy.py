"""Copy one file so that it is on the disk when the call returns."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def synced_copy(source: Path, target: Path) -> None:
    """Copy a file with its times and rights, and make the folders above it.

    Raises
    ------
    FileNotFoundError
        If the source is not there any more.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
    sync(target)


def sync(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
