"""What an HL7 message says of its own results: flags, status, comments, and the state of the specimen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qc.readers.messages.corrections import CALLING_WRONG, CORRECTING, DELETING
from qc.readers.text.comments import comment_mark
from qc.readers.text.expiry import expiry_mark
from schemas.messages.hl7_orders import ObservedResult, Order
from schemas.messages.hl7_segments import Segment
from schemas.messages.message import stamp_of
from schemas.written_time import last_day_of

if TYPE_CHECKING:
    from datetime import datetime

ACTS = {"C": CORRECTING, "D": DELETING, "W": CALLING_WRONG}
"""What a result of a status (OBX-11, table 0085) does to an earlier one."""
_STATUS = {
    "": "without a status",
    "P": "preliminary",
    "I": "pending",
    "S": "partial",
    "R": "not verified",
    "X": "cannot be obtained",
    "N": "not asked for",
    "O": "order only",
    "A": "amended",
    "B": "appended",
    "V": "verified before it is final",
}
_FINAL = frozenset({"F", "U", *ACTS})
_FINE_CONDITIONS = frozenset({"", "AUT", "COOL", "FROZ", "LIVE", "ROOM"})  # table 0493: how it was kept
_NUMERIC = re.compile(r"[<>=]{0,2}\s*[-+]?[\d.,]+(?:[eE][-+]?\d+)?\Z")
_MONTH = re.compile(r"(\d{4})(\d{2})\Z")
_IS_FLAG = re.compile(r"[A-Z<>]{1,2}\Z")


def marks_of(result: ObservedResult, order: Order, patient_words: frozenset[str]) -> Iterator[str]:
    """Yield every mark of a result: its own, its comments, and what holds for its order and specimen."""
    yield from _flags(result.segment)
    status = result.segment.field(11).strip()
    if status not in _FINAL:
        yield _STATUS.get(status, f"status {status}")
    yield from _unlike_its_type(result.segment, status)
    yield from _comments([*result.more, *order.more], patient_words)
    if order.order and order.order.field(25).strip() == "X":
        yield "order cancelled"
    for specimen in order.specimens[-1:]:
        yield from _of_specimen(specimen)


def _flags(segment: Segment) -> Iterator[str]:
    for parts in segment.repetitions(8):
        coded = parts if all(_IS_FLAG.match(part) for part in parts) else parts[:1] if parts[0] else parts[1:2]
        yield from (part for part in coded if part not in ("", "N"))


def _unlike_its_type(segment: Segment, status: str) -> Iterator[str]:
    text = segment.parts(5)[0]
    if segment.field(2).strip() == "NM" and text and not _NUMERIC.match(text):
        yield "no number, though its type (NM) says so"
    if not segment.field(5).strip() and status in _FINAL:
        yield "final without a value"


def _comments(segments: Sequence[Segment], patient_words: frozenset[str]) -> Iterator[str]:
    for segment in segments:
        if segment.name == "NTE":
            text = " ".join(" ".join(parts) for parts in segment.repetitions(3))
            yield comment_mark(text, segment.where, patient_words)


def _of_specimen(specimen: Segment) -> Iterator[str]:
    if specimen.field(20).strip() == "N":
        yield "specimen not available"
    for words, number in (("rejected", 21), ("condition", 24)):
        for parts in specimen.repetitions(number):
            if parts[0].upper() not in _FINE_CONDITIONS:
                yield f"specimen {words}: {(parts[1:2] or parts)[0] or parts[0]}".replace(",", ";")


def expired_reagents(result: ObservedResult, order: Order, began: datetime | None) -> Iterator[str]:
    """Yield a mark for each reagent (INV-12) of a result that had expired before its run began."""
    for segment in [*result.more, *order.more]:
        if segment.name == "INV" and (written := segment.field(12).strip()):
            month = _MONTH.match(written)
            expires = last_day_of(f"{month[1]}-{month[2]}")[0] if month else stamp_of(written)
            if mark := expiry_mark(expires, began):
                yield mark
            elif expires is None:
                yield f"reagent expiry '{written}' is no date"


def lot_of(result: ObservedResult, order: Order) -> str:
    """Return the one lot of reagents (INV-16) of a result; empty for none or several."""
    named = [segment.field(16).strip() for segment in [*result.more, *order.more] if segment.name == "INV"]
    lots = {lot for lot in named if lot}
    return lots.pop() if len(lots) == 1 else ""
