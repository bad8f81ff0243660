"""What the queue asks the core first: its causes, where the rows of a list stand, and its first page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tui.model.desk import Desk

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.items.cause_shown import CauseShown
    from qc.triage.lease import Connection
    from qc.triage.queue import QueueRow
    from qc.triage.queue_query import Question
    from qc.triage.row_positions import RowPositions
    from schemas.queue_filter import Filter


@dataclass(frozen=True, slots=True)
class FirstRows:
    """Where the rows of one question stand, and the first of them."""

    question: Question
    """The question."""
    row_positions: RowPositions
    """Where its rows stand."""
    rows: list[QueueRow]
    """Its first page."""


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What one question brought at first."""

    question: Question
    """The question."""
    alone: FirstRows
    """Its rows, without those of the causes that lead."""
    generation: int
    """Newest assessment of the facts."""
    n_waiting: int
    """How many items wait without any filter; counted where the filter shows none."""
    causes: tuple[CauseShown, ...] = ()
    """Causes that lead, worst first."""
    members: dict[str, FirstRows] = field(default_factory=dict)
    """Rows of the causes that stay unfolded."""


def read_first_page(
    desk: Desk, lab: Lab, con: Connection, wanted: Filter, order: str, unfolded: Collection[str] | None
) -> FirstPage:
    """Ask for causes, for the positions of the rows of a question, and for the first of them.

    Parameters
    ----------
    unfolded : collection of str or None
        Causes whose rows are asked for; None where no cause leads.
    """
    from qc.triage.row_positions import row_positions
    from qc.triage.shared_causes import alone_of, leads_by_cause, members_of, shared_causes
    from schemas.queue_filter import EVERYTHING

    question = _question(desk, lab, con, wanted, order)
    causes = shared_causes(con, question) if unfolded is not None and leads_by_cause(wanted, order) else ()
    alone = first_rows(lab, con, alone_of(question, causes))
    n_waiting = alone.row_positions.n_items + sum(cause.n_items for cause in causes)
    if not n_waiting and wanted.terms:
        n_waiting = row_positions(con, _question(desk, lab, con, EVERYTHING, order)).n_items
    own = [cause.cause for cause in causes if cause.cause in (unfolded or ())]
    members = {cause: first_rows(lab, con, members_of(question, cause)) for cause in own}
    return FirstPage(question, alone, desk.generation, n_waiting, causes, members)


def first_rows(lab: Lab, con: Connection, question: Question) -> FirstRows:
    """Ask where the rows of a question stand, and for the first of them."""
    from qc.triage.queue import page
    from qc.triage.row_positions import row_positions

    where = row_positions(con, question)
    return FirstRows(question, where, page(lab, con, question, where))


def _question(desk: Desk, lab: Lab, con: Connection, wanted: Filter, order: str) -> Question:
    from qc.triage.ledger_states import read_ledger_states
    from qc.triage.queue_query import question_of

    as_of = lab.ledger.head()[0]
    ledger_states = read_ledger_states(lab, con, reader=desk.reader, last_visit=desk.last_visit, wanted=wanted)
    return question_of(wanted, order, ledger_states, as_of)
