"""A table of any length: only the rows on the screen are ever asked for or drawn."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.drawing.themes import palette_of
from tui.widgets.columns import Column, fitting, written
from tui.widgets.rows import NoRows, Rows


class Table(ScrollView, can_focus=True):
    """Table with a cursor.

    Parameters
    ----------
    columns : sequence of Column
        Its columns; those that do not fit are left out by their rank.
    """

    DEFAULT_CSS = """
    Table { background: $surface; color: $foreground; scrollbar-size-vertical: 1; overflow-x: hidden; }
    Table > .table--header { background: $panel; color: $foreground 85%; text-style: bold; }
    Table > .table--cursor { background: $primary; color: #ffffff; text-style: bold; }
    Table > .table--blurred { background: $primary 16%; color: $foreground; }
    Table > .table--zebra { background: $panel 30%; }
    Table > .table--waiting { color: $foreground-disabled; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--header",
        "table--cursor",
        "table--blurred",
        "table--zebra",
        "table--waiting",
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", "down", show=False, id="table.down"),
        Binding("up,k", "move(-1)", "up", show=False, id="table.up"),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False, id="table.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False, id="table.page_up"),
        Binding("ctrl+d", "half(1)", "half a page down", show=False, id="table.half_down"),
        Binding("ctrl+u", "half(-1)", "half a page up", show=False, id="table.half_up"),
        Binding("home,g", "jump(0)", "first row", show=False, id="table.first"),
        Binding("end,G", "jump(-1)", "last row", show=False, id="table.last"),
    ]

    class Moved(Message):
        """The cursor stands on another row, or the row has changed."""

        def __init__(self, table: Table) -> None:
            super().__init__()
            self.table = table

        @property
        def control(self) -> Table:
            """The table."""
            return self.table

    class Chosen(Message):
        """A row was clicked twice."""

        def __init__(self, table: Table) -> None:
            super().__init__()
            self.table = table

    def __init__(self, columns: Sequence[Column], *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.columns = list(columns)
        self.rows: Rows = NoRows()
        self.cursor = 0
        self.empty_text = ""
        self._layout_key: tuple[object, ...] = ()
        self._chosen: list[tuple[int, int]] = []
        self._styles: dict[str, Style] = {}
        self._tones: dict[str, Style] = {}

    def show_rows(self, rows: Rows, *, cursor: int = 0) -> None:
        """Show other rows."""
        self.rows = rows
        self.virtual_size = Size(self.size.width, rows.n_rows + 1)
        self.cursor = max(0, min(cursor, rows.n_rows - 1))
        self._into_view()
        self.refresh()
        self.post_message(self.Moved(self))

    def move_to(self, index: int) -> None:
        """Put the cursor on a row, as far as there is one."""
        before, self.cursor = self.cursor, max(0, min(index, self.rows.n_rows - 1))
        if before == self.cursor:
            return
        if not self._into_view():
            for row in (before, self.cursor):
                self.refresh_row(row)
        self.post_message(self.Moved(self))

    def refresh_row(self, index: int) -> None:
        """Draw one row again."""
        self.refresh(Region(0, index - self.scroll_offset.y + 1, self.size.width, 1))

    def _into_view(self) -> bool:
        height, top = max(1, self.size.height - 1), self.scroll_offset.y
        if self.cursor < top:
            top = self.cursor
        elif self.cursor >= top + height:
            top = self.cursor - height + 1
        else:
            return False
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
        return True

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(event.size.width, self.rows.n_rows + 1)
        self._into_view()

    def on_click(self, event: events.Click) -> None:
        if event.y > 0:
            self.move_to(self.scroll_offset.y + event.y - 1)
            if event.chain == 2:
                self.post_message(self.Chosen(self))

    def action_move(self, step: int) -> None:
        self.move_to(self.cursor + step)

    def action_page(self, pages: int) -> None:
        self.move_to(self.cursor + pages * max(1, self.size.height - 2))

    def action_half(self, pages: int) -> None:
        self.move_to(self.cursor + pages * max(1, (self.size.height - 1) // 2))

    def action_jump(self, to: int) -> None:
        self.move_to(0 if to == 0 else self.rows.n_rows - 1)

    def _prepare(self) -> None:
        # A component style costs about a millisecond: all are looked up once for each theme, focus and size.
        key = (self.app.theme, self.has_focus, self.size.width, self.app.no_color, len(self.columns))
        if key == self._layout_key:
            return
        self._layout_key = key
        self._chosen = fitting(self.columns, self.size.width - 2)
        names = {name.removeprefix("table--"): name for name in self.COMPONENT_CLASSES}
        self._styles = {short: self.get_component_rich_style(name) for short, name in names.items()}
        self._styles["base"] = self.rich_style
        palette = palette_of(self.app)
        tones = {"bad": palette.bad, "warn": palette.warn, "good": palette.good, "note": palette.note}
        self._tones = {tone: Style(color=colour) for tone, colour in tones.items()}
        self._tones |= {"muted": Style(color=palette.muted), "strong": Style(bold=True), "": Style()}

    def render_line(self, y: int) -> Strip:
        self._prepare()
        width = self.size.width
        if y == 0:
            return self._header(width)
        index = self.scroll_offset.y + y - 1
        if index >= self.rows.n_rows:
            lines = wrap(self.empty_text, max(12, width - 4)) if not self.rows.n_rows else []
            text = lines[y - 1] if y <= len(lines) else ""
            style = self._styles["base"] + self._tones["muted"]
            return Strip([Segment(f"  {text}", style)]).crop_extend(0, width, style)
        return self._row(index, width)

    def _header(self, width: int) -> Strip:
        style = self._styles["header"]
        words = (
            written(self.columns[at].title, size, is_number=self.columns[at].is_number) for at, size in self._chosen
        )
        return Strip([Segment("  " + " ".join(words), style)]).crop_extend(0, width, style)

    def _row(self, index: int, width: int) -> Strip:
        cells = self.rows.cells(index)
        is_cursor = index == self.cursor
        ground = self._styles["zebra" if index % 2 else "base"]
        if is_cursor:
            ground = self._styles["cursor" if self.has_focus else "blurred"]
        if cells is None:
            return Strip([Segment("  …", ground + self._tones["muted"])]).crop_extend(0, width, ground)
        mark = self.rows.is_marked(index)
        lead = ("◆" if mark else " ") + ("▸" if is_cursor else " ")
        segments = [Segment(lead, ground + self._tones["note"] if mark else ground)]
        used = len(lead)
        for at, size in self._chosen:
            cell, column = cells[at], self.columns[at]
            # On the cursor's own ground the colours of the tones cannot be read; shapes and words say it there.
            style = ground if is_cursor and self.has_focus else ground + self._tones[cell.tone]
            if cell.fills:
                segments.append(Segment(written(cell.text, max(0, width - used - 1), is_number=False), style))
                break
            used += size + 1
            segments.append(
                Segment(written(cell.text, size, is_number=column.is_number, keeps_end=column.keeps_end) + " ", style)
            )
        return Strip(segments).crop_extend(0, width, ground)
