"""What becomes of each cell of a SoftMax Pro export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.readers.formats.softmax_groups import group_table, used_columns
from qc.readers.formats.softmax_sections import Section

if TYPE_CHECKING:
    from qc.readers.account import Account
    from schemas.plates.plate import Plate
    from schemas.text_tables.sheet import Sheet

_FIRST_READING = 2
_CALCULATED = "calculated by SoftMax Pro"


def tell(sheet: Sheet, sections: Sequence[Section], plates: Sequence[Plate], account: Account) -> None:
    """Say what was used, flagged and left aside.

    Parameters
    ----------
    sections : sequence of Section
        Sections of the file.
    plates : sequence of Plate
        What was read of its plate sections.
    """
    lines = {reading.line for plate in plates for block in plate.blocks for reading in block.readings.values()}
    for section in sections:
        account.use(sheet, section.head)
        if section.kind == "group":
            _tell_group(sheet, section, account)
        elif section.kind == "plate":
            _tell_plate(sheet, section, lines, account)
        else:
            for row in section.rows:
                account.leave(sheet, row, reason="notes of the protocol")
    for row in sheet.rows:
        if row.cell(0).startswith(("~End", "##BLOCKS=")):
            account.use(sheet, row)


def _tell_plate(sheet: Sheet, section: Section, lines: set[int], account: Account) -> None:
    is_first = True
    filled = [row for row in section.rows if not row.is_blank]
    if filled:
        own = [row for row in filled[1:] if row.line in lines]
        account.compare(sheet, filled[0], own, range(_FIRST_READING, filled[0].width))
    for row in section.rows:
        if row.is_blank:
            continue
        if is_first or row.line in lines:
            account.use(sheet, row, *(place for place, cell in enumerate(row.cells) if cell.strip() and place != 1))
            account.leave(sheet, row, 1, reason="temperature")
        else:
            account.leave(sheet, row, reason=f"reduced values, {_CALCULATED}")
        is_first = False


def _tell_group(sheet: Sheet, section: Section, account: Account) -> None:
    header, rows = group_table(section)
    own = used_columns(header) if header else set()
    if header is not None:
        account.compare(sheet, header, rows, own)
    for row in section.rows:
        if header is not None and (row is header or row in rows):
            masked = [place for place, cell in enumerate(row.cells) if cell.strip() == "Masked" and place not in own]
            account.use(sheet, row, *own) if own else None
            account.flag(sheet, row, *masked, word="masked by the analyst") if masked else None
            rest = [place for place in range(len(row.cells)) if place not in own and place not in masked]
        else:
            rest = list(range(len(row.cells)))
        account.leave(sheet, row, *rest, reason=_CALCULATED) if rest else None
