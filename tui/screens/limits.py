"""Every limit with its unit, status and source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from tui.shell.list_view import ListRow, ListView
from tui.widgets.columns import Cell, Column
from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.triage.rule_manual import LimitLine


class LimitsView(ListView):
    """Screen of the limits."""

    title_text = "limits"
    rows_word = "limits"
    manual = "Every number that something is judged by: where it holds, its unit, its status and its source."
    DEFAULT_CSS = "LimitsView #scroll { width: 38%; }"
    columns = (
        Column("where", 14, weight=1),
        Column("limit", 18, weight=3),
        Column("value", 9, is_number=True),
        Column("unit", 7),
        Column("status", 11, rank=2),
    )

    async def rows(self) -> list[ListRow]:
        """Return every limit."""
        from qc.triage.rule_manual import limit_lines

        return [_listing(line) for line in await self.desk.act(limit_lines)]

    def details(self, about: object, width: int) -> Sequence[Line]:
        """Return a limit with its source."""
        line = cast("LimitLine", about)
        return [
            [Span(line.where, is_bold=True)],
            [Span(f"{line.name.replace('_', ' ')}  "), Span(f"{line.value} {line.unit}", is_bold=True)],
            [Span(line.status, "good" if line.status == "confirmed" else "warn", is_bold=True)],
            [],
            *wrapped(line.source, width),
        ]


def _listing(line: LimitLine) -> ListRow:
    tone = "good" if line.status == "confirmed" else "warn"
    cells = (
        Cell(line.where),
        Cell(line.name.replace("_", " "), "strong"),
        Cell(line.value),
        Cell(line.unit, "muted"),
        Cell(line.status, tone),
    )
    return ListRow(cells, line.source, line)
