"""The lines at the edges of a screen: what it is, the tabs, and the keys that count now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.drawing.themes import palette_of
from tui.widgets.words import Span, Words


@dataclass(frozen=True, slots=True)
class Key:
    """A key with what it does now."""

    key: str
    """As it is printed on a keyboard."""
    word: str
    """What it does."""
    is_off: bool = False
    """Whether it does nothing now."""


_ROOMY = 100
"""Columns from which two spaces part the keys; one below."""


class KeyBar(Widget):
    """Keys that count now, as many as there is room for."""

    DEFAULT_CSS = "KeyBar { height: 1; background: $panel; color: $foreground; dock: bottom; }"

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.keys: list[Key] = []

    def show(self, keys: Sequence[Key]) -> None:
        """Show other keys.

        Parameters
        ----------
        keys : sequence of Key
            The most important first.
        """
        if list(keys) != self.keys:
            self.keys = list(keys)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        base, palette = self.rich_style, palette_of(self.app)
        strong = base + Style(color=palette.warn, bold=True)
        muted = base + Style(color=palette.muted)
        segments = [Segment(" ", base)]
        for key in self._fitting():
            segments += [
                Segment(key.key, muted if key.is_off else strong),
                Segment(f" {key.word}{self._gap}", muted if key.is_off else base),
            ]
        return Strip(segments).crop_extend(0, self.size.width, base)

    def _fitting(self) -> list[Key]:
        # The key that lists all the others is shown on every width.
        keys = sorted(self.keys, key=lambda key: key.key != "?") if not self._fit(self.keys) else self.keys
        shown = list(keys)
        while shown and not self._fit(shown):
            shown.pop()
        return [key for key in self.keys if key in shown]

    def _fit(self, keys: Sequence[Key]) -> bool:
        gap = 1 + len(self._gap)
        return sum(cell_len(key.key) + cell_len(key.word) + gap for key in keys) <= self.size.width

    @property
    def _gap(self) -> str:
        return "  " if self.size.width >= _ROOMY else " "


class Header(Words):
    """First line of a screen."""

    DEFAULT_CSS = "Header { height: 1; background: $panel; color: $foreground; dock: top; padding: 0 1; }"

    def tell(self, left: Sequence[Span], right: Sequence[Span] = ()) -> None:
        """Show words at both ends.

        Parameters
        ----------
        right : sequence of Span
            Words at the right, the most important first; the last ones are left out where there is no room.
        """
        width, fitting = self.content_size.width, list(right)
        while fitting and sum(cell_len(said.text) for said in (*left, *fitting)) >= width:
            fitting.pop()
        room = width - sum(cell_len(said.text) for said in (*left, *fitting))
        self.show([[*left, Span(" " * room), *fitting] if fitting else list(left)])


class Tabs(Widget):
    """Tabs, of which one is shown below.

    Parameters
    ----------
    is_numbered : bool
        Whether a digit leads to each; digits stand on one bar of a screen alone.
    """

    DEFAULT_CSS = "Tabs { height: 1; background: $surface; color: $foreground; }"

    class Picked(Message):
        """A tab was clicked.

        Parameters
        ----------
        at : int
            Place of the tab, from 0.
        """

        def __init__(self, tabs: Tabs, at: int) -> None:
            super().__init__()
            self.tabs, self.at = tabs, at

    def __init__(self, *, id: str, is_numbered: bool = True) -> None:  # noqa: A002
        super().__init__(id=id)
        self.is_numbered = is_numbered
        self.titles: list[str] = []
        self.active = -1
        self._places: list[tuple[int, int]] = []

    def show(self, titles: Sequence[str], active: int) -> None:
        """Show other tabs.

        Parameters
        ----------
        active : int
            The one that is shown below; -1 for none of them.
        """
        self.titles, self.active = list(titles), active
        self.refresh()

    def render_line(self, y: int) -> Strip:
        base, palette = self.rich_style, palette_of(self.app)
        segments, x = [Segment(" ", base)], 1
        self._places = []
        for at, title in enumerate(self.titles):
            is_active = at == self.active
            text = f" {at + 1 if self.is_numbered else '▸' if is_active else ' '} {title} "
            if x + len(text) > self.size.width:
                break
            style = base + (Style(reverse=True, bold=True) if is_active else Style(color=palette.muted))
            segments += [Segment(text, style), Segment(" ", base)]
            self._places.append((x, x + len(text)))
            x += len(text) + 1
        return Strip(segments).crop_extend(0, self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        for at, (start, end) in enumerate(self._places):
            if start <= event.x < end:
                self.post_message(self.Picked(self, at))
