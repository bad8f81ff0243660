"""The queue in one call, for those without a screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.triage.ledger_states import read_ledger_states
from qc.triage.queue import QueueRow, page
from qc.triage.queue_query import question_of
from qc.triage.row_positions import row_positions
from qc.triage.shared_causes import leads_by_cause, shared_causes
from schemas.json_model import JsonModel
from schemas.queue_filter import parse_filter

if TYPE_CHECKING:
    from qc.items.cause_shown import CauseShown
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class QueueListing(JsonModel):
    """Answer to one question."""

    json_keys = "filter order n_items causes items=rows"

    filter: str
    """Filter."""
    order: str
    """Order."""
    n_items: int
    """All items that answer, also those that are not listed."""
    rows: tuple[QueueRow, ...]
    """The first of them."""
    causes: tuple[CauseShown, ...] = ()
    """What two or more items share, gravest first; none in another order than by gravity, and where items are named."""


def ask_queue(
    lab: LabFolder,
    con: Connection,
    text: str,
    *,
    order: str = "gravest",
    most: int = 200,
    reader: str = "",
    last_visit: datetime | None = None,
) -> QueueListing:
    """Answer a filter.

    Parameters
    ----------
    order : str
        Order.
    reader : str
        Who looks, for ``mine``.
    last_visit : datetime, optional
        For ``new``.

    Returns
    -------
    QueueListing
        The first rows, and how many there are.

    Raises
    ------
    ConfigError
        If filter or order are not understood.
    """
    wanted = parse_filter(text)
    as_of = lab.ledger.head()[0]
    ledger_states = read_ledger_states(lab, con, reader=reader, last_visit=last_visit, wanted=wanted)
    question = question_of(wanted, order, ledger_states, as_of)
    where = row_positions(con, question)
    causes = shared_causes(con, question) if leads_by_cause(wanted, order) else ()
    return QueueListing(text, order, where.n_items, tuple(page(lab, con, question, where, n_rows=most)), causes)
