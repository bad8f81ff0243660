"""What becomes of deliveries: read, written in transactions of their own, or quarantined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.archive import keep, settle
from qc.ingest.delivery import Place
from qc.ingest.delivery_write import is_known, take_in
from qc.ingest.quarantine import quarantine, resolve
from qc.ingest.reading_team import ReadDelivery, ReadingTeam
from qc.ingest.stored_runs import refuse_known
from schemas.errors import Fault, ReaderError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Ingested(JsonModel):
    """What became of one delivery."""

    file: str
    """Name of its main file."""
    outcome: str
    """``in``, ``known`` or ``quarantined``."""
    kind: str
    """``results``, ``plate``, ``samples``, ``subjects`` or ``controls``; empty if it was not read."""
    n_rows: int
    """Rows that were written."""
    runs: tuple[str, ...]
    """Names of its runs."""
    sha256: str
    """Hash of the delivery."""
    message: str
    """Why it was refused; empty otherwise."""
    faults: tuple[Fault, ...]
    """Every fault."""


def ingest_chunk(lab: LabFolder, found: Sequence[Place], *, correct: bool, team: ReadingTeam) -> list[Ingested]:
    """Take several deliveries in: read them all, then open the facts once and write each in a transaction of its own.

    Parameters
    ----------
    correct : bool
        Whether a run that is already in may get a new version.

    Returns
    -------
    list of Ingested
        What became of each, in order.
    """
    read = [_read(lab, place, team) for place in found]
    written = write_all(lab, [one for one in read if isinstance(one, ReadDelivery)], correct=correct)
    return [one if isinstance(one, Ingested) else outcome_of(lab, one, written) for one in read]


def _read(lab: LabFolder, place: Place, team: ReadingTeam) -> ReadDelivery | Ingested:
    too_large = [path for path in place.paths if _is_too_large(lab, path)]
    if too_large:
        return _refuse_size(lab, place, too_large)
    try:
        return team.read(place)
    except OSError as error:
        return Ingested(place.main.name, "quarantined", "", 0, (), "", f"It cannot be opened: {error.strerror}.", ())
    except ReaderError as error:
        return Ingested(place.main.name, "quarantined", "", 0, (), "", error.message, error.faults)


def _is_too_large(lab: LabFolder, path: Path) -> bool:
    return path.is_file() and path.stat().st_size > lab.settings.ingest.max_file_mb * 1_000_000


def _refuse_size(lab: LabFolder, place: Place, too_large: Sequence[Path]) -> Ingested:
    # Not copied to quarantine: a file beyond the limit is told and left where it lies.
    most = lab.settings.ingest.max_file_mb
    faults = tuple(Fault(path.name, f"It is larger than {most:g} MB, the limit of qc.toml.") for path in too_large)
    return Ingested(
        place.main.name, "quarantined", "", 0, (), "", "A file is too large and was left where it is.", faults
    )


def write_all(lab: LabFolder, read: Sequence[ReadDelivery], *, correct: bool) -> dict[int, int | ReaderError | None]:
    """Write deliveries, each in a transaction of its own, while the facts are open once.

    Parameters
    ----------
    read : sequence of ReadDelivery
        Deliveries; those without an intake are passed over.
    correct : bool
        Whether a run that is already in may get a new version.

    Returns
    -------
    dict of int to int, ReaderError or None
        By ``id`` of the delivery: the rows that were written, why it was refused, or None where it was known.
    """
    with_intake = [one for one in read if one.intake is not None]
    written: dict[int, int | ReaderError | None] = {}
    if with_intake:
        now = datetime.now(UTC)
        with lab.facts.writing() as con:
            # Each has a transaction of its own: one that is refused takes none of the others with it.
            for one in with_intake:
                try:
                    written[id(one)] = _write(lab, con, one, now=now, correct=correct)
                except ReaderError as error:
                    written[id(one)] = error
    return written


def outcome_of(lab: LabFolder, read: ReadDelivery, written: Mapping[int, int | ReaderError | None]) -> Ingested:
    """Quarantine a delivery that was refused, and say what became of it.

    Parameters
    ----------
    written : mapping
        What :func:`write_all` returned.
    """
    now, delivery = datetime.now(UTC), read.delivery
    n_rows = read.refusal or written.get(id(read))
    if isinstance(n_rows, ReaderError):
        quarantine(lab.paths.quarantine, delivery, n_rows, now)
        name, faults = delivery.main.name, n_rows.faults
        return Ingested(name, "quarantined", "", 0, (), delivery.sha256, n_rows.message, faults)
    if n_rows is None or read.intake is None:
        return Ingested(delivery.main.name, "known", "", 0, (), delivery.sha256, "", ())
    resolve(lab.paths.quarantine, delivery, now)
    names = tuple(run.run for run in read.intake.runs)
    return Ingested(delivery.main.name, "in", read.intake.kind, n_rows, names, delivery.sha256, "", ())


def _write(lab: LabFolder, con: Connection, read: ReadDelivery, *, now: datetime, correct: bool) -> int | None:
    # Another process may have taken the same delivery in since we looked: asked again under the lock.
    if read.intake is None or is_known(con, read.delivery):
        return None
    refuse_known(con, read.intake.runs, correct=correct)
    # Archive first, facts second, note away last: at whichever point a kill comes, `recover` finds what to do.
    note = keep(lab.paths.archive, read.delivery, correct=correct)
    n_rows = take_in(con, read.delivery, read.intake, now=now, correct=correct)
    settle(note)
    return n_rows
