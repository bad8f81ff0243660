"""What every dialog has in common: a box in the middle, lines to fill in, and a way out that does nothing."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Generic, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget

from tui.widgets.bars import Key, KeyBar
from tui.widgets.line_edit import LineEdit

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """Box in the middle of the screen; escape leaves it without an answer."""

    DEFAULT_CSS = """
    Dialog { align: center middle; background: $background 60%; }
    Dialog #box { width: 76; max-width: 96%; height: auto; max-height: 92%; border: round $accent; background: $surface;
        padding: 0 1; }
    Dialog #box Words { height: auto; padding: 0; }
    Dialog LineEdit { margin: 0 0 0 0; }
    Dialog #dialog_keys { dock: none; background: $surface; margin: 1 0 0 0; width: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave without doing anything", show=False, id="dialog.leave"),
    ]
    keys: tuple[Key, ...] = (Key("esc", "leave"),)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield from self.parts()
            yield KeyBar(id="dialog_keys")

    def parts(self) -> list[Widget]:
        """Return what stands in the box."""
        return []

    def __init__(self) -> None:
        super().__init__()
        self.answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.ready = asyncio.Event()

    async def on_mount(self) -> None:
        self.query_one("#dialog_keys", KeyBar).show(self.keys)
        self.begin()
        self.ready.set()

    def give(self, answer: Answer | None) -> None:
        """Leave with an answer; the screen below has the very next key."""
        if not self.answered.done():
            self.answered.set_result(answer)  # type: ignore[arg-type]  # a dialog that is left answers None
            self.app.pop_screen()

    def begin(self) -> None:
        """Fill in what is known when the dialog is shown."""

    def action_leave(self) -> None:
        self.give(None)

    def focus_now(self, widget: Widget) -> None:
        """Give the focus at once, so that the next key finds it."""
        self.set_focus(widget)

    def line(self, name: str) -> LineEdit:
        """Return a line to fill in."""
        return self.query_one(f"#{name}", LineEdit)
