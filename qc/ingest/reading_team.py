"""Who reads: processes with limits, or this one where it is the only one. Only one process ever writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.delivery import Delivery, DeliveryPaths, is_regular
from qc.ingest.delivery_read import are_well_formed, read_parts, read_unchecked, refuse_ill_formed
from qc.ingest.delivery_words import with_words
from qc.ingest.lone_reader import LoneReader
from qc.ingest.mappings.fitting import with_mapping
from qc.ingest.reading_limits import limits_of
from qc.workers import worker_pool
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.intake import Intake

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
    memory_mb: float = 1500.0
    """Memory that reading may take in a process of its own, in megabytes beyond what its libraries take."""
    seconds: float = 120.0
    """Time that reading one delivery may take in a process of its own, in seconds."""


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
    renewed: Callable[[], ProcessPoolExecutor] | None = None
    """Gathers other processes where a file took one of them along; what they leave behind ends with the team."""
    _lone: LoneReader = field(default_factory=LoneReader)
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
            future = self._submitted(self.pool, deliveries)
            return cache(lambda: self._outcomes(future, deliveries))
        # Kept, because each delivery of the group asks for its own part of one and the same reading.
        return cache(lambda: read_deliveries(deliveries, self.terms))

    def _submitted(self, pool: ProcessPoolExecutor, deliveries: Sequence[DeliveryPaths]) -> Future[list[Read]]:
        try:
            return pool.submit(read_within_limits, deliveries, self.terms)
        except BrokenExecutor:
            if self.renewed is None:
                raise
            self.pool = self.renewed()
            return self.pool.submit(read_within_limits, deliveries, self.terms)

    def _outcomes(self, future: Future[list[Read]], deliveries: Sequence[DeliveryPaths]) -> list[Read]:
        try:
            return future.result()
        except (BrokenExecutor, MemoryError):
            # One of them took the process along: each is read by itself, so that only that one is refused.
            return [self._alone(files) for files in deliveries]

    def _alone(self, files: DeliveryPaths) -> Read:
        read = self._lone.outcome(read_within_limits, [files], self.terms)
        if read is not None:
            return read[0]
        most = f"{self.terms.memory_mb:g} MB of memory or {self.terms.seconds:g} s"
        error = ReaderError(f"It cannot be read within {most}, the limits of [ingest] in qc.toml: is it damaged?")
        return ReadDelivery(read_parts(files), None, error)

    def close(self) -> None:
        """End the process that was gathered to read one at a time."""
        self._lone.close()

    def _fits(self, files: DeliveryPaths) -> bool:
        return all(is_regular(path) and path.lstat().st_size <= self.terms.largest_bytes for path in files.paths)

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
        self.begin([files])
        begun = self._begun.pop(files.main, None)
        (outcome,) = read_deliveries([files], self.terms) if begun is None else [begun[0]()[begun[1]]]
        if isinstance(outcome, ReadDelivery):
            return outcome
        raise outcome


def read_within_limits(deliveries: Sequence[DeliveryPaths], terms: Terms) -> list[Read]:
    """Read some deliveries in a process of its own, which ends if they take more memory or time than they may."""
    with limits_of(terms.memory_mb, terms.seconds * len(deliveries)):
        return read_deliveries(deliveries, terms)


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
def reading_team(terms: Terms, *, workers: int) -> Iterator[ReadingTeam]:
    """Gather the processes that read.

    Parameters
    ----------
    workers : int
        Most processes that read, each within limits, so that no file takes this one along; below 2 this one reads.
    """
    if workers < 2:
        yield ReadingTeam(terms)
        return
    with ExitStack() as pools:
        team = ReadingTeam(
            terms, pools.enter_context(worker_pool(workers)), lambda: pools.enter_context(worker_pool(workers))
        )
        pools.callback(team.close)
        yield team
