"""Deciding on all that fits a filter, whatever its number: the core looks the items up at the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.errors import QcError
from tui.model.marks import Marks
from tui.shell.asked_decision import ask_decision
from tui.triage.verbs import Verbs

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.decide_filtered import FilteredDecision
    from qc.triage.decision_preview import DecisionPreview
    from qc.triage.filtered_items import FilteredItems
    from tui.dialogs.decision import Given


class BulkVerbs(Verbs):
    """Screen whose verbs work on all that fits a filter."""

    async def cause_here(self) -> FilteredItems | None:
        """Look at all that waits for the cause under the cursor."""
        from qc.triage.filtered_items import look_at_all

        cause = self.model.cause_at(self.table.cursor) if await self.model.settle() else None
        if cause is None:
            return None
        text, desk = self.model.text_of(cause.cause), self.desk
        return await desk.read(
            lambda lab, con: look_at_all(lab, con, text, reader=desk.reader, last_visit=desk.last_visit)
        )

    async def decide_all(self, verb: str, filtered: FilteredItems) -> None:
        """Ask for what an act on all that fits a filter needs, and record it."""
        try:
            preview = await self.desk.act(lambda lab: _preview(lab, verb, filtered))
        except QcError as error:
            self.review.say(str(error), tone="error")
            return
        given = await ask_decision(self, preview, lambda lab: _items(lab, filtered))
        if given is None:
            return
        self.review.say(f"recording {filtered.n_marked:,} decisions …")
        recorded = await self.review.recorded(lambda lab, actor: _decide(lab, verb, filtered, given, actor))
        if recorded is None:
            return
        self.review.undo_stack.append(("whole", (recorded.first_seq, recorded.last_seq)))
        if given.reason or given.note:
            self.review.state.remember(given.reason, given.note)
        self.model.marks = Marks()
        await self.read_again()
        words = "wait for a second person" if recorded.needs_second else f"recorded ({verb})"
        self.review.say(f"{recorded.n_items:,} items: {words}   u takes it back")

    async def undo_all(self, first_seq: int, last_seq: int) -> None:
        """Take back a decision on all that fitted a filter."""
        from qc.triage.decide_filtered import undo_all_of

        n_items = await self.review.recorded(lambda lab, actor: undo_all_of(lab, first_seq, last_seq, actor=actor))
        if n_items is None:
            return
        own = ("whole", (first_seq, last_seq))
        self.review.undo_stack = [one for one in self.review.undo_stack if one != own]
        await self.read_again()
        self.review.say(f"{n_items:,} items: taken back by new entries of the ledger; nothing was erased")

    async def read_again(self) -> None:
        """Read the list again."""


def _preview(lab: Lab, verb: str, filtered: FilteredItems) -> DecisionPreview:
    from qc.items.decisions import Act
    from qc.triage.decision_preview import decision_preview
    from qc.triage.filtered_items import summary_of_filtered

    with lab.facts.reading() as con:
        summary = summary_of_filtered(lab, con, filtered)
    return decision_preview(lab, Act(verb), summary, filtered.exceptions)


def _items(lab: Lab, filtered: FilteredItems) -> list[str]:
    from qc.triage.filtered_items import filtered_names

    with lab.facts.reading() as con:
        return filtered_names(lab, con, filtered)


def _decide(lab: Lab, verb: str, filtered: FilteredItems, given: Given, actor: str | None) -> FilteredDecision:
    from qc.decide.request import DecisionRequest
    from qc.items.decisions import Act
    from qc.triage.decide_filtered import decide_all_of

    return decide_all_of(
        lab, filtered, DecisionRequest(act=Act(verb), reason=given.reason, note=given.note), actor=actor
    )
