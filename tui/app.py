"""The app: a visit with its screens, their keys and their colours."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.drawing.themes import THEMES
from tui.screens.table_of_screens import SCREENS, class_of_screen, new_screen
from tui.shell.visit_app import VisitApp
from tui.terminal.crash import crash_words, write_crash

_LOOK_EVERY_S = 2.0


class ReviewApp(VisitApp):
    """The screens of a lab.

    Parameters
    ----------
    folder : Path or None
        Folder of the lab; None means the one that the working folder or QC_LAB names.
    actor : str or None
        Who acts; None means whoever has signed in, else the operating-system user.
    theme_name : str
        ``dark``, ``light``, ``contrast`` or empty for the one of the last visit.
    ticket : str
        Ticket that opens a session in a tab of the browser; empty for none.
    by_cause : bool
        Whether causes lead the queue; else every item stands by itself.
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
        Binding("B", "web", "how to see it in a browser", show=False, id="app.web"),
        Binding("ctrl+t", "next_theme", "next theme", show=False, id="app.theme"),
        *(Binding(row.key, f"go('{name}')", row.title, show=False, id=f"app.{name}") for name, row in SCREENS.items()),
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
        by_cause: bool = True,
    ) -> None:
        super().__init__(folder, actor=actor, is_read_only=is_read_only, ticket=ticket)
        self.by_cause = by_cause
        self.first, self.first_text = first, text
        self._theme_name, self._own_keys = theme_name, keymap or {}
        self.crash_words = ""
        for theme in THEMES.values():
            self.register_theme(theme)
        self.theme = THEMES["dark" if theme_name not in THEMES else theme_name].name

    async def on_mount(self) -> None:
        if self._own_keys:
            self.set_keymap(self._own_keys)
        self.app_resume_signal.subscribe(self, lambda _: self.painted.forget())
        self.desk.start()
        self.spawn(self.open_visit())
        await self.push_screen(new_screen(self.first, self.first_text))
        self.set_interval(_LOOK_EVERY_S, self._look_soon)

    def _look_soon(self) -> None:
        self.spawn(self.look())

    def state_read(self) -> None:
        """Take the theme of the last visit, unless another one was asked for."""
        if not self._theme_name and self.state.theme in THEMES:
            self.theme = THEMES[self.state.theme].name

    async def action_go(self, name: str) -> None:
        for place, screen in enumerate(self.screen_stack):
            if type(screen).__name__ == class_of_screen(name):
                while len(self.screen_stack) > place + 1:
                    await self.pop_screen()
                return
        await self.go_to(new_screen(name))

    def action_keys(self) -> None:
        from tui.shell.commands import ask_keys

        self.flow(ask_keys(self))

    def action_palette(self) -> None:
        from tui.shell.commands import ask_command

        self.flow(ask_command(self))

    def action_web(self) -> None:
        command = f"qc review --web --lab {shlex.quote(str(self.desk.lab.paths.root))}"
        self.copy(command)
        self.say(f"'{command}' serves these screens to a browser on this machine, for reading")

    def action_next_theme(self) -> None:
        names = list(THEMES)
        now = next(name for name in names if THEMES[name].name == self.theme)
        self.state.theme = names[(names.index(now) + 1) % len(names)]
        self.theme = THEMES[self.state.theme].name
        self.save_state()

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print the values at hand, which may be of a patient.
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        lab = self.desk.open_lab
        file = write_crash(lab.paths.reports, error) if lab is not None else None
        self.bell()
        self.crash_words = crash_words(error) + (f"\nThe places stand in '{file}'." if file else "")
        self._close_messages_no_wait()
