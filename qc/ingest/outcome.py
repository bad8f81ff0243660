"""What becomes of deliveries: read, written in transactions of their own, or quarantined."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.archive import keep, settle
from qc.ingest.delivery import Delivery, DeliveryPaths, is_regular, kind_of, shown_name
from qc.ingest.delivery_entries import record_deliveries
from qc.ingest.delivery_journal import journal_deliveries
from qc.ingest.delivery_write import Taken, is_known, take_in
from qc.ingest.handed_in import HandedIn, with_releases
from qc.ingest.known_study import study_of_known
from qc.ingest.quarantine import quarantine, quarantine_unopened, resolve
from qc.ingest.reading_team import ReadDelivery, ReadingTeam
from qc.readers.closed_account import ClosedAccount
from schemas.correction_name import name_of_correction
from schemas.errors import Fault, ReaderError
from schemas.file_remark import RemarkKind
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.readers.intake import Intake
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Ingested(JsonModel):
    """What became of one delivery."""

    file: str
    """Name of its main file."""
    outcome: str
    """``in``, ``known``, ``waits`` (some or all waits for a person), ``quarantined`` or ``left`` (in the inbox)."""
    kind: str
    """``results``, ``plate``, ``samples``, ``subjects`` or ``controls``; empty if it was not read."""
    n_rows: int
    """Rows that were written."""
    runs: tuple[str, ...]
    """Names of its runs."""
    sha256: str
    """Hash of the delivery."""
    message: str
    """Why it was refused, or what waits; empty otherwise."""
    faults: tuple[Fault, ...]
    """Every fault."""
    correction: str = ""
    """Correction that waits, such as ``C12``; empty if none does."""
    n_waiting: int = 0
    """Rows that wait until somebody accepts or refuses the correction."""
    accounts: tuple[ClosedAccount, ...] = ()
    """What became of every cell of its files; none if it was not read."""
    notes: tuple[str, ...] = ()
    """What was taken of several things, and rows that came in before and are not in this one: what becomes of them."""


def ingest_chunk(
    lab: LabFolder,
    found: Sequence[DeliveryPaths],
    *,
    handed_in: HandedIn,
    team: ReadingTeam,
    is_as_it_was: Callable[[DeliveryPaths], bool] | None = None,
) -> list[Ingested]:
    """Take several deliveries in: read them all, then open the facts once and write each in a transaction of its own.

    Parameters
    ----------
    handed_in : HandedIn
        By whom, and whether as a correction.
    is_as_it_was : callable, optional
        Tells of a delivery that was read whether its files stand as they did before; else nothing of it is taken.

    Returns
    -------
    list of Ingested
        What became of each, in order.
    """
    read = [_read(lab, files, team) for files in found]
    if is_as_it_was is not None:
        read = [
            one if is_as_it_was(files) else Ingested(shown_name(files.main), "left", "", 0, (), "", _LEFT, ())
            for files, one in zip(found, read, strict=True)
        ]
    written = write_all(lab, [one for one in read if isinstance(one, ReadDelivery)], handed_in)
    return [one if isinstance(one, Ingested) else outcome_of(lab, one, written) for one in read]


def _read(lab: LabFolder, files: DeliveryPaths, team: ReadingTeam) -> ReadDelivery | Ingested:
    irregular = [path for path in files.paths if not is_regular(path)]
    if irregular:
        return _refuse_irregular(lab, files, irregular)
    too_large = [path for path in files.paths if _is_too_large(lab, path)]
    if too_large:
        return _refuse_size(lab, files, too_large)
    name = shown_name(files.main)
    try:
        return team.read(files)
    except OSError as error:
        return Ingested(name, "quarantined", "", 0, (), "", f"It cannot be opened: {error.strerror}.", ())
    except ReaderError as error:
        return Ingested(name, "quarantined", "", 0, (), "", error.message, error.faults)


def _refuse_irregular(lab: LabFolder, files: DeliveryPaths, irregular: Sequence[Path]) -> Ingested:
    # Never opened: a pipe has no end, and a link may lead anywhere.
    faults = tuple(Fault(shown_name(path), kind_of(path)) for path in irregular)
    error = ReaderError("It is no file and was not opened.", faults)
    name = shown_name(files.main)
    quarantine_unopened(lab.paths.quarantine, name, error, datetime.now(UTC))
    return Ingested(name, "quarantined", "", 0, (), "", error.message, faults)


def _is_too_large(lab: LabFolder, path: Path) -> bool:
    return path.is_file() and path.stat().st_size > lab.settings.ingest.max_file_mb * 1_000_000


def _refuse_size(lab: LabFolder, files: DeliveryPaths, too_large: Sequence[Path]) -> Ingested:
    # Not copied to quarantine: a file beyond the limit is told and left where it lies.
    most = lab.settings.ingest.max_file_mb
    faults = tuple(
        Fault(shown_name(path), f"It is larger than {most:g} MB, the limit of qc.toml.") for path in too_large
    )
    return Ingested(
        shown_name(files.main), "quarantined", "", 0, (), "", "A file is too large and was left where it is.", faults
    )


Written = Taken | ReaderError | None
"""Rows of a delivery that were written, why it was refused, or None where it was known and nothing of it waits."""


def write_all(lab: LabFolder, read: Sequence[ReadDelivery], handed_in: HandedIn) -> dict[int, Written]:
    """Write deliveries, each in a transaction of its own, while the facts are open once, and tell the ledger of them.

    Parameters
    ----------
    read : sequence of ReadDelivery
        Deliveries; those without an intake are passed over.
    handed_in : HandedIn
        By whom, and whether as a correction.

    Returns
    -------
    dict of int to Written
        By ``id`` of the delivery.
    """
    with_intake = [one for one in read if one.intake is not None]
    written: dict[int, Written] = {}
    if with_intake:
        now, handed_in = datetime.now(UTC), with_releases(lab, handed_in)
        notes: list[Path] = []
        with lab.facts.writing() as con:
            # Each has a transaction of its own: one that is refused takes none of the others with it.
            for one in with_intake:
                try:
                    written[id(one)] = _write(lab, con, one, notes, now=now, handed_in=handed_in)
                except ReaderError as error:
                    written[id(one)] = error
            # Facts first, ledger second, notes away last: at whichever point a kill comes, `recover` finds what to do.
            taken = [one.source_id for one in written.values() if isinstance(one, Taken)]
            record_deliveries(lab.ledger, con, taken, handed_in)
            journal_deliveries(lab.paths.archive, con)
            settle(*notes)
    return written


def outcome_of(lab: LabFolder, read: ReadDelivery, written: Mapping[int, Written]) -> Ingested:
    """Quarantine a delivery that was refused, and say what became of it.

    Parameters
    ----------
    written : mapping
        What :func:`write_all` returned.
    """
    now, delivery = datetime.now(UTC), read.delivery
    taken = read.refusal or written.get(id(read))
    if isinstance(taken, ReaderError):
        quarantine(lab.paths.quarantine, delivery, taken, now)
        name, faults = delivery.main.name, taken.faults
        return Ingested(name, "quarantined", "", 0, (), delivery.sha256, taken.message, faults)
    if taken is None or read.intake is None:
        return Ingested(delivery.main.name, "known", "", 0, (), delivery.sha256, study_of_known(lab, delivery), ())
    resolve(lab.paths.quarantine, delivery, now)
    choices = tuple(f"{one.where}: {one.sentence}" for one in read.intake.remarks if one.kind is RemarkKind.CHOICE)
    accounts = tuple(read.intake.accounts.values())
    return replace(_taken(read.intake, delivery, taken), accounts=accounts, notes=(*choices, *taken.notes))


def _taken(intake: Intake, delivery: Delivery, taken: Taken) -> Ingested:
    names = tuple(run.run for run in intake.runs)
    about = (intake.kind, taken.n_rows, names, delivery.sha256)
    if taken.n_waiting:
        number = name_of_correction(taken.source_id)
        return Ingested(delivery.main.name, "waits", *about, _WAITS.format(number), (), number, taken.n_waiting)
    if taken.stands_in:
        stands = ", ".join(map(name_of_correction, taken.stands_in))
        return Ingested(delivery.main.name, "in", *about, f"What it would change stands in {stands} already.", ())
    is_same = bool(intake.runs) and not taken.n_rows
    return Ingested(delivery.main.name, "in", *about, _SAME if is_same else "", ())


_WAITS = "It changes what results mean: '{}' waits until somebody accepts or refuses it; the old rows count."
_LEFT = "It changed while it was read, and stays in the inbox for the next time."
_SAME = "Every row of it is in already."


def _write(
    lab: LabFolder, con: Connection, read: ReadDelivery, notes: list[Path], *, now: datetime, handed_in: HandedIn
) -> Taken | None:
    # Another process may have taken the same delivery in since we looked: asked again under the lock.
    if read.intake is None or is_known(con, read.delivery):
        return None
    notes.append(keep(lab.paths.archive, read.delivery, handed_in))
    return take_in(con, read.delivery, read.intake, now=now, handed_in=handed_in)
