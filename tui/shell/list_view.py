"""A list that is searched, and beside it everything about the row under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from tui.shell.view import View
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.line_edit import LineEdit
from tui.widgets.rows import FixedRows
from tui.widgets.table import Table
from tui.widgets.words import Line, Span, Words


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row with its details."""

    cells: tuple[Cell, ...]
    """Cells of the row."""
    text: str
    """What a search looks at, besides the cells."""
    about: object
    """What the row is, for whoever writes the details."""


class ListView(View):
    """Screen of a list."""

    columns: tuple[Column, ...] = ()
    """Columns of the list."""
    rows_word = "rows"
    """What its rows are, in the plural."""
    empty_text = "nothing is here"
    """What an empty list says."""
    DEFAULT_CSS = """
    ListView #all { height: 1fr; }
    ListView #list { width: 1fr; height: 1fr; }
    ListView #scroll { width: 46%; height: 1fr; border-left: vkey $foreground 25%; background: $surface; }
    ListView #details { height: auto; }
    ListView #search { height: 1; }
    ListView.-narrow #all { layout: vertical; }
    ListView.-narrow #scroll { width: 1fr; height: 50%; border-left: none; border-top: hkey $foreground 25%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "search", "search", show=False, key_display="/", id="list.search"),
        Binding("enter", "settle", "to the list", show=False, id="list.settle"),
        Binding("J,ctrl+down", "scroll(1)", "scroll the details", show=False, key_display="J", id="list.scroll"),
        Binding("K,ctrl+up", "scroll(-1)", "scroll back", show=False, key_display="K", id="list.scroll_back"),
        Binding("y", "copy", "copy the details", show=False, id="list.copy"),
        Binding("ctrl+l,f5", "reload", "read again", show=False, id="list.reload"),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.first_text = text
        self.all: list[ListRow] = []
        self.found: list[ListRow] = []
        self.is_reading = True

    async def rows(self) -> list[ListRow]:
        """Return every row."""
        return []

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return the details of a row."""
        return []

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.table, self.words = Table(self.columns, id="list"), Words(id="details")
        scroll = VerticalScroll(self.words, id="scroll", can_focus=False)
        return (Horizontal(self.table, scroll, id="all"), LineEdit("/ search", id="search"))

    @property
    def line(self) -> LineEdit:
        """The line of the search."""
        return self.query_one("#search", LineEdit)

    async def on_mount(self) -> None:
        self.line.set_value(self.first_text)
        self.focus_now(self.table)
        self.table.empty_text = "reading …"
        self.refresh_notices()
        self.spawn(self.read())

    async def read(self) -> None:
        """Read the rows and show them."""
        self.all = await self.rows()
        self.is_reading = False
        if self.query("#search"):  # else it was left while its rows were being read
            self.show_found()

    def show_found(self) -> None:
        """Show the rows that fit the search."""
        words = self.line.value.lower().split()
        texts = [f"{' '.join(cell.text for cell in row.cells)} {row.text}".lower() for row in self.all]
        pairs = zip(self.all, texts, strict=True)
        self.found = [row for row, text in pairs if all(word in text for word in words)]
        self.table.empty_text = "reading …" if self.is_reading else "nothing fits" if words else self.empty_text
        self.table.show_rows(FixedRows([row.cells for row in self.found]))
        self.refresh_notices()
        self.when_shown(self.show_details)

    def refresh_notices(self) -> None:
        """Show again what the header tells."""
        n = f"{len(self.found):,} of {len(self.all):,}" if len(self.found) != len(self.all) else f"{len(self.all):,}"
        self.tell([Span("reading …" if self.is_reading else f"{n} {self.rows_word}", "muted")])
        self.show_keys([Key("/", "search"), Key("JK", "scroll details"), Key("y", "copy"), *self.own_keys()])

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        return []

    def on_table_moved(self, event: Table.Moved) -> None:
        self.show_details()

    def show_details(self) -> None:
        """Show everything about the row under the cursor."""
        row = self.current()
        width = max(20, self.words.size.width - 2)
        lines = list(self.details(row.about, width)) if row is not None else []
        self.words.styles.height = max(1, len(lines))
        self.words.show(lines)
        self.query_one("#scroll", VerticalScroll).scroll_home(animate=False)

    def current(self) -> ListRow | None:
        """Return the row under the cursor."""
        return self.found[self.table.cursor] if self.found else None

    async def line_changed(self, line: LineEdit) -> None:
        """Search while it is typed."""
        self.show_found()

    def action_search(self) -> None:
        self.focus_now(self.line)

    def action_settle(self) -> None:
        self.focus_now(self.table)

    async def action_back(self) -> None:
        if self.line.value or self.focused is self.line:
            self.line.set_value("")
            self.focus_now(self.table)
            self.show_found()
        else:
            await super().action_back()

    def action_scroll(self, step: int) -> None:
        scroll = self.query_one("#scroll", VerticalScroll)
        scroll.scroll_relative(y=step * max(1, scroll.size.height // 2), animate=False)

    def action_copy(self) -> None:
        self.review.copy("\n".join("".join(said.text for said in line).rstrip() for line in self.words.lines))

    async def action_reload(self) -> None:
        self.review.paint_anew()
        await self.read()
