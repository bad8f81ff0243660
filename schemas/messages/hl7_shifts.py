"""Fields of HL7 segments that stand where others belong: a field too many or too few before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from schemas.errors import Fault
from schemas.messages.hl7_orders import Order
from schemas.messages.hl7_segments import Segment
from schemas.text_tables.numerals import number_of


def shift_faults(orders: Sequence[Order]) -> Iterator[Fault]:
    """Name every segment whose fields cannot be what the standard says.

    Parameters
    ----------
    orders : sequence of Order
        Orders of one message.
    """
    is_typed = any(one.field(4).strip() for order in orders for one in order.specimens)
    for order in orders:
        if order.order and not order.order.field(4).strip():
            yield _shifted(order.order, "field 4 (what was ordered) is empty")
        elif order.order and len(order.order.parts(5)) > 1:
            yield _shifted(order.order, "field 5 (priority) has several parts")
        for specimen in order.specimens:
            if not specimen.field(4).strip() and (is_typed or specimen.field(5).strip()):
                yield _shifted(specimen, "field 4 (what it is) is empty")
        for result in order.results:
            unit = result.segment.parts(6)[0]
            if unit != "1" and number_of(unit, ".") is not None:
                yield _shifted(result.segment, "field 6 (unit) is a number")


def _shifted(segment: Segment, found: str) -> Fault:
    return Fault(segment.where, f"The fields do not stand where HL7 puts them: {found}.")
