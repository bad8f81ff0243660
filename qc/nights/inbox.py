"""The inbox of a lab, emptied: one delivery that trips over a fault of ours never stops the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from qc.ingest.delivery import DeliveryPaths, deliveries_in, is_regular, shown_name
from qc.ingest.handed_in import HandedIn
from qc.ingest.ingest import chunks, ingest_delivery, known_deliveries, team_for
from qc.ingest.outcome import Ingested, ingest_chunk
from qc.nights.settled_files import is_settled
from qc.store.disk_full import is_disk_full
from schemas.errors import StoreError

if TYPE_CHECKING:
    from qc.ingest.reading_team import ReadingTeam
    from qc.lab.folder import LabFolder


def empty_inbox(
    lab: LabFolder, handed_in: HandedIn, faults: list[str], progress: Callable[[str, int, int], None] | None
) -> list[Ingested]:
    """Take in what has stood still in the inbox, and remove it from there.

    Parameters
    ----------
    faults : list of str
        What went wrong outside of the data is added.

    Returns
    -------
    list of Ingested
        What became of each delivery; one that a fault of ours stopped is not among them, and stays.
    """
    found = [files for files in deliveries_in([lab.paths.inbox]) if is_settled(lab, files)]
    known = known_deliveries(lab)
    ingested: list[Ingested] = []
    done = 0
    with team_for(lab, known) as team:
        for chunk, following in chunks(found):
            team.begin([*chunk, *following])
            for outcome in _some(lab, chunk, team, handed_in, known, faults):
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
) -> list[Ingested | None]:
    try:
        outcomes: list[Ingested | None] = list(ingest_chunk(lab, chunk, handed_in=handed_in, team=team))
    except StoreError:
        raise
    except Exception:  # noqa: BLE001 - one file that trips over a fault of ours must not stop the others: each alone
        outcomes = [_one(lab, files, handed_in, known, faults) for files in chunk]
    for files, outcome in zip(chunk, outcomes, strict=True):
        if outcome is not None:
            for path in files.paths if outcome.sha256 or not is_regular(files.main) else ():
                path.unlink(missing_ok=True)
    return outcomes


def _one(
    lab: LabFolder, files: DeliveryPaths, handed_in: HandedIn, known: set[str], faults: list[str]
) -> Ingested | None:
    try:
        return ingest_delivery(lab, files, handed_in=handed_in, known=known)
    except StoreError:
        raise
    except Exception as error:
        if is_disk_full(error):
            raise
        faults.append(
            f"'{shown_name(files.main)}' stays in the inbox: a fault of ours ({type(error).__name__}) stopped it."
        )
        return None
