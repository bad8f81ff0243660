"""The app: one desk, the screens on it, and what they share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tui.clipboard import copied
from tui.crash import crash_words, write_crash
from tui.desk import Desk
from tui.queue_model import QueueModel
from tui.screens.table_of_screens import HOMES, view_named
from tui.signing import Signing
from tui.state import ReaderState, now_text, write_state
from tui.theme import THEMES
from tui.widgets.words import Said

if TYPE_CHECKING:
    from tui.screens.base import View

_LOOK_EVERY_S = 2.0


class ReviewApp(Signing):
    """The screens of a lab.

    Parameters
    ----------
    folder : Path or None
        Folder of the lab.
    first : str
        Screen to begin with.
    text : str
        Filter to begin with.
    actor : str or None
        Who acts; None means whoever has signed in, else the operating-system user.
    is_read_only : bool
        Whether nothing may be decided here.
    theme_name : str
        ``dark``, ``light``, ``contrast`` or empty for the one of the last visit.
    keymap : mapping of str to str, optional
        Keys by the name of their binding.
    ticket : str
        Ticket that opens a session in a tab of the browser; empty for none.
    """

    ENABLE_COMMAND_PALETTE = False
    TITLE = "Assaygate"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared so by Textual
        (0, "-narrow"),
        (110, "-mid"),
        (150, "-wide"),
    ]
    CSS = """
    ReviewApp { background: $background; }
    Table, VerticalScroll { scrollbar-color: $foreground 55%; scrollbar-color-hover: $accent;
        scrollbar-color-active: $accent; scrollbar-background: $panel; scrollbar-background-hover: $panel;
        scrollbar-background-active: $panel; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True, id="app.quit"),
        Binding("ctrl+t", "next_theme", "next theme", show=False, id="app.theme"),
        *(Binding(home.key, f"go('{name}')", home.title, show=False, id=f"app.{name}") for name, home in HOMES.items()),
    ]

    def __init__(
        self,
        folder: Path | None,
        *,
        first: str = "morning",
        text: str = "",
        actor: str | None = None,
        is_read_only: bool = False,
        theme_name: str = "",
        keymap: dict[str, str] | None = None,
        ticket: str = "",
    ) -> None:
        super().__init__()
        self.desk = Desk(folder, actor)
        self.ticket = ticket
        self.first, self.first_text, self.is_read_only = first, text, is_read_only
        self.undo_stack: list[tuple[str, Any]] = []  # Any: marks by item, or names of items
        self.state = ReaderState()
        self._state_path: Path | None = None
        self._theme_name, self._own_keys = theme_name, keymap or {}
        self._model: QueueModel | None = None
        self.opened = asyncio.Event()
        self._facts_at = 0.0
        self.crash_words = ""
        self._lab_queues: list[tuple[str, str]] = []
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES["dark" if theme_name not in THEMES else theme_name].name

    async def on_mount(self) -> None:
        if self._own_keys:
            self.set_keymap(self._own_keys)
        self.app_resume_signal.subscribe(self, lambda _: self.painted.forget())
        self.desk.start()
        self.spawn(self._open())
        await self.push_screen(view_named(self.first, self.first_text))
        self.set_interval(_LOOK_EVERY_S, self._look_soon)

    async def _open(self) -> None:
        from tui.opening import open_desk

        await self.use_ticket()
        opened = await self.desk.act(lambda lab: open_desk(lab, self.desk))
        self._state_path, self.state, self._lab_queues = opened.state_path, opened.state, list(opened.queues)
        self.person = opened.reader
        if not self._theme_name and self.state.theme in THEMES:
            self.theme = THEMES[self.state.theme].name
        self._facts_at = _changed_at(self.desk.lab.paths.facts)
        self.opened.set()
        await self.look_who()
        self.tell_screen()

    async def person_changed(self) -> None:
        """Take what the person who looks now has kept; what somebody else did is not undone by one key."""
        from tui.opening import open_desk

        self._save()
        opened = await self.desk.act(lambda lab: open_desk(lab, self.desk))
        self._state_path, self.state = opened.state_path, opened.state
        self.undo_stack = [one for one in self.undo_stack if one[0] == "marks"]

    def queue_model(self, changed: Callable[[], None]) -> QueueModel:
        """Return the queue, which outlives the screen that shows it.

        Parameters
        ----------
        changed : callable
            Called when rows have come.

        Returns
        -------
        QueueModel
            The queue.
        """
        if self._model is None:
            self._model = QueueModel(self.desk, changed)
        self._model.changed = changed
        return self._model

    def queues(self) -> list[tuple[str, str]]:
        """Return the saved queues: those of the lab, then the reader's own.

        Returns
        -------
        list of tuple
            Title and filter, at most nine.
        """
        return [*self._lab_queues, *((title, text) for title, text in self.state.queues)][:9]

    def keep_queue(self, title: str, text: str) -> None:
        """Keep a filter as a tab of the reader's own.

        Parameters
        ----------
        title : str
            Title.
        text : str
            Filter.
        """
        self.state.queues = [*(one for one in self.state.queues if one[0] != title), [title, text]]
        self._save()

    def refusal_to_act(self) -> str:
        """Say why nothing may be decided here.

        Returns
        -------
        str
            A sentence; empty if one may.
        """
        if self.is_read_only:
            return "This screen is for reading only: it was opened with --read-only."
        return ""

    def notices(self) -> list[Said]:
        """Return what the header of every screen tells.

        Returns
        -------
        list of Said
            Words.
        """
        if self.is_read_only:
            return [Said("READ ONLY  ", "warn", is_bold=True)]
        return self.said_who()

    def copy(self, text: str) -> None:
        """Copy a text, and say where it went.

        Parameters
        ----------
        text : str
            The text.
        """
        self.copy_to_clipboard(text)
        self.say(copied(text))

    def _look_soon(self) -> None:
        self.spawn(self._look())

    async def _look(self) -> None:
        """Look for what others have done: a newer night, decisions of somebody else."""
        from tui.opening import newer_acts

        model = self._model
        if self._state_path is None:
            return
        facts_at = _changed_at(self.desk.lab.paths.facts)
        if facts_at != self._facts_at:
            self._facts_at = facts_at
            if model is not None:
                model.is_newer = True
            self.tell_screen()
        await self.look_who()
        if model is None or model.question is None:
            return
        after, own = model.known_seq, frozenset(model.own_seqs)
        acts = await self.desk.act(lambda lab: newer_acts(lab, after, own))
        for words, (items, seq) in acts.items():
            model.heard(items, words, seq)
            self.spawn(model.look_for_unread())
            if isinstance(self.screen, ModalScreen):
                continue
            self.say(f"{', '.join(items[:3])}{' …' if len(items) > 3 else ''}: {words}")

    def tell_screen(self) -> None:
        """Let the screen show again what its header tells."""
        refresh, ready = (getattr(self.screen, name, None) for name in ("refresh_notices", "ready"))
        # A screen that is on its way has no parts yet; it tells by itself when it is there.
        if refresh is not None and ready is not None and ready.is_set():
            refresh()

    async def action_go(self, name: str) -> None:
        for place, view in enumerate(self.screen_stack):
            if type(view).__name__ == HOMES[name].view:
                while len(self.screen_stack) > place + 1:
                    await self.pop_screen()
                return
        await self.go_to(view_named(name))

    async def go_to(self, view: View) -> None:
        """Show another screen above this one.

        Parameters
        ----------
        view : View
            The screen.
        """
        await self.push_screen(view)
        await view.ready.wait()

    async def leave_view(self) -> None:
        """Go back to the screen below, or end."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
            self.tell_screen()
        else:
            self.exit()

    def action_keys(self) -> None:
        from tui.palette import ask_keys

        self.flow(ask_keys(self))

    def action_palette(self) -> None:
        from tui.palette import ask_command

        self.flow(ask_command(self))

    def action_next_theme(self) -> None:
        names = list(THEMES)
        now = next(name for name in names if THEMES[name].name == self.theme)
        self.state.theme = names[(names.index(now) + 1) % len(names)]
        self.theme = THEMES[self.state.theme].name
        self._save()

    def _save(self) -> None:
        if self._state_path is not None:
            write_state(self._state_path, self.state)

    async def on_unmount(self) -> None:
        if self._state_path is not None:
            self.state.last_visit = now_text()
            self._save()
        await self.end_tab()
        self.desk.close()

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print the values at hand, which may be of a patient.
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        lab = self.desk.open_lab
        kept = write_crash(lab.paths.reports, error) if lab is not None else None
        self.bell()
        self.crash_words = crash_words(error) + (f"\nThe places stand in '{kept}'." if kept else "")
        self._close_messages_no_wait()


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
