"""Files as they stand, so that one that is still being written, or was replaced meanwhile, is never taken for whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from qc.ingest.delivery import DeliveryPaths, is_regular

Standing = tuple[int, int, int]
"""Number, size and time of change of a file."""
_UNFINISHED = (".part", ".partial", ".filepart", ".tmp", ".temp", ".crdownload", ".download", ".swp")
"""Ends of names that programs give to what they are still writing."""


def standing(path: Path) -> Standing | None:
    """Return how a file stands; None if it is gone."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


class Standings:
    """How the files of some deliveries stood before they were read."""

    def __init__(self, deliveries: Iterable[DeliveryPaths]) -> None:
        """Look at each file once."""
        self._before = {path: standing(path) for files in deliveries for path in files.paths}

    def of(self, path: Path) -> Standing | None:
        """Return how a file stood; None if it was gone."""
        return self._before[path]

    def is_as_it_was(self, files: DeliveryPaths) -> bool:
        """Tell whether every file of a delivery stands as it did."""
        return all(standing(path) == self._before[path] for path in files.paths)


def remove_taken(path: Path, taken: Standing | None) -> bool:
    """Remove a file that was taken in, unless it is another one, or longer, by now.

    Parameters
    ----------
    taken : Standing or None
        How it stood before it was read.

    Returns
    -------
    bool
        False where it has changed since it was read: it stays, and counts as new.
    """
    # Not set aside under another name first: a kill in between would leave it where nobody looks.
    if taken is not None and standing(path) == taken:
        path.unlink()
    return not path.exists()


def is_unfinished(path: Path) -> bool:
    """Tell whether the name of a file says that a program still writes it."""
    return path.name.lower().endswith(_UNFINISHED) or path.name.startswith("~$")


@dataclass(slots=True)
class Stillness:
    """Watches how long files have stood still, by a clock of its own: a copied file may carry any time."""

    still_s: float
    """Seconds after which a file counts as whole."""
    retry_s: float = 600.0
    """Seconds after which what was tried and stayed is tried again."""
    _seen: dict[Path, tuple[Standing, float]] = field(default_factory=dict)
    _tried: dict[Path, tuple[Standing, float]] = field(default_factory=dict)

    def look(self, deliveries: list[DeliveryPaths], now: float | None = None) -> list[DeliveryPaths]:
        """Look at the deliveries of the inbox once more.

        Returns
        -------
        list of DeliveryPaths
            Those all of whose files have stood still for long enough, and that were not just tried as they stand.
        """
        now = monotonic() if now is None else now
        here = {path for files in deliveries for path in files.paths}
        self._seen = {path: one for path, one in self._seen.items() if path in here}
        self._tried = {path: one for path, one in self._tried.items() if path in here}
        # Each file is looked at, though one of them moves: the time of the others goes on.
        still = {path for path in here if self._is_still(path, now)}
        return [files for files in deliveries if still.issuperset(files.paths)]

    def is_still(self, files: DeliveryPaths) -> bool:
        """Tell whether a delivery stands as it did when it was last looked at."""
        return all(path in self._seen and standing(path) == self._seen[path][0] for path in files.paths)

    def tried(self, deliveries: list[DeliveryPaths], now: float | None = None) -> None:
        """Note that deliveries were tried as they stand."""
        now = monotonic() if now is None else now
        for files in deliveries:
            for path in files.paths:
                if (stands := standing(path)) is not None:
                    self._tried[path] = (stands, now)

    def _is_still(self, path: Path, now: float) -> bool:
        stands = standing(path)
        if stands is None or is_unfinished(path):
            return False
        before = self._seen.get(path)
        if before is None or before[0] != stands:
            self._seen[path] = (stands, now)
            return self.still_s == 0
        tried = self._tried.get(path)
        if tried is not None and tried[0] == stands and now - tried[1] < self.retry_s:
            return False
        return now - before[1] >= self.still_s or not is_regular(path)
