"""The queue as the screens hold it: pages that were read, marks, and what was decided since.

Pages of another question, or of facts that have changed since, are never shown as current.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.model.desk import Desk
from tui.model.first_page import FirstPage, read_first_page
from tui.model.marks import Marks, renewed
from tui.model.worker import SupersededError
from tui.text.queue_cells import cells_of, is_decided, is_done_with
from tui.widgets.columns import Cell

if TYPE_CHECKING:
    from qc.triage.queue import QueueRow
    from qc.triage.queue_query import Question
    from qc.triage.row_positions import RowPositions
    from schemas.queue_filter import Filter

_MOST_PAGES = 64


class QueueRows:
    """Rows of the queue, read page by page."""

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
        self.row_positions: RowPositions | None = None
        self.marks = Marks()
        self.words_by_item: dict[str, str] = {}
        self.unread: frozenset[str] = frozenset()
        self.known_seq = 0
        self.own_seqs: set[int] = set()
        self._reading: dict[int, asyncio.Task[None]] = {}
        self._settled = asyncio.Event()
        self._settled.set()

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked.

        Returns
        -------
        bool
            False for a row that was not read yet.
        """
        row = self.row(index)
        return row is not None and self.marks.has(row.item, self.text)

    def row(self, index: int) -> QueueRow | None:
        """Return a row that was read; ask for its page if it was not.

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

        Returns
        -------
        sequence of Cell or None
            None while the page is being read.
        """
        row = self.row(index)
        return None if row is None else cells_of(row, self.state_of(row))

    def state_of(self, row: QueueRow) -> str:
        """Say where an item stands, as far as this screen knows.

        Returns
        -------
        str
            Words, such as ``waiting`` or ``approved by anna``.
        """
        return self.words_by_item.get(row.item, "lapsed" if row.has_lapsed else row.state.replace("_", " "))

    def n_decided(self) -> int:
        """Count the rows that were decided since they were read, and stay in the list until it is read again.

        Returns
        -------
        int
            Rows of this list; an item on a page that was not read counts once it is known to be in the list.
        """
        shown = {row.item for rows in self.pages.values() for row in rows} | self.unread
        return sum(item in shown and is_decided(words) for item, words in self.words_by_item.items())

    async def look_for_unread(self) -> None:
        """Ask which items that were decided are in this list, though their pages were not read."""
        from qc.triage.queue import among

        read = {row.item for rows in self.pages.values() for row in rows}
        items, question = [item for item in self.words_by_item if item not in read], self.question
        if not items or question is None or len(read) == self.n_rows:
            return
        try:
            found = await self.desk.read_newest("unread", lambda _, con: among(con, question, items))
        except SupersededError:
            return
        if self.question is question and found != self.unread:
            self.unread = found
            self.changed()

    async def next_undecided(self, index: int) -> int:
        """Find the next row that is still to be decided.

        Returns
        -------
        int
            Row below it; the last one if there is none.
        """
        for at in range(index + 1, self.n_rows):
            row = await self.row_now(at)
            if row is None or not is_done_with(self.state_of(row)):
                return at
        return max(0, self.n_rows - 1)

    async def load(self, text: str, *, order: str | None = None) -> None:
        """Ask another question; its first rows are shown before the others are counted.

        Parameters
        ----------
        order : str, optional
            Order; None keeps the one that is.

        Raises
        ------
        ConfigError
            If the filter is not understood; what is shown stays.
        """
        from schemas.queue_filter import parse_filter

        wanted = parse_filter(text)
        self.text, self.wanted, self.order = text, wanted, order or self.order
        self.is_current = False
        self._settled.clear()
        try:
            first_page = await self.desk.read_newest(
                "queue", lambda lab, con: read_first_page(self.desk, lab, con, wanted, self.order)
            )
        except SupersededError:
            return
        except Exception:
            self._settled.set()
            raise
        self._take(first_page)

    def _take(self, first_page: FirstPage) -> None:
        for task in self._reading.values():
            task.cancel()
        self._reading.clear()
        self.question, self.row_positions, self.generation = (
            first_page.question,
            first_page.row_positions,
            first_page.generation,
        )
        self.pages, self.words_by_item, self.unread = {0: first_page.rows}, {}, frozenset()
        self.n_rows, self.n_waiting = first_page.row_positions.n_items, first_page.n_waiting
        self.known_seq = max(self.known_seq, first_page.question.as_of)
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

        question, where = self.question, self.row_positions
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
        """Wait until the rows of the question that was asked last are there."""
        try:
            await asyncio.wait_for(self._settled.wait(), wait_s)
        except TimeoutError:
            return False
        return self.is_current

    def note_own_act(self, items: Iterable[str], words: str, seqs: Sequence[int]) -> None:
        """Take note of an own act, so that rows show it and the next act knows of it."""
        named, seq = set(items), max(seqs)
        self.words_by_item |= dict.fromkeys(named, words)
        self.own_seqs |= set(seqs)
        for rows in self.pages.values():
            for at, row in enumerate(rows):
                if row.item in named:
                    rows[at] = renewed(row, seq)
        self.marks.renew(named, seq)
        self.changed()

    def note_act_of_others(self, items: Sequence[str], words: str, seq: int) -> None:
        """Take note of what somebody else did; what was seen before stays what was seen."""
        self.words_by_item |= dict.fromkeys(items, words)
        self.known_seq = max(self.known_seq, seq)
        self.changed()
