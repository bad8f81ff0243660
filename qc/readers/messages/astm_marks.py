"""What an ASTM message says of its own results: flags, status and comments; and fields that are shifted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qc.readers.messages.corrections import CORRECTING
from qc.readers.text.comments import comment_mark
from schemas.errors import Fault
from schemas.messages.astm_frames import Record
from schemas.messages.astm_orders import MeasuredOrder
from schemas.text_tables.numerals import number_of

ACTS = {"C": CORRECTING}
"""What a result of a status (field 9) does to an earlier one."""
_STATUS = {
    "P": "preliminary",
    "I": "pending",
    "S": "partial",
    "X": "cannot be done",
    "Q": "asked for",
    "W": "doubtful",
    "M": "a level of inhibition (MIC)",
    "N": "needs review",
    "R": "sent before",
}
_FINAL = frozenset({"", "F", "V", *ACTS})
_NATURES = frozenset({"", "A", "S", "R", "N"})  # field 8: what the reference range goes by
_PRIORITIES = frozenset({"R", "S", "A", "C", "P"})  # field 6 of an order
_ACTIONS = frozenset({"N", "A", "Q", "P"})  # field 12 of an order; Q makes it one of a control
_NOTHING = frozenset({"", "0"})  # of a comment: no alarm


def marks_of(record: Record, comments: Sequence[Record], order: MeasuredOrder, words: frozenset[str]) -> Iterator[str]:
    """Yield every mark of a result; ``words`` are those of what the message says of the patient."""
    yield from (mark.strip() for mark in record.field(7).split("\\") if mark.strip() not in ("", "N"))
    status = record.field(9).strip()
    if status not in _FINAL:
        yield _STATUS.get(status, f"status {status}")
    if not record.field(4).strip(f" {order.mark}") and status in _FINAL:
        yield "final without a value"
    for comment in [*comments, *order.comments]:
        text = " ".join(part for part in comment.field(4).split(order.mark) if part)
        if text.strip() not in _NOTHING:
            yield comment_mark(text, comment.where, words)
    if "X" in order.order.field(26).upper() or "C" in order.order.field(12).upper():
        yield "order cancelled"


def shift_faults(order: MeasuredOrder) -> Iterator[Fault]:
    """Name every record whose fields cannot be what the standard says."""
    record, mark = order.order, order.mark
    if mark in record.field(6):
        yield _shifted(record, "field 6 (priority) has several parts")
    if record.field(5).strip() in _PRIORITIES and record.field(4).startswith(mark * 3):
        yield _shifted(record, "field 5 (test) is a priority")
    if not record.field(12).strip() and _ACTIONS & {record.field(11).strip(), record.field(13).strip()}:
        yield _shifted(record, "the action code does not stand in field 12")
    for result, _ in order.results:
        unit, test, value = (result.field(number).split(mark)[0].strip() for number in (5, 3, 4))
        if unit != "1" and number_of(unit, ".") is not None:
            yield _shifted(result, "field 5 (unit) is a number")
        if mark not in result.field(3) and number_of(test, ".") is not None and number_of(value, ".") is None:
            yield _shifted(result, "field 3 (test) is a number, and field 4 (value) is none")
        if not result.field(9).strip() and (result.field(8).strip() not in _NATURES or result.field(10).isalpha()):
            yield _shifted(result, "the status does not stand in field 9")


def _shifted(record: Record, found: str) -> Fault:
    return Fault(record.where, f"The fields do not stand where the standard puts them: {found}.")
