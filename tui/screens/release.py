"""The checklist of a release, and its sign-off."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from tui.shell.view import View
from tui.widgets.bars import Key
from tui.widgets.words import Line, Span, Words, wrapped

if TYPE_CHECKING:
    from qc.triage.release_checklist import Checklist

_TITLE = 43  # columns of a point before its words


class ReleaseView(View):
    """Screen of the checklist.

    Parameters
    ----------
    text : str
        Study; empty means the default one.
    """

    title_text = "release"
    manual = "Whether a study may be frozen, what holds it, and who has signed what was frozen."
    CSS = (
        "ReleaseView #scroll { height: 1fr; background: $surface; } ReleaseView #words { height: auto; padding: 1 2; }"
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R", "release", "freeze the approved results", show=False, id="release.release"),
        Binding("S", "sign", "sign the newest release", show=False, id="release.sign"),
        Binding("P", "sign_plan", "sign the locked plan", show=False, id="release.sign_plan"),
        Binding("ctrl+l,f5", "reload", "read again", show=False, id="release.reload"),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.study = text
        self.checklist: Checklist | None = None

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.words = Words(id="words")
        return (VerticalScroll(self.words, id="scroll"),)

    async def on_mount(self) -> None:
        self.refresh_notices()
        self.words.show([[Span("going through the checklist …", "muted")]])
        self.spawn(self._read())

    async def _read(self) -> None:
        from qc.triage.release_checklist import checklist

        self.checklist = await self.desk.act(lambda lab: checklist(lab, self.study))
        self.study = self.checklist.study
        lines = self._lines(self.checklist)
        self.words.styles.height = len(lines) + 2
        self.words.show(lines)
        self.refresh_notices()

    def refresh_notices(self) -> None:
        """Show again what the header tells."""
        checklist = self.checklist
        words = (
            "…" if checklist is None else f"{checklist.study}  the gate is {'OPEN' if checklist.is_open else 'CLOSED'}"
        )
        self.tell([Span(words, "good" if checklist and checklist.is_open else "warn", is_bold=True)])
        off = bool(self.review.refusal_to_act()) or checklist is None
        is_closed = checklist is not None and not checklist.is_open
        no_release = checklist is not None and not checklist.releases
        self.show_keys(
            [
                Key("R", "release", off or is_closed),
                Key("S", "sign release", off or no_release),
                Key("P", "sign plan", off),
            ]
        )

    def _lines(self, checklist: Checklist) -> list[Line]:
        width = max(40, self.size.width - 8)
        lines: list[Line] = [[Span(f"Checklist of study {checklist.study}", is_bold=True)], []]
        for point in checklist.points:
            sign, tone = ("✓", "good") if point.holds else ("✗", "bad") if point.is_needed else ("!", "warn")
            head: Line = [Span(f" {sign} ", tone, is_bold=True), Span(f"{point.title:<40}")]
            if _TITLE + len(point.words) <= width:
                lines.append([*head, Span(point.words, tone)])
            else:
                lines += [head, *wrapped(point.words, width, tone, indent=5)]
            if point.hint:
                lines.append([Span(f"     {point.hint}", "muted")])
        verdict = "The gate is open: R freezes the approved results." if checklist.is_open else "The gate is closed."
        lines += [[], [Span(verdict, "good" if checklist.is_open else "bad", is_bold=True)], []]
        lines.append([Span("Releases", is_bold=True)])
        if not checklist.releases:
            lines.append([Span("   none yet", "muted")])
        for name, signed in checklist.releases:
            lines.append(
                [Span(f"   {name}  "), Span("signed" if signed else "not signed", "good" if signed else "warn")]
            )
            for words in signed:
                lines += wrapped(words, width, "muted", indent=6)
        return lines

    def action_release(self) -> None:
        self.review.flow(self._release())

    async def _release(self) -> None:
        from qc.triage.release_checklist import make_release
        from tui.dialogs.question import QuestionDialog

        refusal = self.review.refusal_to_act()
        if refusal or self.checklist is None or not self.checklist.is_open:
            self.review.say(refusal or "the gate is closed: the checklist says why", tone="warning")
            return
        if not await self.review.is_known():
            return
        typed = await self.review.answer(QuestionDialog(f"Type the study to freeze it: {self.study}", self.study))
        if typed != self.study:
            self.review.say("nothing was released: the study was not typed")
            return
        # Who acts is asked for here: the release itself is made by a program beside this one.
        made = await self.review.recorded(lambda lab, actor: make_release(lab, self.study, lab.person(actor).name))
        if made is None:
            return
        self.review.say(f"released: {made.get('release', '')}")
        await self._read()

    def action_sign(self) -> None:
        if self.checklist is None or not self.checklist.releases:
            self.review.say("there is no release to sign", tone="warning")
            return
        self.review.flow(self._sign(self.checklist.releases[0][0]))

    def action_sign_plan(self) -> None:
        self.review.flow(self._sign(f"plan:{self.study}"))

    async def _sign(self, about: str) -> None:
        await self.review.sign(about)
        await self._read()

    async def action_reload(self) -> None:
        self.review.paint_anew()
        await self._read()
