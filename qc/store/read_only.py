"""Whether a store can be written at all: a copy on a medium, or of somebody else, is read as it is."""

from __future__ import annotations

import os
from pathlib import Path


def is_read_only(path: Path) -> bool:
    """Tell whether neither a file nor its folder can be written by who runs the program."""
    return not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
