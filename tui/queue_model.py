"""The queue as the screens hold it: pages that were read, marks, and what was decided since.

Pages of another question, or of facts that have changed since, are never shown as current.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.desk import Desk
from tui.widgets.columns import Cell, Column
from tui.worker import SupersededError

if TYPE_CHECKING:
    import duckdb

    from qc.lab import Lab
    from qc.triage.filters import Filter
    from qc.triage.places import Places
    from qc.triage.question import Question
    from qc.triage.queue import QueueRow

COLUMNS = (
    Column("", 1),
    Column("item", 9, weight=2),
    Column("verdict", 7, rank=5),
    Column("analyte", 11, weight=2),
    Column("value", 13, is_number=True, rank=2),
    Column("rule", 12, weight=6, rank=1),
    Column("sample", 7, rank=3),
    Column("run", 12, weight=4, rank=4),
    Column("waits", 5, is_number=True, rank=6),
    Column("state", 9, weight=2, rank=1),
)
_SIGN = {"broken": "✖", "reject": "✗", "not_evaluable": "?", "warn": "!"}
_TONE = {"broken": "bad", "reject": "bad", "not_evaluable": "note", "warn": "warn"}
_STATE_TONE = {"approved": "good", "rejected": "bad", "repeat requested": "note"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one question brought at first."""

    question: Question
    """The question."""
    places: Places
    """Where its rows stand."""
    rows: list[QueueRow]
    """Its first page."""
    generation: int
    """Newest assessment of the facts."""
    n_waiting: int
    """How many items wait without any filter; counted where the filter shows none."""


class QueueModel:
    """Rows of the queue, read page by page.

    Parameters
    ----------
    desk : Desk
        Whom to ask.
    changed : callable
        Called when rows have come or the count is known.
    """

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self.desk, self.changed = desk, changed
        self.text, self.order = "", "gravest"
        self.wanted: Filter | None = None
        self.question: Question | None = None
        self.n_rows = self.n_waiting = 0
        self.is_current = False
        self.is_newer = False
        self.generation = 0
        self.read_at: datetime | None = None
        self.pages: dict[int, list[QueueRow]] = {}
        self.places: Places | None = None
        self.marks: dict[str, QueueRow] = {}
        self.batch: dict[str, QueueRow] = {}
        self.said: dict[str, str] = {}
        self.known_seq = 0
        self.own_seqs: set[int] = set()
        self._reading: dict[int, asyncio.Task[None]] = {}
        self._settled = asyncio.Event()
        self._settled.set()

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked.

        Parameters
        ----------
        index : int
            Row.

        Returns
        -------
        bool
            False for a row that was not read yet.
        """
        row = self.row(index)
        return row is not None and row.item in self.marks

    def row(self, index: int) -> QueueRow | None:
        """Return a row that was read; ask for its page if it was not.

        Parameters
        ----------
        index : int
            Row.

        Returns
        -------
        QueueRow or None
            None while the page is being read, or if there is no such row.
        """
        from qc.triage.queue import PAGE

        number, place = divmod(index, PAGE)
        rows = self.pages.get(number)
        if rows is None:
            self._ask_page(number)
            return None
        return rows[place] if place < len(rows) else None

    def cells(self, index: int) -> Sequence[Cell] | None:
        """Return the cells of a row.

        Parameters
        ----------
        index : int
            Row.

        Returns
        -------
        sequence of Cell or None
            None while the page is being read.
        """
        row = self.row(index)
        if row is None:
            return None
        from qc.triage.words import waited

        tone = _TONE[row.verdict.value]
        state = self.state_of(row)
        what = row.value or ("whole run" if row.seen.scope == "run" else "all results")
        return (
            Cell(_SIGN[row.verdict.value], tone),
            Cell(row.item, "strong"),
            Cell(row.verdict.value.replace("not_evaluable", "unclear"), tone),
            Cell(row.analyte or row.matrix),
            Cell(what, "" if row.value else "muted"),
            Cell(", ".join(rule.partition(".")[2] for rule in row.rules), tone),
            Cell(row.code, "muted"),
            Cell(row.run),
            Cell(waited(row.assessed_at, datetime.now(UTC)), "muted"),
            Cell(state, next((tone for word, tone in _STATE_TONE.items() if state.startswith(word)), "muted")),
        )

    def state_of(self, row: QueueRow) -> str:
        """Say where an item stands, as far as this screen knows.

        Parameters
        ----------
        row : QueueRow
            Its row.

        Returns
        -------
        str
            Words, such as ``waiting`` or ``approved by anna``.
        """
        return self.said.get(row.item, "lapsed" if row.has_lapsed else row.state.replace("_", " "))

    def n_decided(self) -> int:
        """Count the rows that were decided since they were read, and stay in the list until it is read again.

        Returns
        -------
        int
            Rows; an item of no row that was read counts in a list that was not read as a whole.
        """
        decided = {item for item, words in self.said.items() if words.startswith(tuple(_STATE_TONE))}
        if not decided:
            return 0
        read = {row.item for rows in self.pages.values() for row in rows}
        return len(decided & read) if len(read) == self.n_rows else min(len(decided), self.n_rows)

    async def load(self, text: str, *, order: str | None = None) -> None:
        """Ask another question; its first rows are shown before the others are counted.

        Parameters
        ----------
        text : str
            Filter.
        order : str, optional
            Order; None keeps the one that is.

        Raises
        ------
        ConfigError
            If the filter is not understood; what is shown stays.
        """
        from qc.triage.filters import parse_filter

        wanted = parse_filter(text)
        self.text, self.wanted, self.order = text, wanted, order or self.order
        self.is_current = False
        self._settled.clear()
        try:
            loaded = await self.desk.read_newest("queue", lambda lab, con: _load(self, lab, con, wanted, self.order))
        except SupersededError:
            return
        except Exception:
            self._settled.set()
            raise
        self._take(loaded)

    def _take(self, loaded: Loaded) -> None:
        for task in self._reading.values():
            task.cancel()
        self._reading.clear()
        self.question, self.places, self.generation = loaded.question, loaded.places, loaded.generation
        self.pages, self.said = {0: loaded.rows}, {}
        self.n_rows, self.n_waiting = loaded.places.n_items, loaded.n_waiting
        self.known_seq = max(self.known_seq, loaded.question.as_of)
        self.is_current, self.is_newer, self.read_at = True, False, datetime.now(UTC)
        self._settled.set()
        self.changed()

    def _ask_page(self, number: int) -> None:
        from qc.triage.queue import PAGE

        if number in self._reading or not 0 <= number * PAGE < self.n_rows or self.is_newer:
            return
        self._reading[number] = asyncio.create_task(self._read_page(number))

    async def _read_page(self, number: int) -> None:
        from qc.triage.queue import page

        question, where = self.question, self.places
        if question is None or where is None:
            return
        try:
            rows, generation = await self.desk.read(
                lambda lab, con: (page(lab, con, question, where, number), self.desk.generation)
            )
        finally:
            self._reading.pop(number, None)
        if self.question is not question:
            return
        if generation != self.generation:
            # The facts have changed between two pages: rows of both must not stand side by side.
            self.is_newer = True
            self.changed()
            return
        self.pages[number] = rows
        if len(self.pages) > _MOST_PAGES:
            self.pages.pop(next(at for at in self.pages if at not in (0, number)))
        self.changed()

    async def row_now(self, index: int, wait_s: float = 3.0) -> QueueRow | None:
        """Return a row of the question that was asked last, waiting for it if it must.

        Parameters
        ----------
        index : int
            Row.
        wait_s : float
            Longest time to wait, in seconds.

        Returns
        -------
        QueueRow or None
            None if it was not there in time: nothing may be decided then.
        """
        end = asyncio.get_running_loop().time() + wait_s
        while asyncio.get_running_loop().time() < end:
            row = self.row(index) if self.is_current else None
            if row is not None or (self.is_current and index >= self.n_rows):
                return row
            await asyncio.sleep(0.005)
        return None

    async def settle(self, wait_s: float = 3.0) -> bool:
        """Wait until the rows of the question that was asked last are there.

        Parameters
        ----------
        wait_s : float
            Longest time to wait, in seconds.

        Returns
        -------
        bool
            Whether they are.
        """
        try:
            await asyncio.wait_for(self._settled.wait(), wait_s)
        except TimeoutError:
            return False
        return self.is_current

    def told(self, items: Iterable[str], words: str, seqs: Sequence[int]) -> None:
        """Take note of an own act, so that rows show it and the next act knows of it.

        Parameters
        ----------
        items : iterable of str
            Names of items.
        words : str
            Where they stand now.
        seqs : sequence of int
            Numbers of its ledger entries.
        """
        named, seq = set(items), max(seqs)
        self.said |= dict.fromkeys(named, words)
        self.own_seqs |= set(seqs)
        for rows in self.pages.values():
            for at, row in enumerate(rows):
                if row.item in named:
                    rows[at] = _renewed(row, seq)
        for held in (self.marks, self.batch):
            held.update({item: _renewed(row, seq) for item, row in held.items() if item in named})
        self.changed()

    def heard(self, items: Sequence[str], words: str, seq: int) -> None:
        """Take note of what somebody else did; what was seen before stays what was seen.

        Parameters
        ----------
        items : sequence of str
            Names of items.
        words : str
            Where they stand now.
        seq : int
            Number of the newest ledger entry.
        """
        self.said |= dict.fromkeys(items, words)
        self.known_seq = max(self.known_seq, seq)
        self.changed()


_MOST_PAGES = 64


def _renewed(row: QueueRow, seq: int) -> QueueRow:
    return replace(row, seen=replace(row.seen, as_of=max(seq, row.seen.as_of)))


def _load(model: QueueModel, lab: Lab, con: duckdb.DuckDBPyConnection, wanted: Filter, order: str) -> Loaded:
    from qc.triage.filters import parse_filter
    from qc.triage.places import places
    from qc.triage.question import question_of
    from qc.triage.queue import page
    from qc.triage.standing import standing_now

    desk = model.desk
    as_of = lab.ledger.head()[0]
    standing = standing_now(lab, con, reader=desk.reader, last_visit=desk.last_visit, wanted=wanted)
    question = question_of(wanted, order, standing, as_of)
    where = places(con, question)
    n_waiting = where.n_items
    if not n_waiting and model.text:
        wanted = parse_filter("")
        standing = standing_now(lab, con, reader=desk.reader, last_visit=desk.last_visit, wanted=wanted)
        n_waiting = places(con, question_of(wanted, order, standing, as_of)).n_items
    return Loaded(question, where, page(lab, con, question, where), desk.generation, n_waiting)
