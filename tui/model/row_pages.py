"""Rows of one question, read page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from tui.model.desk import Desk

if TYPE_CHECKING:
    from qc.triage.queue import QueueRow
    from qc.triage.queue_query import Question
    from qc.triage.row_positions import RowPositions

_MOST_PAGES = 64


class RowPages:
    """Pages that were read of the rows of one question, all of them from one state of the facts.

    Parameters
    ----------
    generation : int
        Newest assessment of the facts when the first page was read.
    may_read : callable
        Tells whether pages may still be asked for.
    came : callable
        Called when a page has come.
    outdated : callable
        Called when the facts have changed between two pages: rows of both must not stand side by side.
    """

    def __init__(
        self,
        desk: Desk,
        question: Question,
        row_positions: RowPositions,
        first: list[QueueRow],
        generation: int,
        *,
        may_read: Callable[[], bool],
        came: Callable[[], None],
        outdated: Callable[[], None],
    ) -> None:
        self.desk, self.question, self.row_positions, self.generation = desk, question, row_positions, generation
        self.pages: dict[int, list[QueueRow]] = {0: first}
        self._may_read, self._came, self._outdated = may_read, came, outdated
        self._reading: dict[int, asyncio.Task[None]] = {}
        self.is_closed = False

    @property
    def n_rows(self) -> int:
        """Number of all rows."""
        return self.row_positions.n_items

    def read_rows(self) -> Iterator[QueueRow]:
        """Return the rows that were read."""
        return (row for rows in self.pages.values() for row in rows)

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

    def close(self) -> None:
        """Read no more."""
        self.is_closed = True
        for task in self._reading.values():
            task.cancel()
        self._reading.clear()

    def _ask_page(self, number: int) -> None:
        from qc.triage.queue import PAGE

        if number in self._reading or not 0 <= number * PAGE < self.n_rows:
            return
        if self.is_closed or not self._may_read():
            return
        self._reading[number] = asyncio.create_task(self._read_page(number))

    async def _read_page(self, number: int) -> None:
        from qc.triage.queue import page

        try:
            rows, generation = await self.desk.read(
                lambda lab, con: (page(lab, con, self.question, self.row_positions, number), self.desk.generation)
            )
        finally:
            self._reading.pop(number, None)
        if self.is_closed:
            return
        if generation != self.generation:
            self._outdated()
            return
        self.pages[number] = rows
        if len(self.pages) > _MOST_PAGES:
            self.pages.pop(next(at for at in self.pages if at not in (0, number)))
        self._came()
