"""What a night would do now: every file is read and every run asked, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from qc.assess.changes.stale_runs import stale_runs
from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.assess.prepare.rule_set import load_rule_set
from qc.ingest.delivery import DeliveryPaths, deliveries_in, is_regular, kind_of, shown_name
from qc.ingest.ingest import known_deliveries, team_for
from qc.ingest.reading_team import ReadingTeam
from qc.nights.settled_files import is_settled
from schemas.errors import ReaderError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedFile(JsonModel):
    """What would become of one delivery."""

    file: str
    """Name of its main file."""
    outcome: Literal["in", "known", "refused", "left"]
    """Whether it would come in, is in already, would be refused, or be left because it changed a moment ago."""
    reader: str
    """Reader that knows it; empty if it was not read."""
    n_rows: int
    """Rows that it holds."""
    runs: tuple[str, ...]
    """Names of its runs."""
    says: str
    """Why it would be refused or left; empty otherwise."""
    faults: tuple[str, ...]
    """Every fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal(JsonModel):
    """What a night would do now."""

    lab: str
    """Name of the lab."""
    files: tuple[RehearsedFile, ...]
    """What would become of each delivery of the inbox."""
    stale_runs: tuple[str, ...]
    """Runs that are in and would be judged; those of the files come on top."""

    @property
    def refused(self) -> list[RehearsedFile]:
        """Return what would be refused."""
        return [one for one in self.files if one.outcome == "refused"]


def rehearse(lab: LabFolder) -> Rehearsal:
    """Say what a night would do, and change nothing.

    Whether rows of sheets would wait as corrections, and what rules would say, only a night tells.
    """
    found = deliveries_in([lab.paths.inbox])
    with team_for(lab, known_deliveries(lab)) as team:
        team.begin(found)
        files = tuple(_files(lab, found, team))
    with lab.facts.reading() as con:
        states = set_aside_now(lab, con)
        stale = stale_runs(con, load_rule_set(lab), excluded_wells(lab, con), states)
    return Rehearsal(lab=lab.name, files=files, stale_runs=tuple(run.run for run in stale))


def _files(lab: LabFolder, found: Sequence[DeliveryPaths], team: ReadingTeam) -> Iterator[RehearsedFile]:
    for files in found:
        name = shown_name(files.main)
        irregular = [path for path in files.paths if not is_regular(path)]
        if irregular:
            says = tuple(kind_of(path) for path in irregular)
            yield _file(name, "refused", says="It is no file and would not be opened.", faults=says)
        elif not is_settled(lab, files):
            yield _file(name, "left", says="It changed a moment ago, and may still be being copied.")
        elif any(path.stat().st_size > lab.settings.ingest.max_file_mb * 1_000_000 for path in files.paths):
            yield _file(name, "refused", says=f"It is larger than {lab.settings.ingest.max_file_mb:g} MB.")
        else:
            yield _read(name, files, team)


def _read(name: str, files: DeliveryPaths, team: ReadingTeam) -> RehearsedFile:
    try:
        read = team.read(files)
    except OSError as error:
        return _file(name, "refused", says=f"It cannot be opened: {error.strerror}.")
    except ReaderError as error:
        return _file(name, "refused", says=error.message, faults=tuple(map(str, error.faults)))
    if read.refusal is not None:
        return _file(name, "refused", says=read.refusal.message, faults=tuple(map(str, read.refusal.faults)))
    if read.intake is None:
        return _file(name, "known")
    runs = tuple(run.run for run in read.intake.runs)
    n_rows = sum(len(frame) for frame in read.intake.tables.values())
    return _file(name, "in", reader=read.intake.reader, n_rows=n_rows, runs=runs)


def _file(
    name: str,
    outcome: Literal["in", "known", "refused", "left"],
    *,
    reader: str = "",
    n_rows: int = 0,
    runs: tuple[str, ...] = (),
    says: str = "",
    faults: tuple[str, ...] = (),
) -> RehearsedFile:
    return RehearsedFile(file=name, outcome=outcome, reader=reader, n_rows=n_rows, runs=runs, says=says, faults=faults)
