"""What of a lab others than its owner and its group can read: blinding holds in what is shown, not on the disk."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.errors import Fault

if TYPE_CHECKING:
    from qc.lab.layout import LabPaths


def open_to_others(paths: LabPaths) -> Iterator[Fault]:
    """Yield a fault for each store and folder of results that everybody on the machine can read."""
    if not paths.root.stat().st_mode & stat.S_IXOTH:
        return
    for path in (paths.facts, paths.ledger, paths.archive, paths.releases, paths.quarantine):
        if path.exists() and path.stat().st_mode & stat.S_IROTH:
            text = f"Everybody on this machine can read it: run `chmod o-rwx '{paths.root}'`."
            yield Fault(path.name, text)
            return
