"""Fields of HL7 segments that stand where others belong: a field too many or too few before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.errors import Fault
from schemas.messages.hl7_orders import Order
from schemas.messages.hl7_segments import Segment
from schemas.text_tables.numerals import number_of

_SYSTEMS = frozenset({"LN", "L", "SCT", "C4", "I9C", "99ROC", "99LAB"})
"""Systems of codes of tests, from HL7's table 0396."""


def shift_faults(orders: Sequence[Order]) -> Iterator[Fault]:
    """Name every segment whose fields cannot be what the standard says.

    Parameters
    ----------
    orders : sequence of Order
        Orders of one message.
    """
    is_typed = any(one.field(4).strip() for order in orders for one in order.specimens)
    filled = [one.segment for order in orders for one in order.results if one.segment.field(5).strip()]
    has_parts = any(one.field(4).strip() for one in filled) or not filled
    for order in orders:
        if order.order and not order.order.field(4).strip():
            yield _shifted(order.order, "field 4 (what was ordered) is empty")
        elif order.order and len(order.order.parts(5)) > 1:
            yield _shifted(order.order, "field 5 (priority) has several parts")
        yield from _misplaced_numbers(order)
        for specimen in order.specimens:
            if not specimen.field(4).strip() and (is_typed or specimen.field(5).strip()):
                yield _shifted(specimen, "field 4 (what it is) is empty")
        yield from _early_values(order, has_parts)
        for result in order.results:
            unit = result.segment.parts(6)[0]
            if unit != "1" and number_of(unit, ".") is not None:
                yield _shifted(result.segment, "field 6 (unit) is a number")


def _early_values(order: Order, has_parts: bool) -> Iterator[Fault]:
    """Name the results without a value that have a part number, where no result with a value has one."""
    for result in () if has_parts else order.results:
        if result.segment.field(4).strip() and not result.segment.field(5).strip():
            yield _shifted(result.segment, "field 5 (value) is empty, and field 4 is not, as it is in all others")


def _misplaced_numbers(order: Order) -> Iterator[Fault]:
    """Name the numbers of an order that are a code of a test, or begin with an empty part: those are other fields."""
    if order.order is None:
        return
    for number, what in ((2, "placer"), (3, "filler")):
        parts = order.order.parts(number)
        if len(parts) > 2 and parts[2] in _SYSTEMS:
            yield _shifted(order.order, f"field {number} (number of the {what}) is the code of a test")
        elif any(parts) and not parts[0]:
            yield _shifted(order.order, f"field {number} (number of the {what}) begins with an empty part")


def _shifted(segment: Segment, found: str) -> Fault:
    return Fault(segment.where, f"The fields do not stand where HL7 puts them: {found}.")
