"""How a row of the queue is written: its columns, its cells, and the words for where an item stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.widgets.columns import Cell, Column

if TYPE_CHECKING:
    from qc.items.cause_shown import CauseShown
    from qc.triage.queue import QueueRow
    from schemas.finding import Verdict

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


_MOST_ANALYTES = 2
_SETTLED_BY = re.compile(r"(?:(?![:;(]|\.(?:\s|$)).)+")


def cause_cells(cause: CauseShown, n_marked: int, n_decided: int, *, is_unfolded: bool) -> Sequence[Cell]:
    """Write the row of a cause: how grave it is, what hangs on it, what settles it, and what it is about."""
    tone = _TONE[cause.verdict.value]
    state = f" ({n_marked:,} marked)" if n_marked else f" ({n_decided:,} decided)" if n_decided else ""
    return (
        Cell(_SIGN[cause.verdict.value], tone),
        Cell(f"{'▾' if is_unfolded else '▸'} {cause.cause}", "strong"),
        Cell(_verdict_word(cause.verdict), tone),
        Cell(cause_words(cause, state), "note" if n_marked else tone, fills=True),
    )


def cause_words(cause: CauseShown, state: str = "") -> str:
    """Say in one line what hangs on a cause and what settles it."""
    return f"{cause.n_results:,} result{'' if cause.n_results == 1 else 's'}{state}: {settled_by(cause)}"


def settled_by(cause: CauseShown) -> str:
    """Say in one phrase what settles a cause, with the rules that hold it and what they are about."""
    way_on = _SETTLED_BY.match(cause.way_on)
    n_more = len(cause.analytes) - _MOST_ANALYTES
    analytes = ", ".join(cause.analytes[:_MOST_ANALYTES]) + (f" and {n_more} more" if n_more > 0 else "")
    rules = ", ".join(rule.partition(".")[2] for rule in cause.rules)
    about = " of ".join(filter(None, (rules, analytes)))
    return f"{_small(way_on.group().strip())} ({about})" if way_on else about


def _small(phrase: str) -> str:
    return phrase[:1].lower() + phrase[1:]


def _verdict_word(verdict: Verdict) -> str:
    return verdict.value.replace("not_evaluable", "unclear")


def cells_of(row: QueueRow, state: str, *, is_member: bool = False) -> Sequence[Cell]:
    """Write the row of an item; one beneath its cause stands further in."""
    from qc.triage.number_text import waited

    tone = _TONE[row.verdict.value]
    what = row.value or ("whole run" if row.seen.scope == "run" else "all results")
    return (
        Cell(_SIGN[row.verdict.value], tone),
        Cell(f"  {row.item}" if is_member else row.item, "strong"),
        Cell(_verdict_word(row.verdict), tone),
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
