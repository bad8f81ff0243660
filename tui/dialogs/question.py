"""The dialog that asks for one line."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.dialogs.dialog import Dialog
from tui.widgets.bars import Key
from tui.widgets.line_edit import LineEdit
from tui.widgets.words import Span, Words, wrapped


class QuestionDialog(Dialog[str | None]):
    """Asks for one line of text."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "done", "done", show=False, id="ask.done"),
        Binding("ctrl+s", "done", "done", show=False, priority=True, id="ask.record"),
    ]
    keys = (Key("enter", "done"), Key("esc", "leave"))

    def __init__(self, question: str, placeholder: str) -> None:
        super().__init__()
        self.question, self.placeholder = question, placeholder

    def parts(self) -> list[Widget]:
        """Return what stands in the box."""
        return [Words(id="question"), LineEdit(self.placeholder, id="answer")]

    def begin(self) -> None:
        """Ask."""
        words = self.query_one(Words)
        width = min(76, int(self.app.size.width * 0.96)) - 6
        lines = [[Span(said.text, is_bold=True) for said in line] for line in wrapped(self.question, width)]
        words.styles.height = len(lines)
        words.show(lines)
        self.focus_now(self.line("answer"))

    def action_done(self) -> None:
        self.give(self.line("answer").value.strip())
