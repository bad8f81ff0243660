"""Marks: which items the next verb is about. They survive sorting, filtering and reading again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.model.marks import Marks
from tui.shell.view import View

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.filtered_items import FilteredItems
    from qc.triage.lease import Connection
    from qc.triage.queue import QueueRow
    from tui.model.desk import Desk
    from tui.model.queue_rows import QueueRows
    from tui.widgets.table import Table


class MarkKeys(View):
    """Screen with marks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "mark", "mark and go on", show=False, id="mark.one"),
        Binding("v", "mark_range", "begin a range, and mark it", show=False, id="mark.range"),
        Binding("asterisk", "mark_all", "mark all of this filter, or none", show=False, key_display="*", id="mark.all"),
        Binding("T", "mark_query", "mark by a filter", show=False, id="mark.query"),
    ]
    model: QueueRows
    table: Table
    range_from: int | None = None

    def keep_undo(self) -> None:
        """Keep the marks as they are, so that the next undo brings them back."""
        self.review.undo_stack.append(("marks", self.model.marks.kept()))

    async def action_mark(self) -> None:
        if not self.model.is_current:
            return
        cause = self.model.cause_at(self.table.cursor)
        if cause is not None:
            await self._mark_cause(cause.cause)
            return
        row = self.model.row(self.table.cursor)
        if row is None:
            return
        filtered = self.model.marks.filtered
        if filtered is not None and filtered.text not in (self.model.text, self.model.text_at(self.table.cursor)):
            self.review.say(f"{filtered.name} is marked, and this item is none of it: esc unmarks", tone="warning")
            return
        self.keep_undo()
        self.model.marks.turn(row)
        self.table.move_to(self.table.cursor + 1)
        self._marked()

    async def _mark_cause(self, cause: str) -> None:
        n_marked = self.model.n_marked_of(cause)
        if not n_marked:
            await self._mark_filter(self.model.text_of(cause))
        elif self.model.marks.filtered is not None:
            self.drop_marks()
        else:
            self.keep_undo()
            self.model.marks.drop_cause(cause)
            self._marked()
        self.table.move_to(self.table.cursor + 1)

    async def action_mark_range(self) -> None:
        if self.range_from is None:
            self.range_from = self.table.cursor
            self.review.say("range: move to its other end, then v again")
            return
        first, last = sorted((self.range_from, self.table.cursor))
        self.range_from = None
        rows = [row for at in range(first, last + 1) for row in await self._rows_at(at)]
        self.keep_undo()
        self._add(rows)

    async def _rows_at(self, index: int) -> list[QueueRow]:
        cause = self.model.cause_at(index)
        if cause is None:
            row = await self.model.row_now(index)
            return [row] if row is not None else []
        if self.model.is_unfolded(index):
            return []  # its items stand beneath it, and are marked as far as the range goes
        text, order = self.model.text_of(cause.cause), self.model.order
        members = await self.desk.read(lambda lab, con: _fitting(self.desk, lab, con, text, order))
        return members if isinstance(members, list) else []

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
        from tui.dialogs.question import QuestionDialog

        text = await self.review.answer(QuestionDialog("Mark what fits a filter", "rule:2-2s analyte:ferritin"))
        if text:
            await self._mark_filter(text)

    async def _mark_filter(self, text: str) -> None:
        try:
            marked = await self.desk.read(lambda lab, con: _fitting(self.desk, lab, con, text, self.model.order))
        except QcError as error:
            self.review.say(str(error), tone="error")
            return
        self.keep_undo()
        if isinstance(marked, list):
            self._add(marked, is_batch=True)
            return
        # So many are not read: they are marked as what fits the filter, and looked up at the act.
        self.model.marks = Marks(filtered=marked)
        self._marked()

    def _add(self, rows: list[QueueRow], *, is_batch: bool = False) -> None:
        self.model.marks.add(rows, is_batch=is_batch)
        self._marked()

    def drop_marks(self) -> None:
        """Unmark everything."""
        self.keep_undo()
        self.model.marks = Marks()
        self._marked()

    def _marked(self) -> None:
        self.table.refresh()
        self.rows_changed()

    def rows_changed(self) -> None:
        """Draw rows, header and keys again."""

    def hidden_marks(self) -> str:
        """Say which marked items are not among the rows that were read.

        Returns
        -------
        str
            Words; empty if all of them are.
        """
        marks = self.model.marks
        if marks.filtered is not None:
            is_plain = bool(marks.filtered.text) and marks.filtered.text == self.model.text
            return "" if is_plain else f": {marks.filtered.name}"
        seen, causes = {row.item for row in self.model.read_rows()}, self.model.cause_names()
        rows = marks.rows.values() if self.model.wanted else ()
        n_hidden = sum(1 for row in rows if row.item not in seen and row.seen.cause not in causes)
        return f" ({n_hidden:,} hidden)" if n_hidden else ""


def _fitting(desk: Desk, lab: Lab, con: Connection, text: str, order: str) -> list[QueueRow] | FilteredItems:
    from qc.triage.filtered_items import look_at_all
    from qc.triage.queue import MOST_MARKED
    from qc.triage.queue_listing import ask_queue

    filtered = look_at_all(lab, con, text, reader=desk.reader, last_visit=desk.last_visit)
    if filtered.n_items > MOST_MARKED:
        return filtered
    listed = ask_queue(lab, con, text, order=order, most=MOST_MARKED, reader=desk.reader, last_visit=desk.last_visit)
    return list(listed.rows)
