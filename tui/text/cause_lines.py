"""The words of a cause, line by line: what it is, what hangs on it, what settles it, and how to decide on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.widgets.words import Line, Span, wrapped

if TYPE_CHECKING:
    from qc.items.cause_shown import CauseShown

_TONE = {"broken": "bad", "reject": "bad", "not_evaluable": "note", "warn": "warn"}


def cause_lines(cause: CauseShown, width: int, *, is_unfolded: bool) -> list[Line]:
    """Write a cause."""
    items = f"{cause.n_items:,} items of {cause.where}, {cause.n_results:,} results wait for it"
    tone = _TONE[cause.verdict.value]
    lines: list[Line] = [[Span(f"{cause.cause}  ", is_bold=True), Span("one cause", is_bold=True)]]
    lines += wrapped(items, width, "muted")
    lines.append(
        [Span(f"{cause.verdict.value.upper().replace('_', ' ')}  {', '.join(cause.rules)}", tone, is_bold=True)]
    )
    if cause.way_on:
        lines += wrapped(f"→ {cause.way_on}", width, "good", indent=2)
    lines += wrapped(cause.says, width, indent=2)
    lines += (
        [[Span("analytes", "muted")], *wrapped(", ".join(cause.analytes), width, indent=2)] if cause.analytes else []
    )
    beneath = "enter folds its items" if is_unfolded else "enter shows its items"
    way = f"A verb decides on all of them; {beneath}. To leave some out: space here, then space on each of those."
    return [*lines, [], *wrapped(way, width, "muted")]
