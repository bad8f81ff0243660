"""The corrections: what deliveries would change of rows with results, old and new side by side, and its verbs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType

from schemas.errors import QcError
from tui.shell.list_view import ListRow, ListView
from tui.widgets.bars import Key
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.triage.corrections_list import CorrectionLine
    from tui.dialogs.decision import Given

_DONE = {"approve": "accepted", "reject": "refused"}


class CorrectionsView(ListView):
    """Screen of the corrections that wait."""

    title_text = "corrections"
    rows_word = "corrections wait"
    manual = (
        "What deliveries would change of rows on which results rest. Until somebody accepts or refuses it with a "
        "reason, the old rows count and the gate of the study is closed. A verb takes the marked ones, else this one."
    )
    empty_text = "no correction waits"
    columns = (
        Column("", 1),
        Column("item", 6),
        Column("file", 14, weight=2),
        Column("by", 8, weight=1, rank=2),
        Column("rows", 5, is_number=True),
        Column("results", 7, is_number=True),
        Column("pairs", 5, is_number=True),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "decide('approve')", "accept", show=False, id="correction.accept"),
        Binding("x", "decide('reject')", "refuse", show=False, id="correction.refuse"),
        Binding("space", "mark", "mark", show=False, id="correction.mark"),
    ]

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        self.marked: dict[str, CorrectionLine] = {}

    async def rows(self) -> list[ListRow]:
        """Return every correction that waits."""
        from qc.triage.corrections_list import correction_lines

        lines = await self.desk.read(correction_lines)
        self.marked = {line.item: line for line in lines if line.item in self.marked}
        return [self._listing(line) for line in lines]

    def _listing(self, line: CorrectionLine) -> ListRow:
        correction = line.correction
        cells = (
            Cell("*" if line.item in self.marked else "", "strong"),
            Cell(line.item, "strong"),
            Cell(correction.file),
            Cell(correction.delivered_by, "muted"),
            Cell(f"{len(correction.rows):,}"),
            Cell(f"{correction.n_results:,}"),
            Cell(f"{correction.n_pairs:,}"),
        )
        return ListRow(cells, correction.sentence, line)

    def own_keys(self) -> list[Key]:
        """Return keys of this screen alone."""
        return [Key("a", "accept"), Key("x", "refuse"), Key("space", "mark")]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return a correction with old and new side by side."""
        line = cast("CorrectionLine", about)
        lines: list[Line] = [[Span(line.item, is_bold=True)], *wrapped(line.correction.sentence, width), []]
        for row in line.correction.rows:
            key = ", ".join(f"{name} {value}" for name, value in row.key.items())
            where = f", line {row.line}" if row.line else ""
            lines.append([Span(f"{row.table}{where}: ", "muted"), Span(key, is_bold=True)])
            if row.before is None or row.after is None:
                lines.append([Span("  would be new" if row.before is None else "  would go", "warn")])
            old, new = row.before or {}, row.after or {}
            for name in dict.fromkeys([*old, *new]):
                before, after = (_cell(cells.get(name)) for cells in (old, new))
                lines.append([Span(f"  {name}: "), Span(before, "muted"), Span(" -> "), Span(after, "warn")])
        return lines

    def action_mark(self) -> None:
        row = self.current()
        if row is None:
            return
        line = cast("CorrectionLine", row.about)
        if self.marked.pop(line.item, None) is None:
            self.marked[line.item] = line
        self.all = [self._listing(cast("CorrectionLine", one.about)) for one in self.all]
        self.show_found()

    def action_decide(self, verb: str) -> None:
        self.review.flow(self.decide(verb))

    async def decide(self, verb: str) -> None:
        """Ask for a reason, and accept or refuse the marked corrections, else the one under the cursor."""
        refusal = self.review.refusal_to_act()
        if refusal:
            self.review.say(refusal, tone="warning")
            return
        row = self.current()
        lines = list(self.marked.values()) or ([cast("CorrectionLine", row.about)] if row else [])
        if not lines or not await self.review.is_known():
            return
        given = await self._given(verb, lines)
        if given is None:
            return
        seen = [line.row.seen for line in lines]
        decided = await self.review.recorded(
            lambda lab, actor: lab.decide(seen, verb, reason=given.reason, note=given.note, actor=actor)
        )
        if decided is not None:
            self.marked.clear()
            self.review.state.remember(given.reason, given.note)
            self.review.say(f"{', '.join(one.item for one in decided)}: {_DONE[verb]}")
            await self.read()

    async def _given(self, verb: str, lines: Sequence[CorrectionLine]) -> Given | None:
        from qc.items.decisions import Act
        from qc.triage.decision_preview import decision_preview
        from tui.dialogs.decision import DecisionDialog

        try:
            preview = await self.desk.act(lambda lab: decision_preview(lab, Act(verb), [line.row for line in lines]))
        except QcError as error:
            self.review.say(str(error), tone="error")
            return None
        return await self.review.answer(DecisionDialog(preview, self.review.state.recent))


def _cell(value: object) -> str:
    return "(empty)" if value in (None, "") else str(value)
