"""What every screen has in common: the header, the keys that count now, and the way to the other screens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.shell.ready_screen import ReadyScreen
from tui.widgets.bars import Header, Key, KeyBar
from tui.widgets.line_edit import LineEdit
from tui.widgets.words import Span

if TYPE_CHECKING:
    from tui.model.desk import Desk
    from tui.shell.visit_app import VisitApp

Answer = TypeVar("Answer")


class View(ReadyScreen):
    """One full screen."""

    title_text = ""
    """Words of the header."""
    manual = ""
    """What the screen is for, as ``?`` prints it."""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.keys", "the keys that count now", show=False, key_display="?", id="view.help"),
        Binding(
            "colon,ctrl+p",
            "app.palette",
            "all commands",
            show=False,
            priority=False,
            key_display=":",
            id="view.palette",
        ),
        Binding("q", "leave", "back, or quit", show=False, id="view.leave"),
        Binding("escape", "back", "back", show=False, id="view.back"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._own_tasks: set[asyncio.Task[Any]] = set()

    def spawn(self, work: Coroutine[Any, Any, Answer]) -> asyncio.Task[Answer]:
        """Do something beside the keys, for as long as this screen is there.

        Returns
        -------
        Task
            The task; cancelled when the screen is left.
        """
        task = self.review.spawn(work)
        self._own_tasks.add(task)
        task.add_done_callback(self._own_tasks.discard)
        return task

    def when_shown(self, act: Callable[[], object]) -> None:
        """Do something once the screen was painted; not at all where it was left before that."""
        self.call_after_refresh(lambda: act() if self.is_there else None)

    @property
    def is_there(self) -> bool:
        """Whether its parts are there: a screen that is being left loses them before it goes itself."""
        return self.is_attached and self.display and bool(self.query("#keys"))

    async def on_unmount(self) -> None:
        for task in list(self._own_tasks):
            task.cancel()

    @property
    def review(self) -> VisitApp:
        """The app."""
        return cast("VisitApp", self.app)

    @property
    def desk(self) -> Desk:
        """Whom to ask."""
        return self.review.desk

    def compose(self) -> ComposeResult:
        yield Header(id="header")
        yield from self.parts()
        yield KeyBar(id="keys")

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        return ()

    def tell(self, left: Sequence[Span], right: Sequence[Span] = ()) -> None:
        """Show words in the header."""
        if not self.is_there:
            return  # left while something was being read
        header = self.query_one(Header)
        title = Span(f"{self.title_text}  ", is_bold=True)
        header.tell([title, *left], [*self.review.notices(), *right])

    def show_keys(self, keys: Sequence[Key]) -> None:
        """Show the keys that count now.

        Parameters
        ----------
        keys : sequence of Key
            The most important first.
        """
        if not self.is_there:
            return
        self.query_one("#keys", KeyBar).show([*keys, Key("?", "keys"), Key(":", "commands"), Key("q", "leave")])

    def focus_now(self, widget: Widget) -> None:
        """Give the focus at once, so that the next key finds it."""
        self.set_focus(widget)

    async def line_changed(self, line: LineEdit) -> None:
        """Take note of an edited line; nothing by default."""

    async def action_leave(self) -> None:
        await self.review.leave_view()

    async def action_back(self) -> None:
        if len(self.app.screen_stack) > 2:
            await self.review.leave_view()
