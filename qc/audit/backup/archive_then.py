"""The archive as it was when the facts were copied: what came in later is of no use to them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from qc.ingest.delivery_journal import JOURNAL, read_journal
from qc.lab.layout import LabPaths
from qc.store.facts import Facts


def drop_newer_files(copied: Path) -> None:
    """Take files out of the archive of a copied lab that its facts do not know and no unfinished ingest names.

    The copy of the facts is opened for it, so that one which cannot be opened is no backup.

    Parameters
    ----------
    copied : Path
        Folder of the copy.

    Raises
    ------
    StoreError
        If the copy of the facts cannot be read.
    """
    paths = LabPaths.of(copied)
    with Facts(paths.facts).reading() as con:
        known = {row[0] for row in con.execute("SELECT DISTINCT sha256 FROM sources").fetchall()}
        last = max((row[0] for row in con.execute("SELECT source_id FROM sources").fetchall()), default=0)
    _drop_traces(paths.facts)
    files = {path.name: path for path in paths.archive.glob("*") if path.is_file() and not path.name.startswith(".")}
    for note in (paths.archive / "pending").glob("*.json"):
        named = {part["sha256"] for part in json.loads(note.read_text(encoding="utf-8"))["parts"]}
        if named <= set(files):
            known |= named
        else:
            note.unlink()  # its files came after the archive was copied: the ingest has not begun here
    _drop_later_lines(files.pop(JOURNAL, None), last)
    for name in set(files) - known:
        files[name].unlink()


def _drop_later_lines(journal: Path | None, last: int) -> None:
    if journal is not None:
        lines = [record.line for record in read_journal(journal) if record.source_id <= last]
        journal.write_text("".join(lines), encoding="utf-8")


def _drop_traces(facts: Path) -> None:
    shutil.rmtree(facts.with_name(f"{facts.name}.holders"), ignore_errors=True)
    for end in (".lock", ".turn"):
        facts.with_name(f"{facts.name}{end}").unlink(missing_ok=True)
