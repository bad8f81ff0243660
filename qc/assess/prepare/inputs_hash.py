"""Hash of what a run and its sheets say: an assessment carries it, and a release cites it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.canonical import canonical_json, sha256_text
from schemas.json_model import json_value

if TYPE_CHECKING:
    from qc.assess.prepare.stored_run import LoadedRun


def inputs_hash(loaded: LoadedRun) -> str:
    """Hash what a run and its sheets say.

    Returns
    -------
    str
        SHA-256; the same for the same delivery, run sheet, sample rows, subjects and control targets.
    """
    content: dict[str, Any] = {
        "delivery": loaded.delivery_sha256,
        "run": json_value(loaded.run),
        "samples": loaded.samples.drop("source_id", "version").write_csv(),
        "controls": loaded.controls.drop("source_id", "version").write_csv(),
        "events": loaded.events.write_csv(),
    }
    if loaded.bridgings:
        content["bridgings"] = [[b.kind, b.first, b.second, b.analyte, b.matrix] for b in sorted(loaded.bridgings)]
    if loaded.excluded:
        content["excluded"] = [list(place) for place in loaded.excluded]
    return sha256_text(canonical_json(content))
