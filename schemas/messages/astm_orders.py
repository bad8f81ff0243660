"""Orders of an ASTM message: which results and comments belong together, and whether a record is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas.errors import Fault
from schemas.messages.astm_frames import Record
from schemas.messages.set_numbers import Numbered, number_faults

_KNOWN = frozenset("HPOCRQMSL")
_BROKEN_OFF = {"T": "the sender broke it off", "R": "the receiver broke it off", "E": "the sender met an error"}

_ENDS = frozenset({"", "N", "Q", "I", "F"})
"""How a whole message ends: normally, with an error or no answer to a request, or with its final one."""


@dataclass(slots=True)
class MeasuredOrder:
    """One order record with its results and the comments on all of them."""

    order: Record
    """Record O."""
    mark: str
    """Mark between the components of a field."""
    results: list[tuple[Record, list[Record]]] = field(default_factory=list)
    """Records R, each with the comments (C) below it."""
    comments: list[Record] = field(default_factory=list)
    """Comments on the order."""
    makers: list[tuple[int, Record]] = field(default_factory=list)
    """Manufacturer's records (M) below it, each with the line of the result that it stands below; 0 for the order."""

    def makers_of(self, result: Record) -> list[Record]:
        """Return the manufacturer's records that speak of a result: those below it and those of the whole order.

        Parameters
        ----------
        result : Record
            One of its results.
        """
        return [record for line, record in self.makers if line in (0, result.line)]


def orders_of(records: Sequence[Record], faults: list[Fault]) -> list[MeasuredOrder]:
    """Put the records of a file together.

    Parameters
    ----------
    records : sequence of Record
        Every record of the file.
    faults : list of Fault
        Records of no kind, results before any order, messages without end or twice, and numbers with a gap are added.
    """
    faults += [*_message_faults(records), *_repeated(records), *_number_faults(records)]
    orders: list[MeasuredOrder] = []
    order: MeasuredOrder | None = None
    is_of_result, mark = False, "^"
    for record in records:
        kind = record.field(1)
        if kind == "H":
            order, mark = None, _component_mark(record, faults)
        elif kind == "P":
            order = None
        elif kind == "O":
            order, is_of_result = MeasuredOrder(record, mark), False
            orders.append(order)
        elif kind == "R" and order is None:
            faults.append(Fault(record.where, "The result stands before any order, so its sample is not known."))
        elif kind == "R" and order:
            order.results.append((record, []))
            is_of_result = True
        elif kind == "M" and order:
            order.makers.append((order.results[-1][0].line if is_of_result else 0, record))
        elif kind == "C" and order:
            (order.results[-1][1] if is_of_result else order.comments).append(record)
    return orders


def _component_mark(header: Record, faults: list[Fault]) -> str:
    marks = header.field(2)
    if len(marks) == 4 and marks[0] == marks[1]:
        marks = marks[1:]  # some senders escape the backslash
    if len(marks) != 3:
        faults.append(Fault(header.where, f"The header gives the delimiters '{marks}'; expected three characters."))
        return "^"
    return marks[1]


def _message_faults(records: Sequence[Record]) -> Iterator[Fault]:
    is_open = False
    for record in records:
        kind = record.field(1)
        if kind == "H" and is_open:
            yield Fault(record.where, "A message begins before the last one has ended.")
        elif kind != "H" and not is_open:
            yield Fault(record.where, "The record stands before the header of a message (H).")
        elif kind not in _KNOWN:
            yield Fault(record.where, f"'{kind}' is not a type of record; expected one of H P O R C M Q S L.")
        elif kind == "L" and record.field(3).strip() in _BROKEN_OFF:
            yield Fault(record.where, f"The message is not whole: {_BROKEN_OFF[record.field(3).strip()]}.")
        elif kind == "L" and record.field(3).strip() not in _ENDS:
            text = f"'{record.field(3)}' is not how a message ends (L-3); is a field out of place?"
            yield Fault(record.where, text)
        is_open = kind == "H" or (is_open and kind != "L")
    if is_open:
        yield Fault("", "The last message has no L record: it was cut off. Fetch it again.")


def _repeated(records: Sequence[Record]) -> Iterator[Fault]:
    messages: list[tuple[str, list[tuple[str, ...]]]] = []
    for record in records:
        if record.field(1) == "H" or not messages:
            messages.append((record.where, []))
        messages[-1][1].append(record.fields)
    for place, (where, body) in enumerate(messages):
        if body in [earlier for _, earlier in messages[:place]]:
            yield Fault(where, "This message stands twice in the file.")


def _number_faults(records: Sequence[Record]) -> Iterator[Fault]:
    above = {"H": 0, "P": 0, "O": 0}
    numbered: dict[str, list[Numbered]] = {"P": [], "O": [], "R": []}
    for record in records:
        kind = record.field(1)
        if kind in numbered:
            parents = {"P": above["H"], "O": (above["H"], above["P"]), "R": above["O"]}
            numbered[kind].append(Numbered(record.where, parents[kind], record.field(2).strip()))
        if kind in above:
            above[kind] += 1
    for found in numbered.values():
        yield from number_faults(found, may_stand_still=False)
