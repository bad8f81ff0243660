"""The verbs: approve, reject, repeat, dilute, comment, sign and undo, on the marked items, else on the cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from schemas.counted import first_of
from schemas.errors import QcError
from tui.model.marks import Marks
from tui.shell.asked_decision import ask_decision
from tui.shell.view import View

if TYPE_CHECKING:
    from qc.items.seen_item import Seen
    from qc.triage.decision_preview import DecisionPreview
    from qc.triage.filtered_items import FilteredItems
    from qc.triage.queue import QueueRow
    from tui.dialogs.decision import Given
    from tui.model.queue_rows import QueueRows
    from tui.widgets.table import Table

_MOST_RULES = 3  # more of them would push the next keys off the line
_DONE = {
    "approve": "approved",
    "reject": "rejected",
    "repeat": "repeat requested",
    "dilute": "repeat requested",
    "comment": "waiting",
}


class Verbs(View):
    """Screen with verbs."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "decide('approve')", "approve", show=False, id="act.approve"),
        Binding("x", "decide('reject')", "reject", show=False, id="act.reject"),
        Binding("r", "decide('repeat')", "ask for a repeat", show=False, id="act.repeat"),
        Binding("d", "decide('dilute')", "ask for another dilution", show=False, id="act.dilute"),
        Binding("c", "decide('comment')", "comment", show=False, id="act.comment"),
        Binding("N", "say_why", "say why you did what you did last", show=False, id="act.why"),
        Binding("U", "unblind", "look behind a masked finding, recorded", show=False, id="act.unblind"),
        Binding("S", "sign", "sign what was decided", show=False, id="act.sign"),
        Binding("u", "undo", "undo the last act or mark", show=False, id="act.undo"),
    ]
    model: QueueRows
    table: Table

    async def targets(self) -> list[QueueRow]:
        """Return the items that a verb is about, as they were seen.

        Returns
        -------
        list of QueueRow
            The marked ones, else the one under the cursor; empty if it was not read in time.
        """
        if self.model.marks:
            return list(self.model.marks.rows.values())
        if not await self.model.settle():
            return []
        row = await self.model.row_now(self.table.cursor)
        return [row] if row is not None else []

    def action_decide(self, verb: str) -> None:
        self.review.flow(self.decide(verb))

    async def decide(self, verb: str) -> None:
        """Ask what an act needs, and record it."""
        refusal = self.review.refusal_to_act()
        if refusal:
            self.review.say(refusal, tone="warning")
            return
        if not await self.review.is_known():
            return
        filtered = self.model.marks.filtered
        if not self.model.marks:
            filtered = await self.cause_here()
        if filtered is not None:
            await self.decide_all(verb, filtered)
            return
        rows = await self.targets()
        if not rows:
            self.review.say("there is no item here, or it is still being read: nothing was decided", tone="warning")
            return
        from qc.items.decisions import Act
        from qc.triage.decision_preview import decision_preview

        exceptions = self.model.marks.exceptions()
        try:
            preview = await self.desk.act(lambda lab: decision_preview(lab, Act(verb), rows, exceptions))
        except QcError as error:
            self.review.say(str(error), tone="error")
            return
        given = await ask_decision(self, preview, lambda lab: [row.item for row in rows])
        if given is not None:
            await self._record(preview, [row.seen for row in rows], given)

    async def _record(self, preview: DecisionPreview, seen: Sequence[Seen], given: Given) -> None:
        verb = preview.act.value
        decided = await self.review.recorded(
            lambda lab, actor: lab.decide(
                seen, verb, reason=given.reason, note=given.note, exceptions=preview.exceptions, actor=actor
            )
        )
        if decided is None:
            return
        needs_second = any(one.needs_second for one in decided)
        words = "waits for a second person" if needs_second else _DONE[verb]
        names = [one.item for one in decided]
        self.model.note_own_act(names, words if verb != "comment" else "commented", [one.seq for one in decided])
        self.review.undo_stack.append(("acts", names))
        if given.reason or given.note:
            self.review.state.remember(given.reason, given.note)
        what = names[0] if len(names) == 1 else f"{len(names):,} items"
        over = "" if given.reason or given.note else _over(rule for one in decided for rule in one.over)
        done = "commented" if verb == "comment" else f"{words}{over}"
        self.review.say(f"{what}: {done}   {'N says why, ' if over else ''}u takes it back")
        await self._advance(names)
        await self.model.look_for_unread()

    async def _advance(self, names: Sequence[str]) -> None:
        self.model.marks = Marks()
        row = self.model.row(self.table.cursor)
        if row is not None and row.item in names:
            self.table.move_to(await self.model.next_undecided(self.table.cursor))
        self.table.refresh()
        self.model.changed()

    def action_say_why(self) -> None:
        self.review.flow(self.say_why())

    async def say_why(self) -> None:
        """Ask why the last act of this visit was done, and record the answer as a comment on its items."""
        from tui.dialogs.question import QuestionDialog

        acts = [what for kind, what in self.review.undo_stack if kind == "acts"]
        refusal = self.review.refusal_to_act() or ("" if acts else "nothing was decided in this visit yet")
        if refusal:
            self.review.say(refusal, tone="warning")
            return
        names = list(acts[-1])
        what = names[0] if len(names) == 1 else f"{len(names):,} items"
        note = await self.review.answer(QuestionDialog(f"Why, for {what}? It goes into release and report.", "a word"))
        if note and await self.review.is_known():
            decided = await self.review.recorded(
                lambda lab, actor: lab.decide(names, "comment", note=note, actor=actor)
            )
            if decided is not None:
                self.review.say(f"{what}: said why")

    def action_undo(self) -> None:
        self.review.flow(self.undo())

    async def undo(self) -> None:
        """Take back the last act or mark of this visit."""
        if not self.review.undo_stack:
            self.review.say("nothing of this visit is left to be undone")
            return
        kind, what = self.review.undo_stack[-1]
        if kind == "marks":
            self.review.undo_stack.pop()
            self.model.marks = what.kept()
            self.model.changed()
            self.table.refresh()
            return
        if not await self.review.is_known():
            return
        if not self.review.undo_stack or self.review.undo_stack[-1][1] is not what:
            self.review.say("somebody else has signed in: nothing of this visit is left to be undone")
            return
        if kind == "whole":
            await self.undo_all(*what)
            return
        names = list(what)
        decided = await self.review.recorded(lambda lab, actor: lab.undo(names, actor=actor))
        if decided is None:
            return
        self.review.undo_stack = [one for one in self.review.undo_stack if one[1] is not what]
        self.model.note_own_act(names, "waiting (undone)", [one.seq for one in decided])
        what_text = names[0] if len(names) == 1 else f"{len(names):,} items"
        self.review.say(f"{what_text}: taken back by a new entry of the ledger; nothing was erased")
        await self.model.look_for_unread()

    async def cause_here(self) -> FilteredItems | None:
        """Look at all that waits for the cause under the cursor; None where an item stands there."""
        return None

    async def decide_all(self, verb: str, filtered: FilteredItems) -> None:
        """Decide on all that fits a filter."""

    async def undo_all(self, first_seq: int, last_seq: int) -> None:
        """Take back a decision on all that fitted a filter."""

    def action_unblind(self) -> None:
        self.review.flow(self.unblind())

    async def unblind(self) -> None:
        """Look behind the masked finding of the item under the cursor, as a recorded act."""
        from tui.shell.look_behind import look_behind

        row = await self.model.row_now(self.table.cursor) if await self.model.settle() else None
        if row is None:
            self.review.say("look behind one item at a time: enter shows those of a cause", tone="warning")
        elif await self.review.is_known():
            await look_behind(self.review, row.item, row.rules)

    def action_sign(self) -> None:
        self.review.flow(self.sign())

    async def sign(self) -> None:
        """Sign the item that is marked or under the cursor."""
        rows = await self.targets()
        if len(rows) != 1 or self.model.marks.filtered is not None:
            first = "unmark the others" if self.model.marks else "enter shows those of a cause"
            self.review.say(f"sign one item at a time: {first}", tone="warning")
            return
        await self.review.sign(rows[0].item)


def _over(over: Iterable[str]) -> str:
    rules = list(dict.fromkeys(over))
    return f" over {first_of(rules, _MOST_RULES)}" if rules else ""
