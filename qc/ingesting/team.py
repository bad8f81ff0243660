"""Who reads: this process, or several when there is much to read. Only one process ever writes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingesting.delivery import Delivery, Place
from qc.ingesting.reading import read_intake, read_parts
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.intake import Intake

LEAST_FOR_SEVERAL = 32
"""Deliveries below which a second process costs more than it saves: it takes two seconds of CPU to begin."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How deliveries are read, the same in every process."""

    default_study: str
    """Study of rows and runs that name none."""
    known: frozenset[str]
    """Hashes of deliveries that are known to be in and are not read again."""


@dataclass(slots=True)
class ReadingTeam:
    """Reads deliveries, ahead of who asks where it has several processes."""

    terms: Terms
    """How to read."""
    pool: ProcessPoolExecutor | None = None
    """Several processes; None for this one."""
    _begun: dict[Path, Future[ReadDelivery]] = field(default_factory=dict)

    def begin(self, places: Sequence[Place]) -> None:
        """Begin to read deliveries that will be asked for; does nothing where there is one process.

        Parameters
        ----------
        places : sequence of Place
            Where they lie; what has begun is not begun again.
        """
        if self.pool is not None:
            for place in places:
                if place.main not in self._begun:
                    self._begun[place.main] = self.pool.submit(read_delivery, place, self.terms)

    def read(self, place: Place) -> ReadDelivery:
        """Return one delivery with what its reader made of it.

        Parameters
        ----------
        place : Place
            Where it lies.

        Returns
        -------
        ReadDelivery
            Delivery, and its intake or why there is none.

        Raises
        ------
        OSError
            If a file cannot be opened.
        ReaderError
            If there are settings and the run sheet is not TOML.
        """
        future = self._begun.pop(place.main, None)
        return read_delivery(place, self.terms) if future is None else future.result()


@dataclass(frozen=True, slots=True)
class ReadDelivery:
    """One delivery that was read."""

    delivery: Delivery
    """Its files."""
    intake: Intake | None
    """Runs and tables; None if it is known to be in, or was refused."""
    refusal: ReaderError | None
    """Why it cannot be read."""


def read_delivery(place: Place, terms: Terms) -> ReadDelivery:
    """Read one delivery, whatever comes of it.

    Parameters
    ----------
    place : Place
        Where it lies.
    terms : Terms
        How to read.

    Returns
    -------
    ReadDelivery
        Delivery, and its intake or why there is none.

    Raises
    ------
    OSError
        If a file cannot be opened.
    ReaderError
        If there are settings and the run sheet is not TOML.
    """
    delivery = read_parts(place)
    if delivery.sha256 in terms.known:
        return ReadDelivery(delivery, None, None)
    try:
        return ReadDelivery(delivery, read_intake(delivery, default_study=terms.default_study), None)
    except ReaderError as error:
        return ReadDelivery(delivery, None, error)


@contextmanager
def reading_team(terms: Terms, *, n_deliveries: int, workers: int) -> Iterator[ReadingTeam]:
    """Gather the processes that read.

    Parameters
    ----------
    terms : Terms
        How to read.
    n_deliveries : int
        How many will be asked for.
    workers : int
        Most processes that read besides this one; below 2 this one reads alone.

    Yields
    ------
    ReadingTeam
        The team, for as long as the context lasts.
    """
    if workers < 2 or n_deliveries < LEAST_FOR_SEVERAL:
        yield ReadingTeam(terms)
        return
    # Spawned, not forked: the libraries that read have threads, which a fork would leave behind.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield ReadingTeam(terms, pool)
