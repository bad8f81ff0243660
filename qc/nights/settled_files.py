"""Whether a file of the inbox has stood still long enough."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.ingest.delivery import DeliveryPaths, is_regular

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


def is_settled(lab: LabFolder, files: DeliveryPaths) -> bool:
    """Tell whether no file of a delivery changed within ``[nightly] settle_s``: it may still be being copied."""
    newest = max((path.lstat().st_mtime for path in files.paths if is_regular(path)), default=0.0)
    return datetime.now(UTC).timestamp() - newest >= lab.settings.nightly.settle_s
