"""A list in a dialog, searched as one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.dialogs.dialog import Dialog
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.line_edit import LineEdit
from tui.widgets.rows import FixedRows
from tui.widgets.table import Table
from tui.widgets.words import Span, Words, wrapped

_SHARE = 0.92  # of the screen's lines that a dialog may take
_MOST_ROWS, _OTHER_LINES = 30, 5  # lines of the list with its heading, and those around it
_WIDTH, _EDGES = 76, 6  # columns of the box, and those that its edges take


class ChoiceDialog(Dialog[int | None]):
    """List that is searched as one types; answers with the row that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "choose", show=False, id="list.choose"),
        Binding("down,ctrl+n", "move(1)", "next", show=False, id="list.down"),
        Binding("up,ctrl+p", "move(-1)", "before", show=False, priority=True, id="list.up"),
        Binding("pagedown", "move(15)", "page down", show=False, id="list.page_down"),
        Binding("pageup", "move(-15)", "page up", show=False, id="list.page_up"),
    ]

    def __init__(
        self, title: str, columns: Sequence[Column], rows: Sequence[Sequence[Cell]], *, can_choose: bool = True
    ) -> None:
        super().__init__()
        self.title_text, self.columns, self.rows, self.can_choose = title, columns, list(rows), can_choose
        self.found = list(range(len(self.rows)))
        self.keys = (Key("enter", "choose" if can_choose else "leave"), Key("↑↓", "move"), Key("esc", "leave"))

    def parts(self) -> list[Widget]:
        """Return what stands in the box."""
        return [Words(id="title"), LineEdit("type to search", id="search"), Table(self.columns, id="list")]

    def begin(self) -> None:
        """Show the whole list."""
        title = self.query_one("#title", Words)
        width = min(_WIDTH, self.app.size.width) - _EDGES
        lines = [[Span(said.text, is_bold=True) for said in line] for line in wrapped(self.title_text, width)]
        title.styles.height = len(lines)
        title.show(lines)
        room = int(self.app.size.height * _SHARE) - len(lines) - _OTHER_LINES
        self.query_one(Table).styles.height = max(4, min(_MOST_ROWS, room))
        self._show()
        self.focus_now(self.line("search"))

    def _show(self) -> None:
        words = self.line("search").value.lower().split()
        texts = [" ".join(cell.text for cell in row).lower() for row in self.rows]
        self.found = [at for at, text in enumerate(texts) if all(word in text for word in words)]
        table = self.query_one(Table)
        table.empty_text = "nothing fits"
        table.show_rows(FixedRows([self.rows[at] for at in self.found]))

    async def line_changed(self, line: LineEdit) -> None:
        """Narrow the list to what was typed."""
        if line.id == "search":
            self._show()

    def action_move(self, step: int) -> None:
        table = self.query_one(Table)
        table.move_to(table.cursor + step)

    def action_choose(self) -> None:
        table = self.query_one(Table)
        self.give(self.found[table.cursor] if self.found and self.can_choose else None)

    def on_table_chosen(self) -> None:
        self.action_choose()
