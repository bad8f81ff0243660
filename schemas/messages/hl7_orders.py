"""Orders of an HL7 message: which results, specimens and comments belong together, and whether a segment is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas.errors import Fault
from schemas.messages.hl7_segments import Segment
from schemas.messages.set_numbers import Numbered, number_faults

DOCUMENTS = frozenset({"ED", "RP"})
"""Value types of documents, which hold no result."""
SPECIMEN_FIRST = "OUL"
"""Kind of message in which the specimen stands before its orders."""


@dataclass(slots=True)
class ObservedResult:
    """One result segment with what stands below it."""

    segment: Segment
    """Segment OBX."""
    more: list[Segment] = field(default_factory=list)
    """Segments that speak of it: comments (NTE), dilution (TCD), reagent (SID, INV)."""


@dataclass(slots=True)
class Order:
    """One order with its results and the specimen that they were measured in."""

    order: Segment | None = None
    """Segment OBR."""
    specimens: list[Segment] = field(default_factory=list)
    """Segments SPM that stand with it."""
    results: list[ObservedResult] = field(default_factory=list)
    """Its results, documents left out."""
    more: list[Segment] = field(default_factory=list)
    """Segments that speak of all its results: comments, reagents."""

    @property
    def segments(self) -> list[Segment]:
        """The segments that say what it is, in order of the file."""
        own = [self.order] if self.order else []
        return sorted([*own, *self.specimens, *(one.segment for one in self.results)], key=lambda one: one.line)


_OF_A_RESULT = frozenset({"NTE", "TCD", "SID", "INV"})


def orders_of(message: Sequence[Segment], faults: list[Fault]) -> list[Order]:
    """Put the segments of one message together.

    Parameters
    ----------
    message : sequence of Segment
        Segments from its header on.
    faults : list of Fault
        Numbers with a gap, an order with two specimens and one without, where others have one, are added.
    """
    is_specimen_first = bool(message) and message[0].parts(9)[0] == SPECIMEN_FIRST
    orders = [Order()]
    for segment in message:
        _place(segment, orders, is_specimen_first=is_specimen_first)
    filled = [order for order in orders if order.order or order.results]
    faults += _number_faults(message, is_specimen_first=is_specimen_first)
    faults += _specimen_faults(filled)
    return filled


def _place(segment: Segment, orders: list[Order], *, is_specimen_first: bool) -> None:
    last = orders[-1]
    if segment.name == "PID":
        orders.append(Order())
    elif segment.name == "OBR":
        orders.append(Order(segment, specimens=last.specimens if is_specimen_first else []))
    elif segment.name == "SPM" and is_specimen_first:
        orders.append(Order(specimens=[segment]))
    elif segment.name == "SPM":
        last.specimens.append(segment)
    elif segment.name == "OBX" and segment.field(2).strip() not in DOCUMENTS:
        last.results.append(ObservedResult(segment))
    elif segment.name in _OF_A_RESULT and (last.results or last.order or last.specimens):
        (last.results[-1].more if last.results else last.more).append(segment)


def _number_faults(message: Sequence[Segment], *, is_specimen_first: bool) -> Iterator[Fault]:
    patients = orders = specimens = 0
    numbered: dict[str, list[Numbered]] = {"OBR": [], "SPM": [], "OBX": []}
    for segment in message:
        name = segment.name
        parents = {"OBR": (patients, specimens if is_specimen_first else 0), "SPM": (patients, orders)}
        if is_specimen_first:
            parents["SPM"] = (patients, 0)
        if name in numbered:
            parent = parents.get(name, (orders, specimens))
            numbered[name].append(Numbered(segment.where, parent, segment.field(1).strip()))
        patients, orders, specimens = patients + (name == "PID"), orders + (name == "OBR"), specimens + (name == "SPM")
    if numbered["SPM"] and not is_specimen_first:
        del numbered["OBR"]  # each order has its specimen, which shows a missing order as well
    for name, found in numbered.items():
        yield from number_faults(found, may_stand_still=name == "OBR" and not is_specimen_first)


def _specimen_faults(orders: Sequence[Order]) -> Iterator[Fault]:
    with_results = [order for order in orders if order.results]
    has_specimens = any(order.specimens for order in with_results)
    for order in with_results:
        where = order.segments[0].where
        if len(order.specimens) > 1:
            yield Fault(where, "Two specimens (SPM) stand with the results of one order: an order (OBR) is missing.")
        if has_specimens and not order.specimens:
            yield Fault(where, "The results have no specimen (SPM), though others of the message have: one is missing.")
