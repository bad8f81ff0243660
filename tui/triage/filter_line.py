"""Finding: the filter line, the saved queues, the order, and the jump to a run, an item or a sample."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.shell.view import View
from tui.widgets.bars import Tabs
from tui.widgets.line_edit import LineEdit

if TYPE_CHECKING:
    from tui.model.queue_rows import QueueRows
    from tui.widgets.table import Table

IN_SPITE = "in spite of a warning"
"""Tab after the saved queues: the screen of what rules approved although a warning speaks against it."""
_PAUSE_S = 0.03  # a word that is being typed is asked for once, not letter by letter


class FilterLine(View):
    """Screen with a filter."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "filter", show=False, key_display="/", id="triage.filter"),
        Binding("e", "filter(False)", "edit the filter", show=False, id="triage.edit"),
        Binding("s", "order", "sort by", show=False, id="triage.order"),
        Binding("ctrl+l,f5", "reload", "read again", show=False, id="triage.reload"),
        Binding("J", "jump", "jump to a run, item or sample", show=False, id="triage.jump"),
        Binding("W", "save_queue", "keep this filter as a tab", show=False, id="triage.save"),
        *(Binding(str(at), f"tab({at - 1})", f"queue {at}", show=False, id=f"triage.tab{at}") for at in range(1, 10)),
    ]
    model: QueueRows
    table: Table
    fault = ""
    is_filter_at_fault = False
    _typing: asyncio.Task[None] | None = None

    def rows_changed(self) -> None:
        """Draw rows, header and keys again."""

    def drop_marks(self) -> None:
        """Unmark everything."""

    def reread(self) -> None:
        """Read again what stands beside the list."""

    def tell_all(self) -> None:
        """Show header, tabs and keys again."""

    @property
    def line(self) -> LineEdit:
        """The line of the filter."""
        return self.query_one("#filter", LineEdit)

    async def _ask(self, text: str, order: str | None = None) -> None:
        try:
            await self.model.load(text, order=order)
            self.fault = ""
        except QcError as error:
            self.fault = str(error).splitlines()[-1].strip()
            self.is_filter_at_fault = bool(getattr(error, "faults", ()))
            self.rows_changed()

    async def action_filter(self, is_new: bool = True) -> None:
        # A new filter begins empty; what is shown stays until something is typed.
        if is_new and self.focused is not self.line:
            self.line.set_value("")
        self.focus_now(self.line)
        self.tell_all()

    async def _leave_line(self) -> None:
        if self._typing is not None:
            self._typing.cancel()
        # A question that was cancelled on its way has no answer, though its text is taken over already.
        if self.line.value.strip() != self.model.text or self.fault or not self.model.is_current:
            await self._ask_anew(self.line.value.strip())
        self.focus_now(self.table)
        self.tell_all()

    async def action_back(self) -> None:
        if self.focused is not None and self.focused.id == "filter":
            self.line.set_value("")
            await self._leave_line()
        elif self.model.marks:
            self.drop_marks()
        elif self.model.text:
            await self.filter_by("")
        else:
            await super().action_back()

    async def line_changed(self, line: LineEdit) -> None:
        """Filter while it is typed."""
        if self._typing is not None:
            self._typing.cancel()
        self._typing = self.spawn(self._filter_soon(line.value.strip()))

    async def _filter_soon(self, text: str) -> None:
        await asyncio.sleep(_PAUSE_S)
        await self._ask_anew(text)

    async def _ask_anew(self, text: str, order: str | None = None) -> None:
        self.table.cursor = 0
        self.table.scroll_to(y=0, animate=False, force=True, immediate=True)
        await self._ask(text, order)

    async def filter_by(self, text: str) -> None:
        """Show other items."""
        self.line.set_value(text)
        await self._ask_anew(text)

    async def action_tab(self, at: int) -> None:
        queues = self.review.queues()
        if at < len(queues):
            await self.filter_by(queues[at][1])
        elif at == len(queues):
            await self.app.run_action("go('warnings')")

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        if event.tabs.id == "tabs":
            self.spawn(self.action_tab(event.at))

    async def action_order(self) -> None:
        from qc.triage.queue_query import ORDERS

        orders = list(ORDERS)
        await self._ask_anew(self.model.text, orders[(orders.index(self.model.order) + 1) % len(orders)])

    async def action_reload(self) -> None:
        self.review.paint_anew()
        name = self.model.name_at(self.table.cursor)
        await self._ask(self.model.text)
        place = self.model.place_of(name) if name else None
        if place is not None:
            self.table.move_to(place)
        self.reread()

    def action_jump(self) -> None:
        self.review.flow(self._jump())

    async def _jump(self) -> None:
        from tui.dialogs.question import QuestionDialog

        text = await self.review.answer(
            QuestionDialog("Jump to a run, an item or a sample", "R9.5, serum-chem-1 or S-7K3QX")
        )
        if text:
            key = (
                "item"
                if text[:1] == "R" and text[1:2].isdigit()
                else "sample"
                if text.upper().startswith("S-")
                else "run"
            )
            await self.filter_by(f"{key}:{text} state:any")

    def action_save_queue(self) -> None:
        self.review.flow(self._save_queue())

    async def _save_queue(self) -> None:
        from tui.dialogs.question import QuestionDialog

        title = await self.review.answer(QuestionDialog(f"Name of the tab for '{self.model.text}'", "one word"))
        if title:
            self.review.keep_queue(title, self.model.text)
            self.tell_all()
