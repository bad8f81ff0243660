"""A release as the paired tests see it: frozen, approved results and the hash to cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Release:
    """Approved results of one study, verified against their manifest. Only ``qc.release.release`` builds one."""

    name: str
    """Name of the release: ``ALS-1-R1``."""
    study: str
    """Study it belongs to."""
    sha256: str
    """SHA-256 of the manifest, which carries the hashes of every file of the release."""
    manifest: Mapping[str, Any]
    """Manifest as written."""
    results: pl.DataFrame
    """Approved results: result_id, run, subject, visit, sample, analyte, matrix, method, platform, plate, value, unit,
    censor, censor_limit, lloq, uloq, decimals, approval, overridden. ``value`` is null where there is no number."""
