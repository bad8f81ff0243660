"""The inbox of a lab, emptied: one delivery that trips over a fault of ours never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qc.ingest.delivery import DeliveryPaths, deliveries_in, is_regular, shown_name
from qc.ingest.handed_in import HandedIn
from qc.ingest.ingest import chunks, ingest_delivery, known_deliveries, team_for
from qc.ingest.outcome import Ingested, ingest_chunk
from qc.nights.settled_files import is_settled
from qc.nights.stillness import Standings, remove_taken
from qc.store.disk_full import is_disk_full
from schemas.errors import StoreError

if TYPE_CHECKING:
    from qc.ingest.reading_team import ReadingTeam
    from qc.lab.folder import LabFolder


def empty_inbox(
    lab: LabFolder,
    handed_in: HandedIn,
    faults: list[str],
    progress: Callable[[str, int, int], None] | None,
    wanted: Callable[[DeliveryPaths], bool] | None = None,
) -> list[Ingested]:
    """Take in what has stood still in the inbox, and remove it from there.

    Parameters
    ----------
    faults : list of str
        What went wrong outside of the data is added.
    wanted : callable, optional
        Tells which deliveries are taken; None means those that have stood still as long as qc.toml says.

    Returns
    -------
    list of Ingested
        What became of each delivery; one that a fault of ours stopped is not among them, and stays.
    """
    is_wanted = wanted or (lambda files: is_settled(lab, files))
    found = [files for files in deliveries_in([lab.paths.inbox]) if is_wanted(files)]
    # What is replaced or grows while it is read stays in the inbox.
    before = Standings(found)
    known = known_deliveries(lab)
    ingested: list[Ingested] = []
    done = 0
    with team_for(lab, known) as team:
        for chunk, following in chunks(found):
            team.begin([*chunk, *following])
            outcomes = _some(lab, chunk, team, handed_in, known, faults, before)
            for files, outcome in zip(chunk, outcomes, strict=True):
                _remove(files, outcome, before)
                ingested += [outcome] if outcome is not None else []
                done += 1
                if progress:
                    progress("ingest", done, len(found))
    return ingested


def _some(
    lab: LabFolder,
    chunk: Sequence[DeliveryPaths],
    team: ReadingTeam,
    handed_in: HandedIn,
    known: set[str],
    faults: list[str],
    before: Standings,
) -> list[Ingested | None]:
    try:
        return list(ingest_chunk(lab, chunk, handed_in=handed_in, team=team, is_as_it_was=before.is_as_it_was))
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - one file that trips over a fault of ours must not stop the others: each alone
        return [_one(lab, files, handed_in, known, faults, before) for files in chunk]


def _remove(files: DeliveryPaths, outcome: Ingested | None, before: Standings) -> None:
    if outcome is None or not (outcome.sha256 or not is_regular(files.main)):
        return
    for path in files.paths:
        remove_taken(path, before.of(path))


def _one(
    lab: LabFolder,
    files: DeliveryPaths,
    handed_in: HandedIn,
    known: set[str],
    faults: list[str],
    before: Standings,
) -> Ingested | None:
    try:
        return ingest_delivery(lab, files, handed_in=handed_in, known=known, is_as_it_was=before.is_as_it_was)
    except StoreError:
        raise
    except Exception as error:
        if is_disk_full(error):
            raise
        faults.append(
            f"'{shown_name(files.main)}' stays in the inbox: a fault of ours ({type(error).__name__}) stopped it."
        )
        return None
