"""What a lab holds, without times and numbers of acts: to compare what a kill left with what was there or comes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from qc.audit.backup.encrypted import END, opened
from qc.audit.backup.manifest import backup_faults, read_manifest
from qc.lab.folder import LabFolder
from qc.lab.layout import LabPaths
from qc.lab.settings_file import read_settings
from qc.release.release import release_faults, release_names
from qc.store.seals import sealed_tables

OF_THE_ACT = frozenset({"assessment_id", "seal_id", "assessed_at", "sheets_source_id", "ingested_at", "recorded_at"})
"""Columns of when and as how many-th something was written."""
UNCOUNTED = ("facts", "delivery")
"""Kinds of entries that a later writer makes good, and that may tell several writings at once."""


def look(place: Path) -> dict[str, object]:
    """Return what can be seen: rows that came in, judgements by run, entries, releases, files and what went out."""
    root = place / "lab"
    seen: dict[str, object] = {"out": _out(place / "out"), "inbox": _names(root / "inbox")}
    if not (root / "facts.duckdb").is_file() or not (root / "ledger.sqlite").is_file():
        return seen | {"in": None, "judged": {}, "entries": [], "releases": []}
    paths = LabPaths.of(root)
    lab = LabFolder(paths, read_settings(paths.settings))
    came_in, judged = _rows(lab)
    seen |= {"in": came_in, "judged": judged, "entries": _entries(root / "ledger.sqlite")}
    names = release_names(lab)
    assert [fault for name in names for fault in release_faults(lab, name)] == []
    return seen | {"releases": names}


def _rows(lab: LabFolder) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    came_in: dict[str, list[str]] = {}
    judged: dict[str, list[str]] = {}
    with lab.facts.reading() as con:
        for table, (key, columns) in sealed_tables(con).items():
            own = ", ".join(f'"{name}"' for name in columns if name not in OF_THE_ACT)
            if key != "assessment_id":
                came_in[table] = [
                    repr(row) for row in con.execute(f'SELECT {own} FROM "{table}" ORDER BY ALL').fetchall()
                ]
                continue
            sql = f'SELECT run_id, * FROM (SELECT s.run_id, {_of("t", columns)} FROM "{table}" t '
            sql += "JOIN run_states s USING (assessment_id)) ORDER BY ALL"
            for run_id, *row in con.execute(sql).fetchall():
                judged.setdefault(f"{run_id}", []).append(f"{table} {row!r}")
    return came_in, judged


def _of(alias: str, columns: list[str]) -> str:
    own = [f'{alias}."{name}" AS "{name}_"' for name in columns if name not in OF_THE_ACT]
    return ", ".join(own)


def _entries(path: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(path)) as con:
        rows = con.execute("SELECT kind, object, actor, body FROM entries ORDER BY seq").fetchall()
    return [(*row[:3], _act(row[3])) for row in rows if row[0] not in UNCOUNTED]


def _act(body: str) -> str:
    told = json.loads(body)
    return " ".join(str(told.get(key, "")) for key in ("act", "reason", "outcome", "statement"))


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def _out(out: Path) -> list[str]:
    """Name what went out of the lab, and hold each that is not a draft to be whole."""
    told = []
    for path in sorted(out.rglob("*")) if out.is_dir() else ():
        parts = path.relative_to(out).parts
        if any(part.startswith(".") for part in parts):
            continue
        if parts[0] in ("plain", "sealed") and len(parts) == 2:
            told.append(parts[0])
            assert _is_sound(path, out), f"{path} is not whole"
        elif len(parts) == 1 and parts[0] not in ("plain", "sealed"):
            told.append(parts[0])
            assert path.suffix != ".zip" or zipfile.ZipFile(path).testzip() is None
    return sorted(told)


def _is_sound(backup: Path, out: Path) -> bool:
    scratch = out.parent / "scratch"
    scratch.mkdir(exist_ok=True)
    with opened(backup, out / "key.txt" if backup.name.endswith(END) else None, scratch) as folder:
        return not backup_faults(folder, read_manifest(folder))


def copy_place(source: Path, target: Path) -> None:
    """Put a place where another was."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)
