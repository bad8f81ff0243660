"""Lots and last days of reagents in the manufacturer's records (M) of an ASTM message.

The standard leaves the form of these records to the maker. What says so in words is read: a lot behind the word, a day
behind the word of expiry, and in a record that names a reagent also a plain day of eight digits. Anything else in such
a record is left aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.readers.text.expiry import expiry_mark
from schemas.messages.astm_frames import Record
from schemas.messages.message import stamp_of
from schemas.written_time import last_day_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from schemas.text_tables.sheet import Sheet

_REAGENT = re.compile(
    r"(?<![a-z])(reagents?|rgt|reag|kit|cartridge|cassette|pack|calibrator|lot\w*)(?![a-z])", re.IGNORECASE
)
_LOT = re.compile(
    r"(?<![a-z])(?:lot(?: ?(?:no|number|nr|id))?\.?[\s:=#]+(?P<behind>[A-Z]*[-.]?\d[\w.\-]*)"
    r"|(?P<whole>lot[\w.\-]*\d[\w.\-]*))",
    re.IGNORECASE,
)
"""Lot behind its word (``Lot: 88``), or one that begins with it (``LOT88``)."""
_EXPIRY = re.compile(
    r"(?<![a-z])exp(?:\.|iry|iration|ires)?(?: ?(?:date|on))?\W{0,3}(?P<day>\d[\d./\-]{5,9})", re.IGNORECASE
)
_DAY = re.compile(r"(?<!\d)(?P<day>20\d{6})(?!\d)")
_CALIBRATOR = re.compile(r"(?<![a-z])(calibrator|cal)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MakersReagent:
    """What one record says of a reagent."""

    record: Record
    """The record."""
    lot: str = ""
    """Lot of the reagent; empty if nothing is said, or it is that of a calibrator."""
    expires: datetime | None = None
    """Last day of its use; None if nothing is said."""


def reagents_of(records: Sequence[Record]) -> list[MakersReagent]:
    """Return what the manufacturer's records say of reagents.

    Parameters
    ----------
    records : sequence of Record
        Records M of one result or order.
    """
    return [reagent for record in records if (reagent := _reagent(record))]


def expired(reagents: Sequence[MakersReagent], began: datetime | None) -> Iterator[str]:
    """Yield a mark for each reagent that had expired before the run began."""
    for reagent in reagents:
        if mark := expiry_mark(reagent.expires, began):
            yield mark


def lot_of(reagents: Sequence[MakersReagent]) -> str:
    """Return the one lot that the records of a result name; empty for none or several."""
    lots = {reagent.lot for reagent in reagents if reagent.lot}
    return lots.pop() if len(lots) == 1 else ""


def say_makers(account: Account, sheet: Sheet, records: Sequence[Record]) -> None:
    """Say of the manufacturer's records that name a lot or a day of a reagent that they are used."""
    of_reagents = {one.record.line for one in reagents_of([record for record in records if record.field(1) == "M"])}
    for row in sheet.rows:
        if row.line in of_reagents:
            account.use(sheet, row)


def _reagent(record: Record) -> MakersReagent | None:
    text = " ".join(part.strip() for field in record.fields[2:] for part in re.split(r"[\^\\]", field) if part.strip())
    if not _REAGENT.search(text):
        return None
    lot, day = _LOT.search(text), _EXPIRY.search(text) or _DAY.search(text)
    written = day["day"].strip(".-/") if day else ""
    expires = (stamp_of(written) or last_day_of(written)[0]) if written else None
    is_reagent = not _CALIBRATOR.search(text)
    named = (lot["behind"] or lot["whole"]) if lot and is_reagent else ""
    found = MakersReagent(record, named, expires)
    return found if found.lot or found.expires else None
