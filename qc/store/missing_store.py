"""What is said of a store that is not there."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import StoreError


def missing_store(store: str, path: Path) -> StoreError:
    """Return the error: whether the store was never made or is lost, `qc init` knows."""
    what = f"There is no {store} '{path}'"
    return StoreError(f"{what}: `qc init` on the folder of the lab makes one, or says how a lost one comes back.")
