"""The queue as the screens hold it: causes and items, pages that were read, marks, and what was decided since.

Pages of another question, or of facts that have changed since, are never shown as current.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.model.desk import Desk
from tui.model.first_page import FirstPage, FirstRows, first_rows, read_first_page
from tui.model.marks import Marks
from tui.model.queue_sections import CauseRows, QueueSections
from tui.model.row_pages import RowPages
from tui.model.worker import SupersededError
from tui.text.queue_cells import cause_cells, cells_of, is_decided, is_done_with
from tui.widgets.columns import Cell

if TYPE_CHECKING:
    from collections.abc import Callable

    from qc.items.cause_shown import CauseShown
    from qc.triage.queue import QueueRow
    from qc.triage.queue_query import Question
    from schemas.queue_filter import Filter


class QueueRows:
    """Rows of the queue, read page by page.

    Parameters
    ----------
    leads_by_cause : bool
        Whether causes lead; else every item stands by itself.
    """

    def __init__(self, desk: Desk, changed: Callable[[], None], *, leads_by_cause: bool = True) -> None:
        self.desk, self.changed, self.leads_by_cause = desk, changed, leads_by_cause
        self.text, self.order = "", "gravest"
        self.wanted: Filter | None = None
        self.question: Question | None = None
        self.n_waiting = 0
        self.unfolded: set[str] = set()
        self.is_current = False
        self.is_newer = False
        self.generation = 0
        self.read_at: datetime | None = None
        self.sections = QueueSections()
        self.marks = Marks()
        self.words_by_item: dict[str, str] = {}
        self.unread: frozenset[str] = frozenset()
        self.known_seq = 0
        self.own_seqs: set[int] = set()
        self._settled = asyncio.Event()
        self._settled.set()

    @property
    def n_rows(self) -> int:
        """Number of all rows, those of unfolded causes and causes themselves among them."""
        return self.sections.n_rows

    @property
    def n_items(self) -> int:
        """Number of all items, those of folded causes among them."""
        return self.sections.n_items

    def read_rows(self) -> Iterator[QueueRow]:
        """Return the items that were read."""
        return self.sections.read_rows()

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked.

        Returns
        -------
        bool
            False for a row that was not read yet; for a cause, whether any item of it is marked.
        """
        cause = self.cause_at(index)
        if cause is not None:
            return self.n_marked_of(cause.cause) > 0
        row = self.row(index)
        return row is not None and self.marks.has(row.item, self.text_at(index), self.text)

    def n_marked_of(self, cause: str) -> int:
        """Count the marked items of a cause."""
        filtered = self.marks.filtered
        if filtered is None:
            return sum(row.seen.cause == cause for row in self.marks.rows.values())
        if filtered.text == self.text_of(cause):
            return filtered.n_marked
        if filtered.text != self.text:
            return 0
        left_out = {row.item for row in self.read_rows() if row.seen.cause == cause} & set(filtered.exceptions)
        return next(one.n_items for one in self.sections.causes if one.cause.cause == cause) - len(left_out)

    def cause_at(self, index: int) -> CauseShown | None:
        """Return the cause that a row is; None for an item."""
        section, place = self.sections.find(index)
        return section.cause if isinstance(section, CauseRows) and place < 0 else None

    def cause_names(self) -> frozenset[str]:
        """Return the names of the causes that lead."""
        return frozenset(section.cause.cause for section in self.sections.causes)

    def is_unfolded(self, index: int) -> bool:
        """Tell whether a row is one of a cause whose items stand beneath it."""
        section, _ = self.sections.find(index)
        return isinstance(section, CauseRows) and section.pages is not None

    def text_of(self, cause: str) -> str:
        """Return the filter that only the items of a cause fit."""
        return f"{self.text} cause:{cause}".lstrip()

    def text_at(self, index: int) -> str:
        """Return the filter that a row and its neighbours of the same cause fit."""
        section, _ = self.sections.find(index)
        return self.text_of(section.cause.cause) if isinstance(section, CauseRows) else self.text

    def row(self, index: int) -> QueueRow | None:
        """Return an item that was read; ask for its page if it was not.

        Returns
        -------
        QueueRow or None
            None while the page is being read, for a cause, and if there is no such row.
        """
        section, place = self.sections.find(index)
        pages = section.pages if isinstance(section, CauseRows) else section
        return pages.row(place) if pages is not None and place >= 0 else None

    def cells(self, index: int) -> Sequence[Cell] | None:
        """Return the cells of a row.

        Returns
        -------
        sequence of Cell or None
            None while the page is being read.
        """
        section, place = self.sections.find(index)
        if isinstance(section, CauseRows) and place < 0:
            cause = section.cause
            n_decided = self.sections.n_decided_of(section, self.words_by_item)
            return cause_cells(cause, self.n_marked_of(cause.cause), n_decided, is_unfolded=section.pages is not None)
        row = self.row(index)
        return None if row is None else cells_of(row, self.state_of(row), is_member=isinstance(section, CauseRows))

    def name_at(self, index: int) -> str:
        """Return the name of the cause or item of a row; empty if it was not read."""
        cause, row = self.cause_at(index), self.row(index)
        return cause.cause if cause is not None else row.item if row is not None else ""

    def place_of(self, name: str) -> int | None:
        """Return where an item or a cause stands, as far as it was read; None if it was not."""
        return self.sections.place_of(name)

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
        shown = {row.item for row in self.read_rows()} | self.unread
        return sum(item in shown and is_decided(words) for item, words in self.words_by_item.items())

    async def look_for_unread(self) -> None:
        """Ask which items that were decided are in this list, though their pages were not read."""
        from qc.triage.queue import among

        read = {row.item for row in self.read_rows()}
        items, question = [item for item in self.words_by_item if item not in read], self.question
        if not items or question is None or len(read) == self.n_items:
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
            if self.cause_at(at) is not None:
                if not self.is_settled(at):
                    return at
                continue
            row = await self.row_now(at)
            if row is None or not is_done_with(self.state_of(row)):
                return at
        return max(0, self.n_rows - 1)

    def is_settled(self, index: int) -> bool:
        """Tell whether every item of a cause was decided since it was read, or the row is none of a cause."""
        section, _ = self.sections.find(index)
        if not isinstance(section, CauseRows):
            return False
        return self.sections.n_decided_of(section, self.words_by_item) >= section.n_items

    def n_things(self) -> tuple[int, int]:
        """Count what is still to be settled: causes, and items that stand alone."""
        return self.sections.n_things(self.words_by_item, self.unread)

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
        unfolded = frozenset(self.unfolded) if self.leads_by_cause else None
        try:
            first_page = await self.desk.read_newest(
                "queue", lambda lab, con: read_first_page(self.desk, lab, con, wanted, self.order, unfolded)
            )
        except SupersededError:
            return
        except Exception:
            self._settled.set()
            raise
        self._take(first_page)

    def _take(self, first_page: FirstPage) -> None:
        self.sections.close()
        self.question, self.generation = first_page.question, first_page.generation
        members = {cause: self._pages(rows) for cause, rows in first_page.members.items()}
        causes = [CauseRows(cause, members.get(cause.cause)) for cause in first_page.causes]
        self.sections = QueueSections(causes, self._pages(first_page.alone))
        self.words_by_item, self.unread = {}, frozenset()
        self.n_waiting = first_page.n_waiting
        self.known_seq = max(self.known_seq, first_page.question.as_of)
        self.is_current, self.is_newer, self.read_at = True, False, datetime.now(UTC)
        self._settled.set()
        self.changed()

    def _pages(self, rows: FirstRows) -> RowPages:
        return RowPages(
            self.desk,
            rows.question,
            rows.row_positions,
            rows.rows,
            self.generation,
            may_read=lambda: not self.is_newer,
            came=self._came,
            outdated=self._outdated,
        )

    def _came(self) -> None:
        self.changed()  # of the screen that shows the queue now

    def _outdated(self) -> None:
        self.is_newer = True
        self.changed()

    async def fold(self, index: int) -> int:
        """Fold or unfold the cause of a row.

        Returns
        -------
        int
            Row of the cause; the row itself if it is of none.
        """
        section, place = self.sections.find(index)
        if not isinstance(section, CauseRows):
            return index
        name = section.cause.cause
        if section.pages is None:
            await self._unfold(section)
        else:
            section.pages.close()
            section.pages = None
            self.unfolded.discard(name)
        self.changed()
        return index - place - 1

    async def _unfold(self, section: CauseRows) -> None:
        from qc.triage.shared_causes import members_of

        question, name = self.question, section.cause.cause
        if question is None:
            return
        rows, generation = await self.desk.read(
            lambda lab, con: (first_rows(lab, con, members_of(question, name)), self.desk.generation)
        )
        if self.question is not question:
            return
        if generation != self.generation:
            self._outdated()
            return
        section.pages = self._pages(rows)
        self.unfolded.add(name)

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
            is_none = self.is_current and (index >= self.n_rows or self.cause_at(index) is not None)
            if row is not None or is_none:
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
        self.sections.renew(named, seq)
        self.marks.renew(named, seq)
        self.changed()

    def note_act_of_others(self, items: Sequence[str], words: str, seq: int) -> None:
        """Take note of what somebody else did; what was seen before stays what was seen."""
        self.words_by_item |= dict.fromkeys(items, words)
        self.known_seq = max(self.known_seq, seq)
        self.changed()
