"""The dialog of a signature: what is signed, what it means, and the password."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.dialogs.dialog import Dialog
from tui.widgets.bars import Key
from tui.widgets.line_edit import LineEdit
from tui.widgets.words import Line, Span, Words, wrapped

if TYPE_CHECKING:
    from tui.model.actor import Actor

_MEANINGS = {
    "review": "I have looked at it",
    "approval": "I approve it",
    "responsibility": "I answer for it",
    "authorship": "I have made it",
}


@dataclass(frozen=True, slots=True)
class Signing:
    """What was given."""

    meaning: str
    """``review``, ``approval``, ``responsibility`` or ``authorship``."""
    name: str
    """Name of the account; empty for whoever has signed in."""
    password: str = field(repr=False)
    """What was typed; empty if none was needed."""


class SignDialog(Dialog[Signing | None]):
    """Asks for the meaning of a signature; only ctrl+s signs.

    Parameters
    ----------
    before : Signing or None
        What was given at the try before; its password is asked for again.
    fault : str
        What was wrong with the try before; empty for the first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,tab", "go_on", "next line", show=False, priority=True, id="sign.next"),
        Binding("ctrl+s", "sign", "sign", show=False, priority=True, id="sign.sign"),
    ]
    keys = (Key("ctrl+s", "sign"), Key("tab", "next line"), Key("esc", "leave"))

    def __init__(self, about: str, who: Actor, *, before: Signing | None = None, fault: str = "") -> None:
        super().__init__()
        self.about, self.who, self.before, self.fault = about, who, before, fault

    def parts(self) -> list[Widget]:
        """Return what stands in the box."""
        parts: list[Widget] = [Words(id="about"), LineEdit("a letter or two of the meaning", id="meaning")]
        if not self.who.name:
            parts.append(LineEdit("name of your account", id="name"))
        if not self.who.is_proved:
            parts.append(LineEdit("password", is_secret=True, id="password"))
        return [*parts, Words(id="fault")]

    def begin(self) -> None:
        """Say what is signed."""
        if self.before is not None:
            self.line("meaning").set_value(self.before.meaning)
        if self.before is not None and not self.who.name:
            self.line("name").set_value(self.before.name)
        self._say("about", self._about())
        self._say("fault", list(wrapped(self.fault, 70, "bad")) if self.fault else [])
        self.focus_now(list(self.query(LineEdit))[-1] if self.fault else self.line("meaning"))

    def _about(self) -> list[Line]:
        own = self.line("meaning").value.strip().lower()
        lines: list[Line] = [[Span("SIGN  ", "note", is_bold=True), Span(self.about, is_bold=True)]]
        lines.append([Span(f"as {self.who.name}" if self.who.name else "as an account of this lab", "muted")])
        for meaning, words in _MEANINGS.items():
            is_meant = bool(own) and meaning.startswith(own)
            mark = "▸" if is_meant else " "
            lines.append(
                [Span(f"{mark} {meaning:<15}", "note" if is_meant else "", is_bold=is_meant), Span(words, "muted")]
            )
        return lines

    async def line_changed(self, line: LineEdit) -> None:
        """Show which meaning is meant."""
        if line.id == "meaning":
            self._say("about", self._about())

    def action_go_on(self) -> None:
        lines = list(self.query(LineEdit))
        at = lines.index(self.focused) if self.focused in lines else -1
        self.focus_now(lines[(at + 1) % len(lines)])

    def action_sign(self) -> None:
        own = self.line("meaning").value.strip().lower()
        meant = [meaning for meaning in _MEANINGS if own and meaning.startswith(own)]
        name = self.line("name").value.strip() if not self.who.name else ""
        password = self.line("password").value if not self.who.is_proved else ""
        if len(meant) != 1:
            fault = "Type what the signature means: review, approval, responsibility or authorship."
        elif not self.who.is_proved and not password:
            fault = "A password is needed: a signature says who signed."
        else:
            self.give(Signing(meant[0], name, password))
            return
        self._say("fault", list(wrapped(fault, 70, "bad")))

    def _say(self, name: str, lines: list[Line]) -> None:
        words = self.query_one(f"#{name}", Words)
        words.styles.height = len(lines)
        words.show(lines)
