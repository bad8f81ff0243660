"""Pack: the files, rows and ledger entries of a run or a release in one folder or zip.

The ledger goes along as a chain: entries that speak of the run or study in full, all others as their hashes alone, so
that accounts and other studies stay at home and the chain can still be followed from its first link.
"""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any  # Any: JSON values

from qc.ingest.stored_accounts import accounts_of_runs
from qc.items.decisions import touched_items
from qc.items.names import Item, parse_target
from qc.items.near_items import near_item
from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from qc.people.unblinding import tell_look
from qc.release.release import release_names
from qc.store.entry import ENTRY_COLUMNS, Entry, Kind
from qc.store.facts_heads import MADE_AGAIN
from qc.store.ledger_reads import reading
from qc.store.raw_rows import raw_rows
from qc.store.seals import sealed_tables
from schemas.canonical import canonical_json, sha256_file
from schemas.errors import ConfigError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

INDEX = "evidence.json"
LEDGER = "ledger.jsonl"
FILES = "files.json"
README = """This folder is evidence made by Assaygate: a run or a release with everything that proves it.

archive/       the original files, each named by its SHA-256
facts/         the rows that were read from them and judged, as Parquet, and the seals that were written with them
ledger.jsonl   the chain of the ledger: what speaks of this run or study in full, all else as hashes
files.json     what became of every cell of each export: used, flagged or left aside, and why
release/       the release, where one was asked for
evidence.json  what this is, and the SHA-256 of every file

'qc evidence verify THIS' recomputes all of it with nothing but Assaygate. It names subjects: it unblinds.
"""


@dataclass(frozen=True, slots=True)
class Pack(JsonModel):
    """Evidence that was written."""

    path: Path
    """Folder or zip."""
    target: str
    """Run or release."""
    n_files: int
    """Files in it, without the index."""
    sha256: str
    """SHA-256 of the index, which names every file."""


def write_pack(lab: LabFolder, target: str, path: Path, *, reason: str, actor: str | None = None) -> Pack:
    """Write the evidence of a run or a release; who takes it away, and why, is in the ledger first.

    Parameters
    ----------
    target : str
        Name of a run (``R12``, or as the file names it), or of a release.
    path : Path
        Folder that is not there yet, or a file that ends in ``.zip``.
    reason : str
        Why; not empty: the pack unblinds.
    actor : str, optional
        Who takes it; None means whoever has signed in, else the operating-system user.

    Raises
    ------
    ConfigError
        If there is no such run or release, no reason, or something stands at the path.
    RightsError
        If the person may not unblind.
    """
    person = allowed_person(lab, actor, Right.UNBLIND)
    if not reason.strip():
        raise ConfigError("A reason is needed: evidence names subjects, and who took it stands in the ledger.")
    if path.exists():
        raise ConfigError(f"'{path}' is there already: name another place.")
    path.absolute().parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".assaygate-", dir=path.absolute().parent) as scratch:
        # What a kill cuts off is nowhere by the name that was asked for.
        draft = Path(scratch) / "evidence"
        pack = _written(lab, target, draft, path, {"reason": reason}, person.name)
        if path.suffix == ".zip":
            _zip(draft, Path(scratch) / path.name)
            draft = Path(scratch) / path.name
        draft.replace(path)
    return pack


def _written(lab: LabFolder, target: str, folder: Path, path: Path, why: Mapping[str, str], who: str) -> Pack:
    with lab.facts.reading() as con:
        run_ids, study, release = _scope(lab, con, target)
        tell_look(lab, [f"evidence:{target}"], why, who)
        folder.mkdir()
        _write_facts(con, folder / "facts", run_ids)
        _write_archive(lab, con, folder / "archive", run_ids)
        (folder / FILES).write_text(accounts_text(con, run_ids), encoding="utf-8")
    if release:
        shutil.copytree(lab.paths.releases / release, folder / "release" / release)
    _write_ledger(lab, folder / LEDGER, run_ids, study)
    (folder / "README.txt").write_text(README, encoding="utf-8")
    return _write_index(folder, path, target, {"study": study, "release": release, "runs": list(run_ids)})


def accounts_text(con: Connection, run_ids: Sequence[int]) -> str:
    """Write what became of every cell of the files of runs, as canonical JSON."""
    return canonical_json([one.as_json() for one in accounts_of_runs(con, run_ids, is_blinded=False)])


def _scope(lab: LabFolder, con: Connection, target: str) -> tuple[list[int], str, str]:
    if target in release_names(lab):
        manifest = json.loads((lab.paths.releases / target / "manifest.json").read_text(encoding="utf-8"))
        return sorted({one["run_id"] for one in manifest["assessments"]}), manifest["study"], target
    sql = "SELECT run_id, study FROM runs WHERE run = (SELECT any_value(run) FROM runs WHERE run = ? OR run_id = ?)"
    number = target[1:] if target[:1] == "R" and target[1:].isdecimal() else "0"
    rows = con.execute(f"{sql} ORDER BY run_id", [target, int(number)]).fetchall()
    if not rows:
        raise ConfigError(f"There is no run and no release '{target}' in this lab.{near_item(con, target)}")
    return [row[0] for row in rows], rows[0][1], ""


_OWN_SOURCES = """
    SELECT source_id, sha256, delivery_sha256 FROM sources
    WHERE kind IN ('samples', 'subjects', 'controls', 'events', 'bridgings') OR delivery_sha256 IN (
        SELECT s.delivery_sha256 FROM runs r JOIN sources s USING (source_id) WHERE r.run_id IN (SELECT unnest(?)))
"""


def _write_facts(con: Connection, folder: Path, run_ids: Sequence[int]) -> None:
    folder.mkdir()
    ids = {
        "run_id": list(run_ids),
        "source_id": [row[0] for row in con.execute(_OWN_SOURCES, [list(run_ids)]).fetchall()],
        "assessment_id": [
            row[0]
            for row in con.execute(
                "SELECT assessment_id FROM assessments WHERE run_id IN (SELECT unnest(?))", [list(run_ids)]
            ).fetchall()
        ],
    }
    for table, (key, _) in sealed_tables(con).items():
        own = con.sql(f'SELECT * FROM "{table}" WHERE "{key}" IN (SELECT unnest(?))', params=[ids[key]])  # noqa: S608
        own.to_parquet(str(folder / f"{table}.parquet"))
    seals = con.sql(
        "SELECT * FROM seals WHERE (key_column = 'run_id' AND key IN (SELECT unnest(?)))"
        " OR (key_column = 'source_id' AND key IN (SELECT unnest(?)))"
        " OR (key_column = 'assessment_id' AND key IN (SELECT unnest(?))) ORDER BY seal_id",
        params=[ids["run_id"], ids["source_id"], ids["assessment_id"]],
    )
    seals.to_parquet(str(folder / "seals.parquet"))


def _write_archive(lab: LabFolder, con: Connection, folder: Path, run_ids: Sequence[int]) -> None:
    folder.mkdir()
    for sha256 in sorted({row[1] for row in con.execute(_OWN_SOURCES, [list(run_ids)]).fetchall()}):
        shutil.copyfile(lab.paths.archive / sha256, folder / sha256)


def _write_ledger(lab: LabFolder, path: Path, run_ids: Sequence[int], study: str) -> None:
    shown_seqs = {entry.seq for entry in lab.ledger.entries() if _is_of_study(entry, frozenset(run_ids), study)}
    wait_s = lab.settings.stores.wait_s
    with reading(lab.paths.ledger, wait_s) as con, path.open("w", encoding="utf-8") as out:
        for seq, *texts in raw_rows(con):
            values = [seq, *(text.decode("utf-8", "surrogateescape") for text in texts)]
            entry = dict(zip(ENTRY_COLUMNS, values, strict=True))
            shown_entry = entry if seq in shown_seqs else {key: entry[key] for key in ("seq", "prev_hash", "hash")}
            out.write(f"{canonical_json(shown_entry)}\n")


_PACKED = frozenset({Kind.DECISION, Kind.UNDO, Kind.SIGNATURE, Kind.RELEASE, Kind.PLAN_LOCK, Kind.UNBLINDING})


def _is_of_study(entry: Entry, run_ids: frozenset[int], study: str) -> bool:
    if entry.kind is Kind.FACTS and entry.body["act"] == MADE_AGAIN:
        return True
    if entry.kind not in _PACKED:
        return False
    if entry.body.get("study") == study or entry.object in (study, f"plan:{study}", f"exclusions:{study}"):
        return True
    return any(_is_in(name, run_ids) for name in touched_items(entry)) or entry.object.startswith(f"{study}-R")


def _is_in(name: str, run_ids: frozenset[int]) -> bool:
    try:
        target = parse_target(name)
    except ConfigError:
        return False
    return isinstance(target, Item) and target.run_id in run_ids


def _write_index(folder: Path, path: Path, target: str, about: dict[str, Any]) -> Pack:
    from qc.version import __version__

    files = {str(file.relative_to(folder)): sha256_file(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    index = {"target": target, "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **about}
    index |= {"software": f"assaygate {__version__}", "files": files}
    (folder / INDEX).write_text(canonical_json(index), encoding="utf-8")
    return Pack(path, target, len(files), sha256_file(folder / INDEX))


def _zip(folder: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", compression=zipfile.ZIP_DEFLATED) as pack:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                pack.write(file, str(file.relative_to(folder)))
