"""What was approved by rule in spite of a warning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.shell.asked_decision import ask_decision
from tui.shell.list_view import ListRow, ListView
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.triage.queue import QueueRow
    from qc.triage.warned_items import WarnedItem

_DONE = {"reject": "rejected", "repeat": "repeat requested", "dilute": "repeat requested", "comment": "commented"}


class WarningsView(ListView):
    """Screen of what was approved in spite of a warning."""

    title_text = "in spite of a warning"
    rows_word = "items approved by rule"
    empty_text = "nothing was approved in spite of a warning"
    manual = "What no finding holds, although a warning speaks against it: the profile tolerates it."
    columns = (
        Column("item", 10),
        Column("run", 14, weight=1, rank=2),
        Column("analyte", 11, rank=1),
        Column("sample", 8, rank=3),
        Column("value", 13, rank=1),
        Column("warned by", 12, weight=1),
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "decide('reject')", "reject", show=False, id="act.reject"),
        Binding("r", "decide('repeat')", "ask for a repeat", show=False, id="act.repeat"),
        Binding("d", "decide('dilute')", "ask for another dilution", show=False, id="act.dilute"),
        Binding("c", "decide('comment')", "comment", show=False, id="act.comment"),
        Binding("U", "unblind", "look behind a masked finding, recorded", show=False, id="act.unblind"),
        Binding("u", "undo", "take back the last act of this screen", show=False, id="act.undo"),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.row_by_item: Mapping[str, QueueRow] = {}
        self.decided: list[str] = []

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        off = bool(self.review.refusal_to_act())
        verbs = (("x", "reject"), ("r", "repeat"), ("d", "dilute"), ("c", "comment"), ("U", "unblind"), ("u", "undo"))
        return [Key(key, word, off) for key, word in verbs]

    def action_decide(self, verb: str) -> None:
        self.review.flow(self.decide(verb))

    async def decide(self, verb: str) -> None:
        """Ask for what an act needs, and record it of the item under the cursor."""
        from qc.items.decisions import Act
        from qc.triage.decision_preview import decision_preview

        refusal, row = self.review.refusal_to_act(), self.current()
        if refusal or row is None:
            self.review.say(refusal or "there is no item here: nothing was decided", tone="warning")
            return
        about = self.row_by_item.get(cast("WarnedItem", row.about).shown.item)
        if about is None or not await self.review.is_known():
            return
        try:
            preview = await self.desk.act(lambda lab: decision_preview(lab, Act(verb), [about]))
        except QcError as error:
            self.review.say(str(error), tone="error")
            return
        given = await ask_decision(self, preview, lambda lab: [about.item])
        if given is None:
            return
        decided = await self.review.recorded(
            lambda lab, actor: lab.decide([about.seen], verb, reason=given.reason, note=given.note, actor=actor)
        )
        if decided is not None:
            self.decided += [about.item]
            self.review.state.remember(given.reason, given.note)
            self.review.say(f"{about.item}: {_DONE[verb]}   u takes it back")
            await self.read()

    def action_undo(self) -> None:
        self.review.flow(self.undo())

    async def undo(self) -> None:
        """Take back the last act of this screen."""
        if not self.decided:
            self.review.say("nothing was decided on this screen yet")
        elif await self.review.is_known():
            name = self.decided[-1]
            if await self.review.recorded(lambda lab, actor: lab.undo([name], actor=actor)) is not None:
                self.decided.pop()
                self.review.say(f"{name}: taken back by a new entry of the ledger; nothing was erased")
                await self.read()

    def action_unblind(self) -> None:
        row = self.current()
        if row is not None:
            self.review.flow(self._unblind(cast("WarnedItem", row.about)))

    async def _unblind(self, one: WarnedItem) -> None:
        from tui.shell.look_behind import look_behind

        if await self.review.is_known():
            await look_behind(self.review, one.shown.item, one.rules)

    async def rows(self) -> list[ListRow]:
        """Return every such item."""
        from qc.triage.warned_items import warned_list

        listed = await self.desk.read(warned_list)
        self.row_by_item = listed.row_by_item
        return [_listing(one) for one in listed.items]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return what warns, and what one may do."""
        from qc.triage.warned_items import TO_LET_WAIT

        one = cast("WarnedItem", about)
        lines: list[Line] = [[Span(f"{one.shown.item}  {one.shown.analyte} {one.shown.matrix}", is_bold=True)], []]
        for finding in one.findings:
            lines += [[Span(f"{finding.verdict.value}  {finding.rule}", "warn", is_bold=True)]]
            lines += wrapped(finding.sentence, width)
            lines += [*wrapped(finding.suggestion, width, "muted"), []]
        lines += wrapped("x, r or d sets it aside, with a reason; else it is released as it is.", width, "muted")
        return [*lines, *wrapped(f"The profile tolerates such warnings: {TO_LET_WAIT}", width, "muted")]


def _listing(one: WarnedItem) -> ListRow:
    shown = one.shown
    value = shown.value or f"{shown.n_results} results"
    cells = (
        Cell(shown.item, "strong"),
        Cell(shown.run, "muted"),
        Cell(shown.analyte),
        Cell(shown.code, "muted"),
        Cell(value),
        Cell(", ".join(one.rules), "warn"),
    )
    return ListRow(cells, " ".join(finding.sentence for finding in one.findings), one)
