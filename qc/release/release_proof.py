"""Proof of a release from its folder alone: files against the manifest, and the manifest against what it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any  # Any: JSON values

from qc.items.names import name_of_analyte, name_of_result, name_of_run
from schemas.canonical import canonical_json, sha256_file
from schemas.errors import Fault

MANIFEST = "manifest.json"


def folder_faults(folder: Path, manifest_sha256: str | None) -> list[Fault]:
    """Compare the files of a release with its manifest, and the manifest with its hash.

    Parameters
    ----------
    manifest_sha256 : str or None
        Hash that was recorded or cited; None if none is known.

    Returns
    -------
    list of Fault
        Everything that differs; empty if every byte is as it was released.
    """
    name = folder.name
    if not (folder / MANIFEST).is_file():
        return [Fault(name, f"'{MANIFEST}' is missing.")]
    if manifest_sha256 is not None and manifest_sha256 != sha256_file(folder / MANIFEST):
        return [Fault(f"{name}/{MANIFEST}", "Its hash is not the one in the ledger.")]
    manifest = _manifest(folder)
    if manifest is None:
        return [Fault(f"{name}/{MANIFEST}", "It is not the canonical JSON of a release: it was altered.")]
    hashes: Mapping[str, str] = manifest["files"]
    there = {path.name for path in folder.iterdir()} - {MANIFEST}
    faults = [Fault(f"{name}/{file}", "The file is missing.") for file in sorted(set(hashes) - there)]
    faults += [Fault(f"{name}/{file}", "The file was not released.") for file in sorted(there - set(hashes))]
    changed = [file for file in sorted(there & set(hashes)) if sha256_file(folder / file) != hashes[file]]
    return faults + [Fault(f"{name}/{file}", "Its hash is not the one in the manifest.") for file in changed]


def _manifest(folder: Path) -> Mapping[str, Any] | None:
    try:
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        read = json.loads(text)
        return read if isinstance(read, dict) and canonical_json(read) == text and "files" in read else None
    except (OSError, ValueError):
        return None


def content_faults(folder: Path) -> list[Fault]:
    """Recompute what the manifest counts, from the tables and decisions of the folder.

    Parameters
    ----------
    folder : Path
        Folder of a release whose files are what its manifest names.

    Returns
    -------
    list of Fault
        Counts that differ, results that nothing approved, and a table that is not the same as CSV and Parquet.
    """
    import polars as pl

    from qc.release.csv_text import csv_text

    manifest = _manifest(folder)
    if manifest is None:
        return []
    results = pl.read_parquet(folder / "results.parquet")
    set_aside = pl.read_parquet(folder / "set_aside.parquet")
    faults = []
    for what, found in (("n_approved", results.height), ("n_set_aside", set_aside.height)):
        if manifest[what] != found:
            faults.append(Fault(f"{MANIFEST}, {what}", f"It says {manifest[what]}; {found} rows are there."))
    faults += _unapproved(folder, results)
    faults += [
        Fault(f"{file}.csv", f"It is not the same table as {file}.parquet.")
        for file, frame in (("results", results), ("set_aside", set_aside))
        # Releases of earlier versions hold the plain texts; which of both a file is its hash in the manifest says.
        if (folder / f"{file}.csv").read_text(encoding="utf-8") not in (csv_text(frame), frame.write_csv())
    ]
    n_out = sum(contrast["n_out"] for contrast in manifest["contrasts"])
    if n_out != results.height:
        faults.append(Fault(f"{MANIFEST}, contrasts", f"They count {n_out} results; {results.height} are there."))
    return faults


def _unapproved(folder: Path, results: Any) -> list[Fault]:
    lines = (folder / "decisions.json").read_text(encoding="utf-8").splitlines()
    decisions = [json.loads(line) for line in lines]
    decided = {one["item"] for one in decisions if one["act"] == "approve" and not one["undone_by"]}
    faults = []
    for result_id, run_id, analyte, state, approval in results.select(
        "result_id", "run_id", "analyte", "state", "approval"
    ).iter_rows():
        names = {name_of_run(run_id), name_of_analyte(run_id, analyte), name_of_result(result_id)}
        if state != "approved" or (approval == "person" and not names & decided):
            faults.append(Fault(f"result {result_id}", "Neither a pass nor a decision in the folder approves it."))
    return faults
