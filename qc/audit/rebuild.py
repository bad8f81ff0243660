"""Rebuild: the facts made again from the archive, its journal and the ledger, where they are lost or not believed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from qc.assess.assess import judge_stale
from qc.ingest.delivery_journal import JOURNAL, DeliveryRecord, read_journal
from qc.ingest.read_again import take_again
from qc.items.decisions import all_decisions
from qc.lab.folder import LabFolder
from qc.lab.layout import SET_ASIDE
from qc.store.door import file_lock
from qc.store.entry import Kind
from qc.store.facts import Facts
from qc.store.facts_heads import first_assessment, head_of
from qc.version import __version__
from schemas.errors import ConfigError, Fault, QcError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from pathlib import Path

    from qc.store.connection import Connection

_PLACEHOLDER = """
    INSERT INTO assessments BY NAME SELECT ? AS assessment_id, 0 AS run_id, TIMESTAMP '1970-01-01' AS assessed_at,
        '' AS software, '' AS rule_set_sha256, '' AS inputs_sha256, 0 AS sheets_source_id, '' AS profile,
        '' AS verdict, 0 AS n_results, 0 AS n_auto_approved, 0 AS n_waiting
"""


@dataclass(frozen=True, slots=True)
class Rebuilt(JsonModel):
    """What was made again."""

    n_deliveries: int
    """Deliveries that were taken in again."""
    n_runs: int
    """Runs that were judged again."""
    set_aside: str
    """Where the facts lie that were there before; empty if there were none."""


class _Draft(LabFolder):
    """The lab with other facts: what is written to them is told to the ledger when all of it is there."""

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.paths.facts, wait_s=self.settings.stores.wait_s)


def rebuild(lab: LabFolder, *, actor: str) -> Rebuilt:
    """Make the facts again: every delivery in its order, what was decided of corrections, and a judgement of every run.

    Facts that are there are moved aside and never deleted. Until all of it is there, nothing is changed.

    Parameters
    ----------
    actor : str
        Who does it; it is entered in the ledger.

    Raises
    ------
    ConfigError
        If the journal of the archive is lost or was altered, or a file of it gives no rows any more.
    """
    records = _journal(lab)
    path = lab.paths.facts.with_name(f".{lab.paths.facts.name}.rebuilt")
    draft = _Draft(replace(lab.paths, facts=path), lab.settings, lab.workers)
    _drop(path)
    draft.facts.migrate(software=f"assaygate {__version__}")
    n_before = _assessments_before(lab)
    with _numbered_after(draft, n_before):
        n_runs = _take_and_judge(draft, records)
    with file_lock(lab.paths.facts, exclusive=True, wait_s=lab.settings.stores.wait_s):
        set_aside = _set_aside(lab)
        path.replace(lab.paths.facts)
    _drop(path)
    with lab.facts.reading() as con:
        lab.heads.enter_made_again(con, actor, n_before + 1)
    return Rebuilt(len(records), n_runs, set_aside)


def _journal(lab: LabFolder) -> list[DeliveryRecord]:
    path = lab.paths.archive / JOURNAL
    try:
        records = read_journal(path)
    except ValueError as error:
        raise ConfigError(f"'{path}' is not what was written: restore it from a backup.") from error
    if not records:
        raise ConfigError(f"'{path}' names no delivery: hand the files in again with 'qc ingest'.")
    return records


def _take_and_judge(draft: LabFolder, records: Sequence[DeliveryRecord]) -> int:
    judged: set[int] = set()
    for some in _until_superseded(records):
        with draft.facts.writing() as con:
            for record in some:
                _take(draft, con, record)
        judged |= {run.run_id for run in judge_stale(draft)}
    return len(judged)


def _until_superseded(records: Sequence[DeliveryRecord]) -> Iterator[Sequence[DeliveryRecord]]:
    """Yield deliveries up to the next that gives a run a new version: what that supersedes is judged before."""
    begin = 0
    for place, record in enumerate(records):
        if record.applies is not None and record.has_runs:
            yield records[begin:place]
            begin = place
    yield records[begin:]


def _take(lab: LabFolder, con: Connection, record: DeliveryRecord) -> None:
    try:
        take_again(con, lab.paths.archive, record, default_study=lab.settings.lab.default_study)
    except (QcError, KeyError) as error:
        names = ", ".join(name for _, name, _ in record.parts)
        raise ConfigError("The archive does not give what came in.", [Fault(names, str(error))]) from error


def _assessments_before(lab: LabFolder) -> int:
    """Return how many assessments there may have been: each had a seal, and a number is never used again."""
    entries = lab.ledger.entries_of(Kind.FACTS)
    named = max((decision.assessment_id for decision in all_decisions(lab.ledger)), default=0)
    n_seals = head_of(entries[-1].body).n_seals if entries else 0
    return max(named, n_seals + first_assessment(entries))


@contextmanager
def _numbered_after(draft: LabFolder, n_before: int) -> Iterator[None]:
    # Numbers go on behind the highest one: a row that is there while runs are judged is the highest.
    with draft.facts.writing() as con:
        con.execute(_PLACEHOLDER, [n_before])
    yield
    with draft.facts.writing() as con:
        con.execute("DELETE FROM assessments WHERE assessment_id = ?", [n_before])


def _set_aside(lab: LabFolder) -> str:
    if not lab.paths.facts.is_file():
        return ""
    target = lab.paths.root / SET_ASIDE / f"{lab.paths.facts.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    target.parent.mkdir(exist_ok=True)
    wal = lab.paths.facts.with_name(f"{lab.paths.facts.name}.wal")
    if wal.is_file():
        wal.replace(target.with_name(f"{target.name}.wal"))
    lab.paths.facts.replace(target)
    return f"{SET_ASIDE}/{target.name}"


def _drop(path: Path) -> None:
    for left in path.parent.glob(f"{path.name}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
