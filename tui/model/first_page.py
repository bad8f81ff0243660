"""What the queue asks the core first: where the rows of a list stand, and its first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.model.desk import Desk

if TYPE_CHECKING:
    from qc.api.lab import Lab
    from qc.triage.lease import Connection
    from qc.triage.queue import QueueRow
    from qc.triage.queue_query import Question
    from qc.triage.row_positions import RowPositions
    from schemas.queue_filter import Filter


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What one question brought at first."""

    question: Question
    """The question."""
    row_positions: RowPositions
    """Where its rows stand."""
    rows: list[QueueRow]
    """Its first page."""
    generation: int
    """Newest assessment of the facts."""
    n_waiting: int
    """How many items wait without any filter; counted where the filter shows none."""


def read_first_page(desk: Desk, lab: Lab, con: Connection, wanted: Filter, order: str) -> FirstPage:
    """Ask for the positions of the rows of a question, and for the first of them."""
    from qc.triage.queue import page
    from qc.triage.row_positions import row_positions
    from schemas.queue_filter import EVERYTHING

    question = _question(desk, lab, con, wanted, order)
    where = row_positions(con, question)
    n_waiting = where.n_items
    if not n_waiting and wanted.terms:
        n_waiting = row_positions(con, _question(desk, lab, con, EVERYTHING, order)).n_items
    return FirstPage(question, where, page(lab, con, question, where), desk.generation, n_waiting)


def _question(desk: Desk, lab: Lab, con: Connection, wanted: Filter, order: str) -> Question:
    from qc.triage.ledger_states import read_ledger_states
    from qc.triage.queue_query import question_of

    as_of = lab.ledger.head()[0]
    ledger_states = read_ledger_states(lab, con, reader=desk.reader, last_visit=desk.last_visit, wanted=wanted)
    return question_of(wanted, order, ledger_states, as_of)
