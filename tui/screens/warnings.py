"""What was approved by rule in spite of a warning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from tui.shell.list_view import ListRow, ListView
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.triage.warned_items import WarnedItem


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
        Binding("U", "unblind", "look behind a masked finding, recorded", show=False, id="act.unblind"),
    ]

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        return [Key("U", "look behind the mask")]

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
        from qc.triage.warned_items import warned_items

        items = await self.desk.read(warned_items)
        return [_listing(one) for one in items]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return what warns, and what one may do."""
        from qc.triage.warned_items import TO_LET_WAIT

        one = cast("WarnedItem", about)
        lines: list[Line] = [[Span(f"{one.shown.item}  {one.shown.analyte} {one.shown.matrix}", is_bold=True)], []]
        for finding in one.findings:
            lines += [[Span(f"{finding.verdict.value}  {finding.rule}", "warn", is_bold=True)]]
            lines += wrapped(finding.sentence, width)
            lines += [*wrapped(finding.suggestion, width, "muted"), []]
        lines += wrapped(f"'qc decide reject|repeat {one.shown.item} --reason ...' sets it aside.", width, "muted")
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
