"""The dialog that asks who is there: name and password, and nothing of either stays on the screen or in a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual._time import get_time
from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.dialogs.dialog import Dialog
from tui.widgets.bars import Key
from tui.widgets.line_edit import LineEdit
from tui.widgets.words import Line, Span, Words, wrapped

_WIDTH = 70


@dataclass(frozen=True, slots=True)
class Credentials:
    """What was typed."""

    name: str
    """Name of the account."""
    password: str = field(repr=False)
    """Password; never printed with the rest."""


class SignInDialog(Dialog[Credentials | None]):
    """Asks for name and password; Enter on the password signs in.

    Parameters
    ----------
    name : str
        Name that is filled in; empty for none.
    why : str
        Why one must sign in.
    fault : str
        What was wrong with the try before; empty for the first.
    is_sudden : bool
        Whether it came in the middle of something else: what was typed before it was there is not for it then.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "next line, or sign in", show=False, id="sign_in.next"),
        Binding("tab,down", "other_line", "other line", show=False, priority=True, id="sign_in.tab"),
        Binding("shift+tab,up", "other_line", "other line", show=False, priority=True, id="sign_in.back"),
    ]
    keys = (Key("enter", "sign in"), Key("tab", "other line"), Key("esc", "leave"))

    def __init__(self, name: str, why: str, fault: str = "", *, is_sudden: bool = True) -> None:
        super().__init__()
        self.first_name, self.why, self.fault, self.is_sudden = name, why, fault, is_sudden
        self.deaf_before = 0.0

    def parts(self) -> list[Widget]:
        """Return what stands in the box."""
        name = LineEdit("name of your account", id="name")
        return [Words(id="about"), name, LineEdit("password", is_secret=True, id="password"), Words(id="fault")]

    def begin(self) -> None:
        """Say why one must sign in."""
        self._say("about", [[Span("SIGN IN", "note", is_bold=True)], *wrapped(self.why, _WIDTH, "muted")])
        self._refuse(self.fault)
        self.line("name").set_value(self.first_name)
        self.focus_now(self.line("password" if self.first_name else "name"))
        if self.is_sudden:
            # Keys that were meant for the screen below must not become a wrong password.
            self.deaf_before = get_time()

    def action_other_line(self) -> None:
        self.focus_now(self.line("name" if self.focused is self.line("password") else "password"))

    def action_go_on(self) -> None:
        name, password = self.line("name").value.strip(), self.line("password").value
        if not name:
            self.focus_now(self.line("name"))
            self._refuse("The name of an account is needed.")
        elif self.focused is self.line("name"):
            self.focus_now(self.line("password"))
        elif not password:
            self._refuse("A password is needed.")
        else:
            self.line("password").set_value("")
            self.give(Credentials(name, password))

    def _refuse(self, fault: str) -> None:
        self._say("fault", list(wrapped(fault, _WIDTH, "bad")) if fault else [])

    def _say(self, name: str, lines: list[Line]) -> None:
        words = self.query_one(f"#{name}", Words)
        words.styles.height = len(lines)
        words.show(lines)
