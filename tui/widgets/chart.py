"""A picture on the screen: drawn once for each size, theme and cursor."""

from __future__ import annotations

from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.grid import Grid
from tui.drawing.picture import Picture
from tui.drawing.themes import palette_of


class Chart(Widget, can_focus=True):
    """Picture with a cursor over its points."""

    DEFAULT_CSS = """
    Chart { background: $surface; color: $foreground; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "step(-1, 0)", "point to the left", show=False, id="chart.left"),
        Binding("right,l", "step(1, 0)", "point to the right", show=False, id="chart.right"),
        Binding("up,k", "step(0, -1)", "point above", show=False, id="chart.up"),
        Binding("down,j", "step(0, 1)", "point below", show=False, id="chart.down"),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.picture: Picture | None = None
        self.cursor = 0
        self.empty_text = ""
        self._strips: list[Strip] = []
        self._drawn: tuple[object, ...] = ()

    def show(self, picture: Picture | None, *, empty_text: str = "") -> None:
        """Show another picture."""
        self.picture, self.empty_text = picture, empty_text
        self.cursor = picture.first_point if picture is not None else 0
        self._drawn = ()
        self.refresh()

    def action_step(self, right: int, down: int) -> None:
        if self.picture is not None:
            self.cursor = self.picture.moved(self.cursor, right, down)
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        if self.picture is not None and self.size.width:
            at = getattr(self.picture, "at", None)
            if at is not None:
                self.cursor = at(event.x, event.y, self.size.width, self.size.height, self.cursor)
                self.refresh()

    def render_line(self, y: int) -> Strip:
        key = (self.size, self.cursor, self.app.theme, self.app.no_color, id(self.picture), self.has_focus)
        if key != self._drawn:
            self._drawn = key
            self._draw()
        strip = self._strips[y] if y < len(self._strips) else Strip.blank(self.size.width)
        # The title tells who has the keys, so that the colours of the picture stay what they are.
        own = self.rich_style + Style(bgcolor=palette_of(self.app).focus) if y == 0 and self.has_focus else None
        return strip.apply_style(own or self.rich_style) if strip else strip

    def _draw(self) -> None:
        grid, palette = Grid(self.size.width, self.size.height), palette_of(self.app)
        if self.picture is None:
            grid.text(2, 1, self.empty_text, palette.muted)
        else:
            self.picture.draw(grid, palette, self.cursor)
            grid.flush()
        self._strips = grid.strips()
