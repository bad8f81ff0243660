"""Check: evidence on another machine, with nothing but Assaygate."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any  # Any: JSON values

from qc.audit.evidence.pack import FILES, INDEX, LEDGER, accounts_text
from qc.audit.proofs import decision_faults, decisions_before, signature_faults
from qc.release.release_proof import content_faults, folder_faults
from qc.store.chain import START, chained_hash
from qc.store.connection import Connection, in_memory
from qc.store.entry import ENTRY_COLUMNS, Entry, Kind
from qc.store.migration import shipped_migrations
from qc.store.seals import broken_seals
from schemas.canonical import canonical_json, sha256_file
from schemas.errors import ConfigError, Fault


class HandedOn:
    """Entries of a ledger that were handed on in full.

    Parameters
    ----------
    entries : sequence of Entry
        Entries, oldest first.
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries

    def entries_of(self, *kinds: Kind) -> Sequence[Entry]:
        """Return all entries of some kinds, oldest first."""
        return [entry for entry in self._entries if entry.kind in kinds]


@dataclass(frozen=True, slots=True)
class PackChecked:
    """What became of checking a pack."""

    target: str
    """Run or release that it is about."""
    faults: list[Fault]
    """Everything that does not hold."""
    remarks: list[str]
    """What breaks nothing and should be known: facts that were made again."""


def check_pack(path: Path) -> PackChecked:
    """Recompute everything in a pack.

    Parameters
    ----------
    path : Path
        Folder or zip that ``qc evidence`` wrote.

    Raises
    ------
    ConfigError
        If it is no evidence.
    """
    if path.is_dir():
        return _check(path)
    if not zipfile.is_zipfile(path):
        raise ConfigError(f"'{path}' is neither a folder nor a zip of evidence.")
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(path) as pack:
        if any(Path(name).is_absolute() or ".." in Path(name).parts for name in pack.namelist()):
            raise ConfigError(f"'{path}' holds names that lead out of it: it is no evidence of Assaygate.")
        pack.extractall(place)
        return _check(Path(place))


def _check(folder: Path) -> PackChecked:
    try:
        text = (folder / INDEX).read_text(encoding="utf-8")
        index: dict[str, Any] = json.loads(text)
        target, files = str(index["target"]), dict(index["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"'{folder}' is no evidence: '{INDEX}' is missing or damaged.") from error
    faults = [Fault(INDEX, "It is not canonical JSON: it was altered.")] if canonical_json(index) != text else []
    there = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()} - {INDEX}
    faults += [Fault(name, "The file is missing.") for name in sorted(set(files) - there)]
    faults += [Fault(name, "The file was not in the evidence.") for name in sorted(there - set(files))]
    shared = sorted(there & set(files))
    faults += [
        Fault(name, "Its hash is not the one that was written.")
        for name in shared
        if sha256_file(folder / name) != files[name]
    ]
    if faults:
        return PackChecked(target, faults, [])
    faults, remarks = _chain_and_facts(folder, index["runs"])
    return PackChecked(target, [*_archive(folder), *faults, *_release(folder, str(index["release"]))], remarks)


def _archive(folder: Path) -> list[Fault]:
    return [
        Fault(f"archive/{file.name}", "Its content is not what came in.")
        for file in sorted((folder / "archive").iterdir())
        if sha256_file(file) != file.name
    ]


def _chain_and_facts(folder: Path, run_ids: Sequence[int]) -> tuple[list[Fault], list[str]]:
    faults, entries = _chain(folder)
    handed_on = HandedOn(entries)
    with in_memory() as con:
        _load(con, folder / "facts")
        faults += broken_seals(con)
        faults += _files(con, folder / FILES, run_ids)
        known = {row[0] for row in con.execute("SELECT assessment_id FROM assessments").fetchall()}
        own = [entry for entry in entries if entry.kind is not Kind.DECISION or _is_known(entry, known)]
        faults += decision_faults(HandedOn(own), con)
        remarks = list(decisions_before(handed_on, con, run_ids))
    return [*faults, *signature_faults(handed_on)], remarks


def _files(con: Connection, path: Path, run_ids: Sequence[int]) -> list[Fault]:
    # Evidence of earlier versions has no such file; one that was taken away is missed by the index.
    if not path.is_file() or path.read_text(encoding="utf-8") == accounts_text(con, run_ids):
        return []
    return [Fault(FILES, "The facts say otherwise what became of the cells of the files.")]


def _is_known(entry: Entry, assessments: set[int]) -> bool:
    covered = [part["assessment_id"] for part in entry.body.get("covers", {}).values()]
    return set(covered or [entry.body["assessment_id"]]) <= assessments


def _chain(folder: Path) -> tuple[list[Fault], list[Entry]]:
    faults: list[Fault] = []
    entries: list[Entry] = []
    expected = START
    lines = (folder / LEDGER).read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        exported = json.loads(line)
        if exported["seq"] != number or exported["prev_hash"] != expected:
            faults.append(Fault(f"entry {exported['seq']}", "It does not follow the entry before it."))
        if "body" in exported:
            own = chained_hash(*(exported[name] for name in ENTRY_COLUMNS[:6]), prev_hash=exported["prev_hash"])
            if own != exported["hash"]:
                faults.append(Fault(f"entry {exported['seq']}", "Its content does not give its hash: it was altered."))
            at, body = datetime.fromisoformat(exported["at"]), json.loads(exported["body"])
            kind, about = Kind(exported["kind"]), exported["object"]
            entries.append(
                Entry(number, at, exported["actor"], kind, about, body, exported["prev_hash"], exported["hash"])
            )
        expected = exported["hash"]
    return faults, entries


def _load(con: Connection, folder: Path) -> None:
    for step in shipped_migrations():
        con.execute(step.sql)
    tables = {row[0] for row in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    for file in sorted(folder.glob("*.parquet")):
        if file.stem in tables:
            con.execute(f'INSERT INTO "{file.stem}" BY NAME SELECT * FROM read_parquet(?)', [str(file)])  # noqa: S608


def _release(folder: Path, name: str) -> list[Fault]:
    if not name:
        return []
    place = folder / "release" / name
    _, entries = _chain(folder)
    cited = [one.body["manifest_sha256"] for one in entries if one.kind is Kind.RELEASE and one.object == name]
    return folder_faults(place, cited[-1] if cited else "") or content_faults(place)
