"""The ledger: what people did, append-only and chained, so that a stranger can verify it."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any  # Any: columns as the database driver takes them

from qc.store import decision_rows as decided_rows
from qc.store.chain import START, linked
from qc.store.entry import ENTRY_COLUMNS, Draft, Entry, HasEntries, Kind, entry_of
from qc.store.item_decisions import Decided
from qc.store.ledger_log import settle, settle_if_long
from qc.store.missing_store import missing_store
from qc.store.read_only import is_read_only
from schemas.canonical import canonical_json, utc_text
from schemas.errors import Fault, StoreBusyError, StoreError

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = ["Draft", "Entry", "HasEntries", "Kind", "Ledger"]

_ALTERED = "The ledger holds an altered entry: `qc audit verify` names it."
_UNWRITABLE = (
    "The ledger cannot be written here: in a copy of a lab nothing is recorded, and so nothing is decided. Work in the "
    "lab itself, or copy the folder to a place that you can write."
)
_MANY = 500  # values in one IN (...); more are filtered here
_CHUNK = 1_000  # entries that are put into words at a time, all in one transaction
_INSERT = f"INSERT INTO entries ({', '.join(ENTRY_COLUMNS)}) VALUES ({', '.join('?' * len(ENTRY_COLUMNS))})"  # noqa: S608


class Ledger:
    """One ledger file. It is opened for each act and closed again.

    Parameters
    ----------
    path : Path
        The SQLite file.
    wait_s : float
        Longest time to wait for other writers, in seconds.
    """

    def __init__(self, path: Path, *, wait_s: float = 30.0) -> None:
        self.path = path
        self.wait_s = wait_s
        self._kept: dict[frozenset[Kind], list[Entry]] = {}
        self._kept_lock = Lock()
        self._at_end: weakref.finalize[..., Ledger] | None = None

    def create(self) -> None:
        """Make the file, its table and its triggers, where they are missing, and the rows of decisions anew.

        Raises
        ------
        StoreError
            If the file cannot be made, or is not a ledger.
        """
        from qc.store import ledger_tables

        with ledger_tables.translated_engine(self.path, self.wait_s):
            ledger_tables.create(self._engine)

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        at: datetime,
        check: Callable[[Sequence[Entry]], None] | None = None,
        after: int = 0,
    ) -> list[Entry]:
        """Add entries at the end, all or none; they are on the disk when this returns.

        Parameters
        ----------
        drafts : sequence of Draft
            What was done, in order.
        at : datetime
            When; a naive one is taken as UTC.
        check : callable, optional
            Called with the entries after ``after`` before anything is written, while nobody else can write; what it
            raises leaves the ledger as it is.
        after : int
            Number of the newest entry that the writer knew of.

        Raises
        ------
        StoreBusyError
            If another process writes beyond the deadline.
        StoreError
            If there is no ledger, or it cannot be written.
        ValueError
            If a body has no canonical JSON.
        """
        rows: list[tuple[Any, ...]] = []
        if drafts:
            self._write(drafts, at, check, after, rows.extend)
        return [entry_of(row) for row in rows]

    def append_many(
        self,
        drafts: Iterable[Draft],
        *,
        at: datetime,
        check: Callable[[Sequence[Entry]], None] | None = None,
        after: int = 0,
    ) -> int:
        """Add very many entries at the end, all or none, as :meth:`append` does; they need not be in memory at once.

        Parameters
        ----------
        drafts : iterable of Draft
            What was done, in order; asked for while nobody else can write.

        Returns
        -------
        int
            Number of the first.
        """
        return self._write(drafts, at, check, after, lambda rows: None)

    def _write(
        self,
        drafts: Iterable[Draft],
        at: datetime,
        check: Callable[[Sequence[Entry]], None] | None,
        after: int,
        written: Callable[[list[tuple[Any, ...]]], None],
    ) -> int:
        from qc.store.ledger_reads import newest
        from qc.store.ledger_tables import entries_table, raw_connection, translated_engine, writing

        if self.path.is_file() and is_read_only(self.path):
            raise StoreError(_UNWRITABLE)
        moment, to_write = utc_text(at), iter(drafts)
        # While a connection that cannot write is open too, the writer's leaves the log as it is when it closes.
        with self.kept_open(), translated_engine(self.path, self.wait_s), writing(self._engine) as con:
            raw = raw_connection(con)
            # A program that knows nothing of these rows may have written since.
            if not decided_rows.is_current(raw):
                decided_rows.catch_up(raw)
            before = seq, prev_hash = newest(raw) or (0, START)
            if check is not None and seq > after:
                newer = entries_table().select().where(entries_table().c.seq > after).order_by(entries_table().c.seq)
                check([entry_of(tuple(row)) for row in con.execute(newer)])
            while chunk := list(islice(to_write, _CHUNK)):
                values = [(moment, d.actor, str(Kind(d.kind)), d.object, canonical_json(d.body)) for d in chunk]
                rows = linked(values, seq, prev_hash)
                raw.executemany(_INSERT, rows)
                decided_rows.add(raw, [(*row[:5], d.body) for row, d in zip(rows, chunk, strict=True)])
                seq, prev_hash = rows[-1][0], rows[-1][-1]
                written(rows)
        self._settle_later()
        return before[0] + 1

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Keep the file open for the body, so that what is read and written there does not open it afresh each time.

        Raises
        ------
        StoreError
            If there is no ledger, or it cannot be read.
        """
        from qc.store.ledger_reads import newest, reading

        self._refuse_missing()
        with reading(self.path, self.wait_s) as con:
            newest(con)
            con.execute("COMMIT")  # a view that stays would keep the log from being moved into the file
            yield

    def copy_to(self, target: Path) -> tuple[int, str]:
        """Write a copy that holds every entry up to now, while others may go on writing.

        Parameters
        ----------
        target : Path
            File to make; it must not be there.

        Returns
        -------
        tuple of int, str
            Number and hash of the newest entry in it; 0 and zeros for none.

        Raises
        ------
        StoreBusyError
            If another process holds the file beyond the deadline.
        StoreError
            If there is no ledger, or it cannot be read.
        """
        from qc.store.ledger_reads import copied, newest, reading

        self._refuse_missing()
        copied(self.path, target, self.wait_s)
        with reading(target, self.wait_s) as con:
            return newest(con) or (0, START)

    def entries(
        self,
        *,
        kinds: Sequence[Kind] | None = None,
        objects: Sequence[str] | None = None,
        after: int = 0,
        until: int | None = None,
    ) -> list[Entry]:
        """Return entries, oldest first.

        Parameters
        ----------
        kinds : sequence of Kind, optional
            Only these kinds; None means all.
        objects : sequence of str, optional
            Only what is about these; None means all.
        after : int
            Only entries with a higher number.
        until : int, optional
            No entry with a higher number; None means up to the newest.

        Returns
        -------
        list of Entry
            As stored; whether the chain holds is for :meth:`verify` to say.

        Raises
        ------
        StoreError
            If there is no ledger, or it cannot be read.
        """
        from qc.store.ledger_reads import reading, rows

        wanted = None if objects is None else frozenset(objects)
        object_names = sorted(wanted) if wanted is not None and len(wanted) <= _MANY else None
        named = None if kinds is None else [str(kind) for kind in kinds]
        self._refuse_missing()
        with reading(self.path, self.wait_s) as con:
            found = rows(con, after=after, until=until, kinds=named, objects=object_names)
        try:
            return [entry_of(row) for row in found if wanted is None or row[4] in wanted]
        except ValueError as error:
            raise StoreError(_ALTERED) from error

    def newest_of(self, kind: Kind) -> Entry | None:
        """Return the newest entry of a kind; None if there is none.

        Raises
        ------
        StoreError
            If there is no ledger, or it cannot be read.
        """
        from qc.store.ledger_reads import newest_row, reading

        self._refuse_missing()
        with reading(self.path, self.wait_s) as con:
            row = newest_row(con, str(kind))
        try:
            return entry_of(row) if row else None
        except ValueError as error:
            raise StoreError(_ALTERED) from error

    def entries_of(self, *kinds: Kind) -> Sequence[Entry]:
        """Return all entries of some kinds, reading only those that came since this object was last asked.

        Returns
        -------
        sequence of Entry
            Oldest first.

        Raises
        ------
        StoreError
            If there is no ledger, or it cannot be read.
        """
        with self._kept_lock:
            known = self._kept.get(frozenset(kinds), [])
            newer = self.entries(kinds=kinds, after=known[-1].seq if known else 0)
            self._kept[frozenset(kinds)] = entries = [*known, *newer] if newer else known
            return entries

    def head(self) -> tuple[int, str]:
        """Return the number and the hash of the newest entry; 0 and zeros if there is none.

        Raises
        ------
        StoreError
            If there is no ledger, or it cannot be read.
        """
        from qc.store.ledger_reads import newest, reading

        self._refuse_missing()
        with reading(self.path, self.wait_s) as con:
            return newest(con) or (0, START)

    def verify(self, anchor: tuple[int, str] | None = None, *, workers: int = 1) -> list[Fault]:
        """Recompute the chain from the stored rows, and the rows of decisions from the entries.

        Parameters
        ----------
        anchor : tuple of int and str, optional
            Number and hash of an entry, written down elsewhere; without one a cut tail cannot be seen.
        workers : int
            Most processes at a time, where the ledger is long.

        Returns
        -------
        list of Fault
            The first broken link first, at most 100; empty if everything holds.

        Raises
        ------
        StoreError
            If there is no ledger.
        """
        from qc.store.verification import ledger_faults

        self._refuse_missing()
        try:
            return ledger_faults(self.path, self.wait_s, anchor, workers)
        except StoreBusyError:
            raise
        except StoreError as error:
            return [Fault("ledger", str(error))]

    @cached_property
    def decided(self) -> Decided:
        """What was decided, item by item."""
        return Decided(self.path, self.wait_s)

    @cached_property
    def _engine(self) -> sa.Engine:
        from qc.store.ledger_tables import engine_of

        return engine_of(self.path, self.wait_s)

    def _settle_later(self) -> None:
        # Whoever writes once leaves a whole file behind; whoever goes on writing does not pay for it at each act.
        if self._at_end is None:
            self._at_end = weakref.finalize(self, settle, self.path)
        settle_if_long(self.path)

    def _refuse_missing(self) -> None:
        if not self.path.is_file():
            raise missing_store("ledger", self.path)
