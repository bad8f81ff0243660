"""Marks: which items the next verb is about. They survive sorting, filtering and reading again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.screens.base import View

if TYPE_CHECKING:
    from qc.triage.queue import QueueRow
    from tui.queue_model import QueueModel
    from tui.widgets.table import Table


class Marking(View):
    """Screen with marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "mark and go on", show=False, id="mark.one"),
        Binding("v", "mark_range", "begin a range, and mark it", show=False, id="mark.range"),
        Binding("asterisk", "mark_all", "mark all of this filter, or none", show=False, key_display="*", id="mark.all"),
        Binding("T", "mark_query", "mark by a filter", show=False, id="mark.query"),
    ]
    model: QueueModel
    table: Table
    range_from: int | None = None

    def keep_undo(self) -> None:
        """Keep the marks as they are, so that the next undo brings them back."""
        self.review.undo_stack.append(("marks", dict(self.model.marks)))

    def action_mark(self) -> None:
        row = self.model.row(self.table.cursor) if self.model.is_current else None
        if row is None:
            return
        self.keep_undo()
        self._turn(row)
        self.table.move_to(self.table.cursor + 1)
        self._marked()

    def _turn(self, row: QueueRow) -> None:
        if row.item in self.model.marks:
            del self.model.marks[row.item]
        else:
            self.model.marks[row.item] = row

    async def action_mark_range(self) -> None:
        if self.range_from is None:
            self.range_from = self.table.cursor
            self.review.say("range: move to its other end, then v again")
            return
        first, last = sorted((self.range_from, self.table.cursor))
        self.range_from = None
        rows = [await self.model.row_now(at) for at in range(first, last + 1)]
        self.keep_undo()
        self._add([row for row in rows if row is not None])

    async def action_mark_all(self) -> None:
        if not await self.model.settle():
            self.review.say("the list is still being read: nothing was marked", tone="warning")
            return
        if self.model.marks:
            self.drop_marks()
            return
        await self._mark_filter(self.model.text)

    def action_mark_query(self) -> None:
        self.review.flow(self._mark_query())

    async def _mark_query(self) -> None:
        from tui.dialogs.ask import AskDialog

        text = await self.review.answer(AskDialog("Mark what fits a filter", "rule:2-2s analyte:ferritin"))
        if text:
            await self._mark_filter(text)

    async def _mark_filter(self, text: str) -> None:
        from qc.triage.filters import parse_filter
        from qc.triage.question import question_of
        from qc.triage.queue import rows_of_all
        from qc.triage.standing import standing_now

        desk, order = self.desk, self.model.order
        try:
            wanted = parse_filter(text)
            rows = await desk.read(
                lambda lab, con: rows_of_all(
                    lab,
                    con,
                    question_of(
                        wanted,
                        order,
                        standing_now(lab, con, reader=desk.reader, last_visit=desk.last_visit, wanted=wanted),
                        lab.ledger.head()[0],
                    ),
                )
            )
        except QcError as error:
            self.review.say(str(error), tone="error")
            return
        self.keep_undo()
        self.model.batch = {row.item: row for row in rows}
        self._add(rows)

    def _add(self, rows: list[QueueRow]) -> None:
        self.model.marks |= {row.item: row for row in rows}
        self._marked()

    def drop_marks(self) -> None:
        """Unmark everything."""
        self.keep_undo()
        self.model.marks, self.model.batch = {}, {}
        self._marked()

    def _marked(self) -> None:
        self.table.refresh()
        self.rows_changed()

    def rows_changed(self) -> None:
        """Draw rows, header and keys again."""

    def n_hidden_marks(self) -> int:
        """Count marked items that are not among the rows that were read.

        Returns
        -------
        int
            Items; a verb names them before it acts on them.
        """
        if len(self.model.marks) > 2000:
            return 0
        seen = {row.item for rows in self.model.pages.values() for row in rows}
        return sum(1 for item in self.model.marks if item not in seen) if self.model.wanted else 0
