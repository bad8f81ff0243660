"""The dialog before a decision: what it is about, what it costs, and the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from tui.dialogs.dialog import Dialog
from tui.widgets.bars import Key
from tui.widgets.line_edit import LineEdit
from tui.widgets.words import Line, Span, Words, wrapped

if TYPE_CHECKING:
    from qc.lab.reasons import Reason
    from qc.triage.decision_preview import DecisionPreview

_MOST_REASONS = 9
_WIDTH = 70
_TALL = 30  # rows from where all exceptions are listed
_SHARE = 0.92  # of the screen's rows that a dialog may take
_OTHER_LINES = 11  # of the dialog, besides what it is about, the number of items and the reasons


@dataclass(frozen=True, slots=True)
class Given:
    """What was said in the dialog."""

    reason: str
    """Code of the reason; empty for none."""
    note: str
    """Free text."""


class DecisionDialog(Dialog[Given | None]):
    """Asks for number, reason and note; Enter goes on, and records all but a rejection.

    Parameters
    ----------
    recent : sequence of sequence of str
        Reasons with their notes, newest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "next line", show=False, id="decision.next"),
        Binding("tab", "go_on", "next line", show=False, priority=True, id="decision.tab"),
        Binding("shift+tab", "go_back", "line before", show=False, priority=True, id="decision.back"),
        Binding("ctrl+s", "record", "record", show=False, priority=True, id="decision.record"),
        Binding("ctrl+r", "recent", "recent reason", show=False, priority=True, id="decision.recent"),
        Binding("down", "pick(1)", "next reason", show=False, id="decision.down"),
        Binding("up", "pick(-1)", "reason before", show=False, id="decision.up"),
    ]

    def __init__(self, preview: DecisionPreview, recent: Sequence[Sequence[str]]) -> None:
        super().__init__()
        self.preview = preview
        codes = {reason.code for reason in preview.reasons}
        self.recent = [list(one) for one in recent if one[0] in codes or (not one[0] and not preview.needs_reason)]
        self._reasons = self._in_order()
        self._recent_at = -1
        self._picked = -1
        self.cost: list[str] | None = None
        self._cost_tone = "warn"
        ending = Key("ctrl+s", "record the rejection" if preview.act.value == "reject" else "record")
        self.keys = (ending, Key("tab", "next line"), Key("ctrl+r", "recent"), Key("esc", "leave"))

    def parts(self) -> list[Widget]:
        """Return what stands in the box."""
        parts: list[Widget] = [Words(id="about")]
        if self.preview.needs_count:
            parts += [Words(id="count_word"), LineEdit("the number of items", id="count")]
        if self.preview.needs_reason:
            parts += [Words(id="reason_word"), LineEdit("type a part of it", id="reason"), Words(id="reasons")]
        return [*parts, Words(id="note_word"), LineEdit(id="note"), Words(id="fault")]

    def begin(self) -> None:
        """Say what it is about, and begin at the first line."""
        preview = self.preview
        self._say("about", self._about())
        if preview.needs_count:
            self._say(
                "count_word", [[Span(f"Type the number of items to go on ({preview.summary.n_items:,}):", "muted")]]
            )
        if preview.needs_reason:
            self._say("reason_word", [[Span("Reason", "muted")]])
            self._show_reasons()
        needed = "" if preview.needs_note else ", may stay empty"
        self._say("note_word", [[Span(f"Note{needed}", "muted")]])
        self._say("fault", [])
        self.focus_now(self._lines()[0])

    def show_cost(self, sentences: Sequence[str], tone: str) -> None:
        """Say what it costs to set results aside, once it is counted."""
        self.cost, self._cost_tone = list(sentences), tone
        if not self.query("#about"):
            return  # its parts are not there yet, and `begin` says it; or no longer, for it was answered
        self._say("about", self._about())
        if self.preview.needs_reason:
            self._show_reasons()

    def _about(self) -> list[Line]:
        preview, summary, n = self.preview, self.preview.summary, self.preview.summary.n_items
        tone = "bad" if preview.act.value == "reject" else "note" if preview.act.value == "repeat" else "good"
        what = summary.name if n == 1 else f"{n:,} items" + (f": {summary.name}" if summary.name else "")
        lines: list[Line] = [[Span(f"{preview.act.value.upper()}  ", tone, is_bold=True), Span(what, is_bold=True)]]
        if n > 1:
            lines.append(
                [Span(f"{summary.span()}; gravest: ", "muted"), Span(summary.worst.value.replace("_", " "), "warn")]
            )
            lines += [
                [Span(f"  ! {words}", "warn")]
                for words in summary.unusual()[: 5 if self.app.size.height > _TALL else 2]
            ]
        else:
            lines.append([Span(", ".join(summary.n_by_rule), "warn")])
        if preview.exceptions:
            lines += wrapped(f"left out on purpose: {', '.join(preview.exceptions[:8])}", _WIDTH, "note")
        if preview.sets_aside:
            lines += self._cost_lines()
        return lines

    def _cost_lines(self) -> list[Line]:
        if self.cost is None:
            return [[Span("pairs that would be lost: … being counted", "muted")]]
        n_sentences = 4 if self.app.size.height > _TALL else 1 if self.preview.needs_count else 2
        lines: list[Line] = [
            line for sentence in self.cost[:n_sentences] for line in wrapped(sentence, _WIDTH, self._cost_tone)
        ]
        more = len(self.cost) - n_sentences
        if more > 0:
            lines.append([Span(f"and {more} more: 'qc cost' tells them all", self._cost_tone)])
        return lines

    def _in_order(self) -> list[Reason]:
        # What answers the finding comes first, then what this lab has said of late.
        codes, rules = [one[0] for one in self.recent], self.preview.summary.n_by_rule
        places = {code: place for place, code in reversed(list(enumerate(codes)))}
        return sorted(
            self.preview.reasons,
            key=lambda one: (not any(map(one.answers, rules)), places.get(one.code, len(codes))),
        )

    @property
    def _n_reasons(self) -> int:
        room = int(self.app.size.height * _SHARE) - _OTHER_LINES - len(self._about()) - 2 * self.preview.needs_count
        return max(2, min(_MOST_REASONS, room))

    def _matches(self) -> list[Reason]:
        words = self.line("reason").value.lower().split()
        return [r for r in self._reasons if all(word in f"{r.code} {r.text}".lower() for word in words)]

    def _show_reasons(self) -> None:
        matches = self._matches()
        lines: list[Line] = []
        for at, reason in enumerate(matches[: self._n_reasons]):
            is_picked = at == self._picked
            lines.append(
                [
                    Span(f"{'▸' if is_picked else ' '} {reason.code}", "note" if is_picked else "", is_bold=is_picked),
                    Span(f"  {reason.text}", "muted"),
                ]
            )
        if len(matches) > self._n_reasons:
            lines.append([Span(f"  and {len(matches) - self._n_reasons} more: type a part", "muted")])
        self._say("reasons", lines or [[Span("  no reason fits: reasons.toml lists them", "bad")]])

    async def line_changed(self, line: LineEdit) -> None:
        """Narrow the list of reasons to what was typed."""
        if line.id == "reason":
            # What is typed picks the only or the exact match; an empty line picks nothing.
            matches = self._matches() if line.value.strip() else []
            self._picked = 0 if matches else -1
            self._show_reasons()
        self._say("fault", [])

    def action_pick(self, step: int) -> None:
        if self.focused is not None and self.focused.id == "reason":
            n_shown = min(self._n_reasons, len(self._matches()))
            self._picked = max(0, min(n_shown - 1, self._picked + step)) if n_shown else -1
            self._show_reasons()

    def action_recent(self) -> None:
        if not self.recent:
            self._say("fault", [[Span("no recent reason fits", "muted")]])
            return
        self._recent_at = (self._recent_at + 1) % len(self.recent)
        code, note = self.recent[self._recent_at]
        if self.preview.needs_reason:
            self.line("reason").set_value(code)
            self._picked = 0
            self._show_reasons()
        self.line("note").set_value(note)

    def action_go_on(self) -> None:
        lines = self._lines()
        at = lines.index(self.focused) if self.focused in lines else 0
        fault = self._fault_of(lines[at])
        if fault:
            self._refuse(fault)
        elif at + 1 < len(lines):
            self._settle_reason(lines[at])
            self.focus_now(lines[at + 1])
        elif self.preview.act.value == "reject":
            self._refuse("Enter rejects nothing: ctrl+s records the rejection.")
        else:
            self.action_record()

    def action_go_back(self) -> None:
        lines = self._lines()
        at = lines.index(self.focused) if self.focused in lines else 0
        self.focus_now(lines[max(0, at - 1)])

    def action_record(self) -> None:
        for line in self._lines():
            fault = self._fault_of(line)
            if fault:
                self.focus_now(line)
                self._refuse(fault)
                return
            self._settle_reason(line)
        reason = self.line("reason").value if self.preview.needs_reason else ""
        self.give(Given(reason, self.line("note").value.strip()))

    def _settle_reason(self, line: LineEdit) -> None:
        if line.id == "reason":
            line.set_value(self._matches()[self._picked].code)
            self._picked = 0

    def _fault_of(self, line: LineEdit) -> str:
        if line.id == "count" and line.value.strip().replace(",", "") != str(self.preview.summary.n_items):
            return f"'{line.value}' is not the number of items, which is {self.preview.summary.n_items:,}."
        if line.id == "reason" and not 0 <= self._picked < len(self._matches()):
            return "A reason is needed: type a part of it, or pick one with the arrows."
        if line.id == "note" and self.preview.needs_note and not line.value.strip():
            return "A text is needed here."
        return ""

    def _lines(self) -> list[LineEdit]:
        return list(self.query(LineEdit))

    def _refuse(self, fault: str) -> None:
        self._say("fault", list(wrapped(fault, _WIDTH, "bad")))

    def _say(self, name: str, lines: Sequence[Line]) -> None:
        words = self.query_one(f"#{name}", Words)
        words.styles.height = len(lines)
        words.show(lines)
