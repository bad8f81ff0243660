"""All that fits a filter, decided on together whatever its number: the items are looked up at the act.

Who decides has seen a number, not a list. So the number is part of what is asked, and the act is refused where another
number fits by then, or the facts were judged anew, or somebody else has decided on one of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from qc.store.frames import first_row
from qc.triage.filter_sql import Condition, named_items
from qc.triage.ledger_states import read_ledger_states
from qc.triage.queue import n_items_of, seen_of_all
from qc.triage.queue_query import Question, question_of
from qc.triage.selection_summary import SelectionSummary, summary_of_all
from schemas.errors import ConflictError
from schemas.queue_filter import parse_filter

if TYPE_CHECKING:
    from qc.items.seen_item import Seen
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredItems:
    """All that fits a filter, as somebody has seen it."""

    text: str
    """The filter."""
    n_items: int
    """How many fitted, exceptions included."""
    exceptions: tuple[str, ...] = ()
    """Items that are left out on purpose."""
    as_of: int
    """Number of the newest ledger entry then."""
    generation: int
    """Newest assessment then."""
    reader: str = ""
    """Who looked, for ``mine``."""
    last_visit: datetime | None = None
    """For ``new``, in UTC."""

    @property
    def n_marked(self) -> int:
        """How many the next act is about."""
        return self.n_items - len(self.exceptions)

    @property
    def name(self) -> str:
        """What they are called."""
        return f"all that fits '{self.text}'" if self.text else "all that waits"


def look_at_all(
    lab: LabFolder, con: Connection, text: str, *, reader: str = "", last_visit: datetime | None = None
) -> FilteredItems:
    """Look how many items fit a filter now.

    Parameters
    ----------
    reader : str
        Who looks, for ``mine``.
    last_visit : datetime, optional
        For ``new``, in UTC.

    Raises
    ------
    ConfigError
        If the filter is not understood.
    """
    from qc.triage.row_positions import row_positions

    as_of = lab.ledger.head()[0]
    filtered = FilteredItems(
        text=text, n_items=0, as_of=as_of, generation=_generation(con), reader=reader, last_visit=last_visit
    )
    return replace(filtered, n_items=row_positions(con, _question(lab, con, filtered)).n_items)


def summary_of_filtered(lab: LabFolder, con: Connection, filtered: FilteredItems) -> SelectionSummary:
    """Sum up what somebody wants to decide on.

    Raises
    ------
    ConflictError
        If it is not what was seen any more.
    """
    summary = summary_of_all(con, _question(lab, con, filtered), filtered.name)
    _refuse_changed(con, filtered, summary.n_items)
    return summary


def filtered_names(lab: LabFolder, con: Connection, filtered: FilteredItems) -> list[str]:
    """Name the items."""
    return [seen.item for seen in seen_of_all(con, _question(lab, con, filtered), filtered.as_of)]


def n_filtered(lab: LabFolder, con: Connection, filtered: FilteredItems) -> int:
    """Count the items, exceptions left out."""
    return n_items_of(con, _question(lab, con, filtered))


def filtered_seen(lab: LabFolder, con: Connection, filtered: FilteredItems) -> list[Seen]:
    """Look at every item, if they are still those that somebody has seen.

    Raises
    ------
    ConflictError
        If it is not what was seen any more.
    """
    seen = seen_of_all(con, _question(lab, con, filtered), filtered.as_of)
    _refuse_changed(con, filtered, len(seen))
    return seen


def _generation(con: Connection) -> int:
    newest = first_row(con, "SELECT coalesce(max(assessment_id), 0) FROM assessments")
    return int(newest[0]) if newest else 0


def _question(lab: LabFolder, con: Connection, filtered: FilteredItems) -> Question:
    wanted = parse_filter(filtered.text)
    ledger_states = read_ledger_states(lab, con, reader=filtered.reader, last_visit=filtered.last_visit, wanted=wanted)
    question = question_of(wanted, "run", ledger_states, filtered.as_of)
    if not filtered.exceptions:
        return question
    named, own = named_items(filtered.exceptions), question.condition
    condition = Condition(f"({own.sql}) AND NOT {named.sql}", (*own.values, *named.values))
    return replace(question, condition=condition, of_groups=None)


def _refuse_changed(con: Connection, filtered: FilteredItems, n_now: int) -> None:
    if _generation(con) != filtered.generation:
        raise ConflictError("Runs were judged since you looked: nothing was decided. Read the list again.")
    if n_now != filtered.n_marked:
        raise ConflictError(
            f"{n_now:,} items fit the filter now, and not {filtered.n_marked:,}: nothing was decided. "
            "Read the list again."
        )
