"""The files of a release, and the manifest that names them all."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.ingest.archive import write_whole
from qc.plan.plan_lock import side_by_side
from qc.release.csv_text import csv_text
from qc.release.data_dictionary import dictionary_csv
from qc.release.software import library_versions
from schemas.canonical import canonical_json, sha256_file

if TYPE_CHECKING:
    import polars as pl

    from qc.release.release_contents import Contents

README = """This folder is a release of Assaygate: approved results, frozen.

results.parquet, results.csv        approved results, one row each, the same in both; in the CSV an apostrophe stands
                                    before a text that a spreadsheet would compute
set_aside.parquet, set_aside.csv    rejected results, those to be repeated, and those kept beside another
dictionary.csv                      what each column means
decisions.json, signatures.json     what people said, one JSON value a line
manifest.json                       what all of it rests on, and the SHA-256 of every file

'qc release verify FOLDER' checks it without the lab. Cite the SHA-256 of manifest.json.
It names subjects and visits: it is not for a blinded reviewer.
"""


def write_files(folder: Path, frozen: Contents) -> None:
    """Write everything but the manifest."""
    for name, frame in (("results", frozen.approved), ("set_aside", frozen.set_aside)):
        write_whole(folder / f"{name}.parquet", _parquet(frame))
        write_whole(folder / f"{name}.csv", csv_text(frame).encode())
    write_whole(folder / "dictionary.csv", dictionary_csv().encode())
    write_whole(folder / "decisions.json", _lines(frozen.decisions))
    write_whole(folder / "signatures.json", _lines(frozen.signatures))
    write_whole(folder / "README.txt", README.encode())


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", statistics=False)
    return buffer.getvalue()


def _lines(entries: Iterable[Mapping[str, Any]]) -> bytes:
    return "".join(f"{canonical_json(entry)}\n" for entry in entries).encode()


def manifest_of(folder: Path, frozen: Contents, about: Mapping[str, Any], *, ledger: tuple[int, str]) -> dict[str, Any]:
    """Return the manifest of the files that were written.

    Parameters
    ----------
    folder : Path
        Draft of the release, with every other file in it.
    ledger : tuple of int and str
        Number and hash of the newest entry that the release rests on.
    """
    from qc.version import __version__

    lock = frozen.lock
    plan = {"plan_sha256": lock.plan.sha256, "version": lock.version, "seq": lock.seq} if lock else None
    return {
        **about,
        "software": {"assaygate": __version__, **library_versions()},
        "n_approved": frozen.approved.height,
        "n_set_aside": frozen.set_aside.height,
        "n_decisions": len(frozen.decisions),
        "n_signatures": len(frozen.signatures),
        "plan": plan,
        "plan_changes": [
            {"key": one.key, "values": list(one.values)} for one in side_by_side(frozen.locks) if one.has_changed
        ],
        "contrasts": frozen.contrasts,
        "exceptions": frozen.exceptions,
        "imbalance": frozen.imbalance,
        "subjects": frozen.subjects,
        "uncertainty": frozen.uncertainty,
        "ledger": {"seq": ledger[0], "hash": ledger[1]},
        **frozen.basis,
        "sources": frozen.sources,
        "files": {path.name: sha256_file(path) for path in sorted(folder.iterdir())},
    }
