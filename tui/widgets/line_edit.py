"""One line of text that is edited key by key, at once: a key that follows another always finds its effect."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget


class LineEdit(Widget, can_focus=True):
    """Line of text."""

    DEFAULT_CSS = """
    LineEdit { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    LineEdit:focus { background: $panel-lighten-1; }
    """

    def __init__(self, placeholder: str = "", *, is_secret: bool = False, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self.placeholder, self.is_secret = placeholder, is_secret
        self.value, self.at = "", 0

    def set_value(self, value: str) -> None:
        """Replace the text, with the cursor at its end."""
        self.value, self.at = value, len(value)
        self.refresh()

    def insert(self, text: str) -> None:
        """Put text at the cursor; a line has no line breaks."""
        line = " ".join(text.split("\n")).replace("\r", " ").replace("\t", " ")
        clean = "".join(letter for letter in line if letter.isprintable())
        self.value = self.value[: self.at] + clean + self.value[self.at :]
        self.at += len(clean)
        self.refresh()

    def take_key(self, event: events.Key) -> bool:
        """Edit the line."""
        edits = {
            "left": (self.value, self.at - 1),
            "right": (self.value, self.at + 1),
            "home": (self.value, 0),
            "ctrl+a": (self.value, 0),
            "end": (self.value, len(self.value)),
            "ctrl+e": (self.value, len(self.value)),
            "backspace": (self.value[: max(0, self.at - 1)] + self.value[self.at :], self.at - 1),
            "delete": (self.value[: self.at] + self.value[self.at + 1 :], self.at),
            "ctrl+u": (self.value[self.at :], 0),
            "ctrl+k": (self.value[: self.at], self.at),
            "ctrl+w": self._without_word(),
        }
        if event.key in edits:
            self.value, at = edits[event.key]
            self.at = max(0, min(at, len(self.value)))
            self.refresh()
            return True
        if event.is_printable and event.character:
            self.insert(event.character)
            return True
        return False

    def _without_word(self) -> tuple[str, int]:
        head = self.value[: self.at].rstrip()
        words_before = head[: head.rfind(" ") + 1]
        return words_before + self.value[self.at :], len(words_before)

    def render_line(self, y: int) -> Strip:
        style, width = self.rich_style, self.content_size.width
        if not self.value:
            return self._empty(width)
        shown = "•" * len(self.value) if self.is_secret else self.value
        start = max(0, self.at - width + 1)
        seen = shown[start : start + width].ljust(width)
        place = self.at - start
        if not self.has_focus:
            return Strip([Segment(seen, style)]).crop_extend(0, width, style)
        under = Segment(seen[place : place + 1] or " ", style + Style(reverse=True))
        parts = [Segment(seen[:place], style), under, Segment(seen[place + 1 :], style)]
        return Strip(parts).crop_extend(0, width, style)

    def _empty(self, width: int) -> Strip:
        """Say what belongs here, behind the cursor if it is here."""
        style = self.rich_style
        cursor = [Segment(" ", style + Style(reverse=True)), Segment(" ", style)] if self.has_focus else []
        return Strip([*cursor, Segment(self.placeholder, style + Style(dim=True))]).crop_extend(0, width, style)
