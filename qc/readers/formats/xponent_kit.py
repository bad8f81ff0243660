"""Lots of an xPONENT export: the kit and the reagents that its head lists, and until when they may be used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from schemas.text_tables.sheet import Row
from schemas.written_time import last_day_of, time_of

_BEGIN, _END = "AssayLotInfo:", "Samples"
_TITLES = ("LotNumber", "ExpirationDate")
_KIT = "KitName"


@dataclass(frozen=True, slots=True)
class XponentKit:
    """What the head says of kit and reagents."""

    lot: str = ""
    """Lot of the kit; empty if none or several are named."""
    expires_on: datetime | None = None
    """Earliest last day of kit and reagents; None if none can be read."""
    lines: frozenset[int] = frozenset()
    """Lines that were read."""


def kit_of(head: Sequence[Row]) -> XponentKit:
    """Read the tables of lots; a day that can be read two ways is no day."""
    lots, days, lines = set(), [], set()
    for header, row in _lots(head):
        lot, written = (row.cell(header.cells.index(title)) for title in _TITLES)
        day = last_day_of(written)[0] or _by_the_order(written, head) if written else None
        if day is not None:
            days.append(day)
        if lot and header.cell(0) == _KIT:
            lots.add(lot)
        if day is not None or (lot and header.cell(0) == _KIT and not written):
            lines |= {header.line, row.line}
    return XponentKit(lots.pop() if len(lots) == 1 else "", min(days, default=None), frozenset(lines))


def _lots(head: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    header, is_inside = None, False
    for row in head:
        is_inside = row.cell(0) == _BEGIN or (is_inside and row.cell(0) != _END)
        if is_inside and set(_TITLES) <= set(row.cells):
            header = row
        elif is_inside and header is not None:
            yield header, row


def _by_the_order(written: str, head: Sequence[Row]) -> datetime | None:
    """Read a date in the order, day or month first, that another date of the head shows."""
    firsts = {order for row in head for cell in row.cells if (order := _order(cell))}
    parts = written.split()[0].split("/")
    if len(firsts) != 1 or len(parts) != 3:
        return None
    day, month = (parts[0], parts[1]) if firsts == {"day"} else (parts[1], parts[0])
    return time_of(f"{parts[2]}-{month:0>2}-{day:0>2}")[0]


def _order(cell: str) -> str:
    parts = cell.split()[0].split("/") if cell.split() else []
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return ""
    return "day" if int(parts[0]) > 12 else "month" if int(parts[1]) > 12 else ""
