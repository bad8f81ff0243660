"""Lines of words that are drawn again without laying the whole screen out anew."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.themes import palette_of


@dataclass(frozen=True, slots=True)
class Span:
    """Some words of a line."""

    text: str
    """The words."""
    tone: str = ""
    """``bad``, ``warn``, ``good``, ``note``, ``muted`` or empty."""
    is_bold: bool = False
    """Whether they are bold."""


Line = Sequence[Span]


def wrapped(text: str, width: int, tone: str = "", *, indent: int = 0) -> list[list[Span]]:
    """Break a sentence into lines.

    Returns
    -------
    list of list of Span
        Lines; a number is never broken.
    """
    room = max(12, width - indent)
    lines = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False) or [""]
    return [[Span(" " * indent + line, tone)] for line in lines]


class Words(Widget):
    """Lines of words."""

    DEFAULT_CSS = "Words { background: $surface; color: $foreground; padding: 0 1; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.lines: list[Line] = []
        self._tones: dict[str, Style] = {}
        self._tones_of: tuple[str, bool] = ("", False)

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines.

        Parameters
        ----------
        lines : sequence of Line
            Lines; what is too long for the widget is announced, not cut silently.
        """
        self.lines = list(lines)
        self.refresh()

    def _style(self, said: Span) -> Style:
        key = (self.app.theme, self.app.no_color)
        if self._tones_of != key:
            palette, self._tones_of = palette_of(self.app), key
            names = ("bad", "warn", "good", "note", "muted")
            self._tones = {name: Style(color=getattr(palette, name)) for name in names} | {"": Style()}
        return self.rich_style + self._tones[said.tone] + Style(bold=said.is_bold or None)

    def render_line(self, y: int) -> Strip:
        height, width = self.content_size.height, self.content_size.width
        n_hidden = len(self.lines) - height
        line: Line = self.lines[y] if y < len(self.lines) else ()
        if n_hidden > 0 and y == height - 1:
            line = (Span(f"… {n_hidden + 1} more lines: enter", "muted"),)
        segments = [Segment(said.text, self._style(said)) for said in line]
        if sum(cell_len(segment.text) for segment in segments) > width and segments:
            strip = Strip(segments).crop(0, max(0, width - 1))
            return Strip([*strip, Segment("…", segments[-1].style)]).crop_extend(0, width, self.rich_style)
        return Strip(segments).crop_extend(0, width, self.rich_style)
