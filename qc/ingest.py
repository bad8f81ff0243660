"""Ingest: take files in, idempotently, one transaction a delivery; bad ones go to quarantine with every fault named."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qc.ingesting.archive import keep, settle, unsettled
from qc.ingesting.delivery import Delivery, Place, places
from qc.ingesting.quarantine import quarantine, resolve
from qc.ingesting.reading import read_intake, read_parts
from qc.ingesting.runs import refuse_known
from qc.ingesting.take_in import is_known, take_in
from schemas.errors import ConfigError, Fault, ReaderError

if TYPE_CHECKING:
    from qc.lab import Lab
    from qc.readers.intake import Intake


@dataclass(frozen=True, slots=True)
class Ingested:
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

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as a mapping of JSON values."""
        faults = [{"where": fault.where, "text": fault.text} for fault in self.faults]
        shown = {"file": self.file, "outcome": self.outcome, "kind": self.kind, "n_rows": self.n_rows}
        return shown | {"runs": list(self.runs), "sha256": self.sha256, "message": self.message, "faults": faults}


def ingest(
    lab: Lab,
    paths: Iterable[Path],
    *,
    correct: bool = False,
    settings: Mapping[str, str] | None = None,
    progress: Callable[[Ingested], None] | None = None,
) -> list[Ingested]:
    """Take files and folders in.

    Parameters
    ----------
    lab : Lab
        Where to.
    paths : iterable of Path
        Files and folders; companions are found by name (see ``qc.ingesting.delivery``).
    correct : bool
        Whether a run that is already in may get a new version.
    settings : mapping of str to str, optional
        Settings of the run sheet from the command line; ``map`` and ``run_sheet`` name files.
    progress : callable, optional
        Called after each delivery.

    Returns
    -------
    list of Ingested
        One for each delivery, in order.

    Raises
    ------
    ConfigError
        If a path does not exist.
    StoreBusyError
        If another process holds the facts for too long.
    """
    recover(lab)
    known = known_deliveries(lab)
    outcomes: list[Ingested] = []
    for place in _places(paths, settings or {}):
        outcomes.append(ingest_place(lab, place, correct=correct, known=known))
        if progress:
            progress(outcomes[-1])
    return outcomes


def recover(lab: Lab) -> list[str]:
    """Finish or undo the ingests that a kill left in between.

    Parameters
    ----------
    lab : Lab
        The lab.

    Returns
    -------
    list of str
        Names of the main files that were finished.
    """
    finished: list[str] = []
    for cut_off in unsettled(lab.paths.archive):
        if cut_off.delivery is not None:
            finished.append(_take(lab, cut_off.delivery, correct=cut_off.correct, known=()).file)
            settle(cut_off.note)
    _drop_unacknowledged(lab)
    return finished


def _drop_unacknowledged(lab: Lab) -> None:
    # Whoever writes an archive holds the facts: under that lock an incomplete delivery has no living writer.
    if any(cut_off.delivery is None for cut_off in unsettled(lab.paths.archive)):
        with lab.facts.writing():
            for cut_off in unsettled(lab.paths.archive):
                if cut_off.delivery is None:
                    settle(cut_off.note)


def _places(paths: Iterable[Path], settings: Mapping[str, str]) -> list[Place]:
    wanted = [Path(path) for path in paths]
    missing = [path for path in wanted if not path.exists()]
    if missing:
        raise ConfigError("Not every path is there.", [Fault("", f"'{path}' does not exist.") for path in missing])
    own = {key: value for key, value in settings.items() if key not in ("map", "run_sheet")}
    found = [replace(place, settings=own) for place in places(wanted)]
    if "map" in settings:
        found = [replace(place, plate_map=Path(settings["map"])) for place in found]
    if "run_sheet" in settings:
        found = [replace(place, run_sheet=Path(settings["run_sheet"])) for place in found]
    return found


def known_deliveries(lab: Lab) -> set[str]:
    """Return the hashes of all deliveries that are in.

    Parameters
    ----------
    lab : Lab
        The lab.

    Returns
    -------
    set of str
        Hashes of deliveries.
    """
    with lab.facts.reading() as con:
        return {row[0] for row in con.execute("SELECT DISTINCT delivery_sha256 FROM sources").fetchall()}


def ingest_place(lab: Lab, place: Place, *, correct: bool, known: Container[str] = ()) -> Ingested:
    """Take one delivery in.

    Parameters
    ----------
    lab : Lab
        Where to.
    place : Place
        Where its files lie.
    correct : bool
        Whether a run that is already in may get a new version.
    known : container of str
        Hashes of deliveries that are known to be in; saves reading them again.

    Returns
    -------
    Ingested
        What became of it; a file that cannot be opened has no hash.
    """
    too_large = [path for path in place.paths if _is_too_large(lab, path)]
    if too_large:
        return _refuse_size(lab, place, too_large)
    try:
        delivery = read_parts(place)
    except OSError as error:
        return Ingested(place.main.name, "quarantined", "", 0, (), "", f"It cannot be opened: {error.strerror}.", ())
    except ReaderError as error:
        return Ingested(place.main.name, "quarantined", "", 0, (), "", error.message, error.faults)
    return _take(lab, delivery, correct=correct, known=known)


def _is_too_large(lab: Lab, path: Path) -> bool:
    return path.is_file() and path.stat().st_size > lab.settings.ingest.max_file_mb * 1_000_000


def _refuse_size(lab: Lab, place: Place, too_large: Sequence[Path]) -> Ingested:
    # Not copied to quarantine: a file beyond the limit is told and left where it lies.
    most = lab.settings.ingest.max_file_mb
    faults = tuple(Fault(path.name, f"It is larger than {most:g} MB, the limit of qc.toml.") for path in too_large)
    return Ingested(
        place.main.name, "quarantined", "", 0, (), "", "A file is too large and was left where it is.", faults
    )


def _take(lab: Lab, delivery: Delivery, *, correct: bool, known: Container[str]) -> Ingested:
    now = datetime.now(UTC)
    if delivery.sha256 in known:
        return _known(delivery)
    try:
        intake = read_intake(delivery, default_study=lab.settings.lab.default_study)
        n_rows = _write(lab, delivery, intake, now=now, correct=correct)
    except ReaderError as error:
        quarantine(lab.paths.quarantine, delivery, error, now)
        name, faults = delivery.main.name, error.faults
        return Ingested(name, "quarantined", "", 0, (), delivery.sha256, error.message, faults)
    if n_rows is None:
        return _known(delivery)
    resolve(lab.paths.quarantine, delivery, now)
    names = tuple(run.run for run in intake.runs)
    return Ingested(delivery.main.name, "in", intake.kind, n_rows, names, delivery.sha256, "", ())


def _known(delivery: Delivery) -> Ingested:
    return Ingested(delivery.main.name, "known", "", 0, (), delivery.sha256, "", ())


def _write(lab: Lab, delivery: Delivery, intake: Intake, *, now: datetime, correct: bool) -> int | None:
    # Another process may have taken the same delivery in since we looked: asked again under the lock.
    with lab.facts.writing() as con:
        if is_known(con, delivery):
            return None
        refuse_known(con, intake.runs, correct=correct)
        note = keep(lab.paths.archive, delivery, correct=correct)
        n_rows = take_in(con, delivery, intake, now=now, correct=correct)
    settle(note)
    return n_rows
