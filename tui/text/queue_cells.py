"""How a row of the queue is written: its columns, its cells, and the words for where an item stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.widgets.columns import Cell, Column

if TYPE_CHECKING:
    from qc.triage.queue import QueueRow

COLUMNS = (
    Column("", 1),
    Column("item", 9, weight=2),
    Column("verdict", 7, rank=5),
    Column("analyte", 11, weight=2),
    Column("value", 13, is_number=True, rank=2),
    Column("rule", 12, weight=6, rank=1),
    Column("sample", 7, rank=3),
    Column("run", 12, weight=4, rank=4),
    Column("waits", 5, is_number=True, rank=6),
    Column("state", 9, weight=2, rank=1),
)
_SIGN = {"broken": "✖", "reject": "✗", "not_evaluable": "?", "warn": "!"}
_TONE = {"broken": "bad", "reject": "bad", "not_evaluable": "note", "warn": "warn"}
_STATE_TONE = {"approved": "good", "rejected": "bad", "repeat requested": "note"}
_SECOND = "waits for a second person"


def cells_of(row: QueueRow, state: str) -> Sequence[Cell]:
    """Write a row."""
    from qc.triage.number_text import waited

    tone = _TONE[row.verdict.value]
    what = row.value or ("whole run" if row.seen.scope == "run" else "all results")
    return (
        Cell(_SIGN[row.verdict.value], tone),
        Cell(row.item, "strong"),
        Cell(row.verdict.value.replace("not_evaluable", "unclear"), tone),
        Cell(row.analyte or row.matrix),
        Cell(what, "" if row.value else "muted"),
        Cell(", ".join(rule.partition(".")[2] for rule in row.rules), tone),
        Cell(row.code, "muted"),
        Cell(row.run),
        Cell(waited(row.assessed_at, datetime.now(UTC)), "muted"),
        Cell(state, next((tone for word, tone in _STATE_TONE.items() if state.startswith(word)), "muted")),
    )


def is_decided(words: str) -> bool:
    """Tell whether an item that stands so is decided.

    Returns
    -------
    bool
        False while it waits.
    """
    return words.startswith(tuple(_STATE_TONE))


def is_done_with(words: str) -> bool:
    """Tell whether nothing is left to be done about an item for whoever looks."""
    return is_decided(words) or words == _SECOND
