"""One item alone: all its words at the left, its picture as large as the screen allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widget import Widget

from tui.shell.view import View
from tui.text.dossier_lines import dossier_lines
from tui.widgets.bars import Key, Tabs
from tui.widgets.chart import Chart
from tui.widgets.words import Span, Words

if TYPE_CHECKING:
    from qc.triage.queue import QueueRow
    from tui.model.evidence import Evidence
    from tui.triage.verbs import Verbs


class DossierView(View):
    """Screen of one item."""

    title_text = "dossier"
    manual = "One item alone. The verbs of triage work here too; arrows move the cursor of the picture."
    CSS = """
    DossierView #all { height: 1fr; }
    DossierView #scroll { width: 44%; height: 1fr; background: $surface; }
    DossierView #whole { height: auto; }
    DossierView #right { width: 1fr; height: 1fr; border-left: vkey $foreground 25%; }
    DossierView #picture { height: 1fr; }
    DossierView.-narrow #all { layout: vertical; }
    DossierView.-narrow #scroll { width: 1fr; height: 40%; }
    DossierView.-narrow #right { border-left: none; }
    DossierView.-narrow #views { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right_square_bracket,tab", "view(1)", "next picture", show=False, key_display="]", id="dossier.next"),
        Binding("left_square_bracket", "view(-1)", "picture before", show=False, key_display="[", id="dossier.prev"),
        Binding("n", "neighbour(1)", "next item", show=False, id="dossier.down"),
        Binding("p", "neighbour(-1)", "item before", show=False, id="dossier.up"),
        Binding("pagedown", "scroll(1)", "scroll the words", show=False, id="dossier.scroll"),
        Binding("pageup", "scroll(-1)", "scroll back", show=False, id="dossier.scroll_back"),
        *(
            Binding(key, f"verb('{verb}')", word, show=False, id=f"dossier.{verb}")
            for key, verb, word in (
                ("a", "approve", "approve"),
                ("x", "reject", "reject"),
                ("r", "repeat", "ask for a repeat"),
                ("d", "dilute", "ask for another dilution"),
                ("c", "comment", "comment"),
            )
        ),
        Binding("u", "undo", "undo the last act", show=False, id="dossier.undo"),
        Binding("S", "sign", "sign what was decided", show=False, id="dossier.sign"),
    ]

    def __init__(self, row: QueueRow, verbs: Verbs, view_at: int = 0) -> None:
        super().__init__()
        self.row, self.verbs = row, verbs
        self.shown: Evidence | None = None
        self.view_at = view_at

    def parts(self) -> Sequence[Widget]:
        """Return what stands between header and keys."""
        self.chart, self.words, self.views = Chart(id="picture"), Words(id="whole"), Tabs(id="views", is_numbered=False)
        scroll = VerticalScroll(self.words, id="scroll", can_focus=False)
        return (Horizontal(scroll, Vertical(self.views, self.chart, id="right"), id="all"),)

    async def on_mount(self) -> None:
        self.focus_now(self.chart)
        self.refresh_notices()
        await self._read()

    async def _read(self) -> None:
        from tui.model.evidence import read_evidence

        item = self.row.item
        self.shown = await self.desk.read(lambda lab, con: read_evidence(lab, con, item))
        self.when_shown(self._show)

    def _show(self) -> None:
        if self.shown is None:
            return
        width = max(30, self.words.size.width - 2)
        lines = dossier_lines(self.shown.dossier, self.verbs.model.state_of(self.row), width)
        self.words.styles.height = len(lines)
        self.words.show(lines)
        pictures = self.shown.pictures
        at = self.view_at % len(pictures) if pictures else -1
        self.views.show([name for name, _ in pictures], at)
        self.chart.show(pictures[at][1] if pictures else None, empty_text="no picture")
        self.refresh_notices()

    def refresh_notices(self) -> None:
        """Show again what the header tells."""
        self.tell([Span(f"{self.row.item}  {self.row.run}")], [Span(self.verbs.model.state_of(self.row))])
        off = bool(self.review.refusal_to_act())
        verbs = [("a", "approve"), ("x", "reject"), ("r", "repeat"), ("d", "dilute"), ("c", "comment"), ("u", "undo")]
        keys = [Key(key, word, off) for key, word in verbs]
        self.show_keys([*keys, Key("]", "picture"), Key("n", "next"), Key("hjkl", "point"), Key("esc", "back")])

    def on_tabs_picked(self, event: Tabs.Picked) -> None:
        self.view_at = event.at
        self._show()

    def action_view(self, step: int) -> None:
        self.view_at += step
        self._show()

    def action_scroll(self, step: int) -> None:
        scroll = self.query_one("#scroll", VerticalScroll)
        scroll.scroll_relative(y=step * max(1, scroll.size.height - 2), animate=False)

    async def action_neighbour(self, step: int) -> None:
        model, at = self.verbs.model, self.verbs.table.cursor + step
        while step and 0 < at < model.n_rows and model.cause_at(at) is not None:
            at += step
        if model.cause_at(at) is not None:
            return
        self.verbs.table.move_to(at)
        row = await model.row_now(self.verbs.table.cursor)
        if row is not None:
            self.row, self.view_at = row, 0
            await self._read()

    def action_verb(self, verb: str) -> None:
        self.review.flow(self._verb(verb))

    async def _verb(self, verb: str) -> None:
        if self.verbs.model.marks:
            self.review.say("items are marked in the list: go back to act on them", tone="warning")
            return
        before = self.verbs.table.cursor
        await self.verbs.decide(verb)
        if self.verbs.table.cursor != before:
            await self.action_neighbour(0)
        self._show()

    def action_undo(self) -> None:
        self.review.flow(self._undo())

    async def _undo(self) -> None:
        await self.verbs.undo()
        self._show()

    def action_sign(self) -> None:
        self.review.flow(self.review.sign(self.row.item))
