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
from qc.triage.filters import parse_filter
from qc.triage.queue import seen_of_all
from qc.triage.queue_query import Question, question_of
from qc.triage.selection_summary import SelectionSummary, gist_of_all
from qc.triage.standing_items import standing_now
from schemas.errors import ConflictError

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
    from qc.triage.row_positions import places

    as_of = lab.ledger.head()[0]
    whole = FilteredItems(
        text=text, n_items=0, as_of=as_of, generation=_generation(con), reader=reader, last_visit=last_visit
    )
    return replace(whole, n_items=places(con, _question(lab, con, whole)).n_items)


def gist_of_whole(lab: LabFolder, con: Connection, whole: FilteredItems) -> SelectionSummary:
    """Sum up what somebody wants to decide on.

    Raises
    ------
    ConflictError
        If it is not what was seen any more.
    """
    gist = gist_of_all(con, _question(lab, con, whole), whole.name)
    _refuse_changed(con, whole, gist.n_items)
    return gist


def items_of_whole(lab: LabFolder, con: Connection, whole: FilteredItems) -> list[str]:
    """Name the items."""
    return [seen.item for seen in seen_of_all(con, _question(lab, con, whole), whole.as_of)]


def seen_of_whole(lab: LabFolder, con: Connection, whole: FilteredItems) -> list[Seen]:
    """Look at every item, if they are still those that somebody has seen.

    Raises
    ------
    ConflictError
        If it is not what was seen any more.
    """
    seen = seen_of_all(con, _question(lab, con, whole), whole.as_of)
    _refuse_changed(con, whole, len(seen))
    return seen


def _generation(con: Connection) -> int:
    newest = first_row(con, "SELECT coalesce(max(assessment_id), 0) FROM assessments")
    return int(newest[0]) if newest else 0


def _question(lab: LabFolder, con: Connection, whole: FilteredItems) -> Question:
    wanted = parse_filter(whole.text)
    standing = standing_now(lab, con, reader=whole.reader, last_visit=whole.last_visit, wanted=wanted)
    asked = question_of(wanted, "run", standing, whole.as_of)
    if not whole.exceptions:
        return asked
    named, own = named_items(whole.exceptions), asked.condition
    condition = Condition(f"({own.sql}) AND NOT {named.sql}", (*own.values, *named.values))
    return replace(asked, condition=condition, of_groups=None)


def _refuse_changed(con: Connection, whole: FilteredItems, n_now: int) -> None:
    if _generation(con) != whole.generation:
        raise ConflictError("Runs were judged since you looked: nothing was decided. Read the list again.")
    if n_now != whole.n_marked:
        raise ConflictError(
            f"{n_now:,} items fit the filter now, and not {whole.n_marked:,}: nothing was decided. Read the list again."
        )
