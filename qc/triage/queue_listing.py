"""The queue in one call, for those without a screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qc.triage.filters import parse_filter
from qc.triage.queue import QueueRow, page
from qc.triage.queue_query import question_of
from qc.triage.row_positions import places
from qc.triage.standing_items import standing_now

if TYPE_CHECKING:
    import duckdb

    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class Asked:
    """Answer to one question."""

    filter: str
    """Filter."""
    order: str
    """Order."""
    n_items: int
    """All items that answer, also those that are not listed."""
    rows: tuple[QueueRow, ...]
    """The first of them."""

    def as_json(self) -> dict[str, Any]:
        """Return the answer as a mapping of JSON values."""
        told: dict[str, Any] = {"filter": self.filter, "order": self.order, "n_items": self.n_items}
        return told | {"items": [row.as_json() for row in self.rows]}


def ask_queue(
    lab: LabFolder,
    con: duckdb.DuckDBPyConnection,
    text: str,
    *,
    order: str = "gravest",
    most: int = 200,
    reader: str = "",
    last_visit: datetime | None = None,
) -> Asked:
    """Answer a filter.

    Parameters
    ----------
    lab : LabFolder
        The lab.
    con : DuckDBPyConnection
        Open connection.
    text : str
        Filter.
    order : str
        Order.
    most : int
        Most rows.
    reader : str
        Who looks, for ``mine``.
    last_visit : datetime, optional
        For ``new``.

    Returns
    -------
    Asked
        The first rows, and how many there are.

    Raises
    ------
    ConfigError
        If filter or order are not understood.
    """
    wanted = parse_filter(text)
    as_of = lab.ledger.head()[0]
    standing = standing_now(lab, con, reader=reader, last_visit=last_visit, wanted=wanted)
    question = question_of(wanted, order, standing, as_of)
    where = places(con, question)
    return Asked(text, order, where.n_items, tuple(page(lab, con, question, where, n_rows=most)))
