"""Ingest: take files in, idempotently, one transaction a delivery; bad ones go to quarantine with every fault named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qc.collector import seldom_collected
from qc.ingest.archive import settle, unsettled
from qc.ingest.delivery import Delivery, DeliveryPaths, deliveries_in
from qc.ingest.delivery_entries import record_missing
from qc.ingest.delivery_read import read_intake
from qc.ingest.handed_in import HandedIn, handed_in_by
from qc.ingest.outcome import Ingested, ingest_chunk, outcome_of, write_all
from qc.ingest.reading_team import ReadDelivery, ReadingTeam, Terms, reading_team
from qc.lab.mappings import lab_mappings
from qc.lab.words import words_text
from schemas.errors import ConfigError, Fault, ReaderError

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder

CHUNK = 16
"""Deliveries that are written while the facts are open once; others wait for as long."""


@seldom_collected()
def ingest(
    lab: LabFolder,
    paths: Iterable[Path],
    *,
    correct: bool = False,
    settings: Mapping[str, str] | None = None,
    actor: str | None = None,
    progress: Callable[[Ingested], None] | None = None,
) -> list[Ingested]:
    """Take files and folders in.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; companions are found by name (see ``qc.ingest.delivery``).
    correct : bool
        Whether it is meant as a correction.
    settings : mapping of str to str, optional
        Settings of the run sheet from the command line; ``map`` and ``run_sheet`` name files.
    actor : str, optional
        Who brings them; None means whoever has signed in, else the operating-system user.

    Returns
    -------
    list of Ingested
        One for each delivery, in order.

    Raises
    ------
    ConfigError
        If a path does not exist.
    RightsError
        If the person may not bring files, or not as corrections.
    StoreBusyError
        If another process holds the facts for too long.
    """
    handed_in = handed_in_by(lab, actor, correct=correct)
    # First what a kill left half done: its runs must be known before anything else is compared with them.
    recover(lab)
    found = _delivery_files(paths, settings or {})
    outcomes: list[Ingested] = []
    with team_for(lab, known_deliveries(lab)) as team:
        for chunk, following in chunks(found):
            # The next group is read by other processes while this one is written.
            team.begin([*chunk, *following])
            for outcome in ingest_chunk(lab, chunk, handed_in=handed_in, team=team):
                outcomes.append(outcome)
                if progress:
                    progress(outcome)
    return outcomes


def chunks(found: Sequence[DeliveryPaths]) -> Iterator[tuple[Sequence[DeliveryPaths], Sequence[DeliveryPaths]]]:
    """Yield deliveries in groups for which the facts are opened once, each with the group behind it.

    Yields
    ------
    tuple of sequence of DeliveryPaths
        A group, and the next one, which is empty at the end.
    """
    for first in range(0, len(found), CHUNK):
        yield found[first : first + CHUNK], found[first + CHUNK : first + 2 * CHUNK]


def team_for(lab: LabFolder, known: Iterable[str]) -> AbstractContextManager[ReadingTeam]:
    """Return who reads deliveries for a lab.

    Parameters
    ----------
    lab : LabFolder
        The lab; its ``workers`` says how many processes may read.
    known : iterable of str
        Hashes of deliveries that are known to be in; saves reading them again.

    Raises
    ------
    ConfigError
        If a reader of another package is broken: nothing is taken in before it is mended.
    """
    from qc.readers.known_readers import refuse_unfit_packages

    refuse_unfit_packages()
    largest_bytes = lab.settings.ingest.max_file_mb * 1_000_000
    study, words = lab.settings.lab.default_study, words_text(lab.paths)
    most = lab.settings.ingest
    mappings = lab_mappings(lab.paths)
    terms = Terms(study, frozenset(known), largest_bytes, words, mappings, most.memory_mb, most.seconds)
    return reading_team(terms, workers=lab.workers)


def recover(lab: LabFolder) -> list[str]:
    """Finish or undo the ingests that a kill left in between."""
    finished: list[str] = []
    for cut_off in unsettled(lab.paths.archive):
        if cut_off.delivery is not None:
            finished.append(_finish(lab, cut_off.delivery, cut_off.handed_in).file)
            settle(cut_off.note)
    _drop_unacknowledged(lab)
    return finished


def _finish(lab: LabFolder, delivery: Delivery, handed_in: HandedIn) -> Ingested:
    record_missing(lab, delivery.sha256, handed_in)
    try:
        intake = read_intake(delivery, default_study=lab.settings.lab.default_study)
        read = ReadDelivery(delivery, intake, None)
    except ReaderError as error:
        read = ReadDelivery(delivery, None, error)
    return outcome_of(lab, read, write_all(lab, [read], handed_in))


def _drop_unacknowledged(lab: LabFolder) -> None:
    # Whoever writes an archive holds the facts: under that lock an incomplete delivery has no living writer.
    if any(cut_off.delivery is None for cut_off in unsettled(lab.paths.archive)):
        with lab.facts.writing():
            # Listed once more: what was incomplete a moment ago may have been the work of a writer that
            # has ended since.
            for cut_off in unsettled(lab.paths.archive):
                if cut_off.delivery is None:
                    settle(cut_off.note)


def _delivery_files(paths: Iterable[Path], settings: Mapping[str, str]) -> list[DeliveryPaths]:
    wanted = [Path(path) for path in paths]
    missing = [path for path in wanted if not path.exists()]
    if missing:
        raise ConfigError("Not every path is there.", [Fault("", f"'{path}' does not exist.") for path in missing])
    own = {key: value for key, value in settings.items() if key not in ("map", "run_sheet")}
    found = [replace(files, settings=own) for files in deliveries_in(wanted)]
    if "map" in settings:
        found = [replace(files, plate_map=Path(settings["map"]).resolve()) for files in found]
    if "run_sheet" in settings:
        found = [replace(files, run_sheet=Path(settings["run_sheet"]).resolve()) for files in found]
    return found


def known_deliveries(lab: LabFolder) -> set[str]:
    """Return the hashes of all deliveries that are in."""
    with lab.facts.reading() as con:
        return {row[0] for row in con.execute("SELECT DISTINCT delivery_sha256 FROM sources").fetchall()}


def ingest_delivery(
    lab: LabFolder,
    files: DeliveryPaths,
    *,
    handed_in: HandedIn,
    known: Iterable[str] = (),
    is_as_it_was: Callable[[DeliveryPaths], bool] | None = None,
) -> Ingested:
    """Take one delivery in.

    Parameters
    ----------
    handed_in : HandedIn
        By whom, and whether as a correction.
    known : iterable of str
        Hashes of deliveries that are known to be in; saves reading them again.
    is_as_it_was : callable, optional
        Tells whether its files stand as they did before they were read; else nothing of it is taken.

    Returns
    -------
    Ingested
        What became of it; a file that cannot be opened has no hash.
    """
    with team_for(lab, known) as team:
        return ingest_chunk(lab, [files], handed_in=handed_in, team=team, is_as_it_was=is_as_it_was)[0]
