"""Who reads: this process, or several when there is much to read. Only one process ever writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.delivery import Delivery, DeliveryPaths
from qc.ingest.delivery_read import are_well_formed, read_parts, read_unchecked, refuse_ill_formed
from qc.ingest.delivery_words import with_words
from qc.ingest.mappings.fitting import with_mapping
from qc.workers import worker_pool
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from qc.readers.intake import Intake

LEAST_FOR_SEVERAL = 32
"""Deliveries below which a second process costs more than it saves: it takes two seconds of CPU to begin."""
AT_ONCE = 8
"""Deliveries that are read together: what a model costs is paid once for all of them."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How deliveries are read, the same in every process."""

    default_study: str
    """Study of rows and runs that name none."""
    known: frozenset[str]
    """Hashes of deliveries that are known to be in and are not read again."""
    largest_bytes: float
    """Size beyond which a file is not read ahead."""
    words: str = ""
    """Text of ``words.toml``: what the laboratory calls columns and analytes."""
    mappings: Mapping[str, str] = field(default_factory=dict)
    """Mappings of foreign tables, as texts by file name."""


@dataclass(frozen=True, slots=True)
class ReadDelivery:
    """One delivery that was read."""

    delivery: Delivery
    """Its files."""
    intake: Intake | None
    """Runs and tables; None if it is known to be in, or was refused."""
    refusal: ReaderError | None
    """Why it cannot be read."""


Read = ReadDelivery | OSError | ReaderError
"""A delivery that was read, or why its files could not even be opened or put together."""


@dataclass(slots=True)
class ReadingTeam:
    """Reads deliveries, some at a time, and ahead of who asks where it has several processes."""

    terms: Terms
    """How to read."""
    pool: ProcessPoolExecutor | None = None
    """Several processes; None for this one."""
    _begun: dict[Path, tuple[Callable[[], list[Read]], int]] = field(default_factory=dict)

    def begin(self, deliveries: Sequence[DeliveryPaths]) -> None:
        """Begin to read deliveries that will be asked for; where there is one process, they are read when asked for.

        Parameters
        ----------
        deliveries : sequence of DeliveryPaths
            Where they lie; what has begun is not begun again, and what is too large is not read.
        """
        new = [files for files in deliveries if files.main not in self._begun and self._fits(files)]
        for first in range(0, len(new), AT_ONCE):
            some = new[first : first + AT_ONCE]
            read = self._ahead(some)
            self._begun.update({files.main: (read, number) for number, files in enumerate(some)})

    def _ahead(self, deliveries: Sequence[DeliveryPaths]) -> Callable[[], list[Read]]:
        if self.pool is not None:
            return self.pool.submit(read_deliveries, deliveries, self.terms).result
        # Kept, because each delivery of the group asks for its own part of one and the same reading.
        return cache(lambda: read_deliveries(deliveries, self.terms))

    def _fits(self, files: DeliveryPaths) -> bool:
        sizes = (path.stat().st_size for path in files.paths if path.is_file())
        return all(size <= self.terms.largest_bytes for size in sizes)

    def read(self, files: DeliveryPaths) -> ReadDelivery:
        """Return one delivery with what its reader made of it.

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
        begun = self._begun.pop(files.main, None)
        (outcome,) = read_deliveries([files], self.terms) if begun is None else [begun[0]()[begun[1]]]
        if isinstance(outcome, ReadDelivery):
            return outcome
        raise outcome


def read_deliveries(deliveries: Sequence[DeliveryPaths], terms: Terms) -> list[Read]:
    """Read some deliveries, whatever comes of them; their tables are held to their models together.

    Returns
    -------
    list of ReadDelivery, OSError or ReaderError
        The delivery read, with its intake or why there is none; an error if a file cannot be opened, or if there
        are settings and the run sheet is not TOML.
    """
    read = [_read(files, terms) for files in deliveries]
    intakes = [one.intake for one in read if isinstance(one, ReadDelivery) and one.intake is not None]
    # Nearly always all fit: one question for the group, and one for each only where something is wrong.
    return read if are_well_formed(intakes) else [_checked(one) for one in read]


def _read(files: DeliveryPaths, terms: Terms) -> Read:
    try:
        delivery = with_words(with_mapping(read_parts(files), terms.mappings), terms.words)
    except (OSError, ReaderError) as error:
        return error
    # Its bytes have been read already; to parse them again is what takes the time.
    if delivery.sha256 in terms.known:
        return ReadDelivery(delivery, None, None)
    try:
        return ReadDelivery(delivery, read_unchecked(delivery, default_study=terms.default_study), None)
    except ReaderError as error:
        return ReadDelivery(delivery, None, error)


def _checked(read: Read) -> Read:
    if isinstance(read, ReadDelivery) and read.intake is not None:
        try:
            refuse_ill_formed(read.intake)
        except ReaderError as error:
            return ReadDelivery(read.delivery, None, error)
    return read


@contextmanager
def reading_team(terms: Terms, *, n_deliveries: int, workers: int) -> Iterator[ReadingTeam]:
    """Gather the processes that read.

    Parameters
    ----------
    workers : int
        Most processes that read besides this one; below 2 this one reads alone.
    """
    if workers < 2 or n_deliveries < LEAST_FOR_SEVERAL:
        yield ReadingTeam(terms)
        return
    with worker_pool(workers) as pool:
        yield ReadingTeam(terms, pool)
