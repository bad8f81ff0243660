"""Workbooks of BMG SMART Control: sheet ``Table End point`` with a column a well, and rows of content and readings.

Content, concentration of the standards and dilution stand above the readings and are the layout of the plate. The other
sheets repeat the readings as grids and list settings.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.headers.dilution_cell import dilution_cell
from schemas.headers.number_cell import number_cell
from schemas.plates.plate import Block, Plate, Reading, format_for, named, well_of
from schemas.plates.plate_words import ExportWell, PlateWords
from schemas.text_tables.numerals import decimal_mark

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_SHEET = "Table End point"
_WELL, _CONTENT, _CONC, _DILUTION = "well", "content", "standard conc", "dilution"
_ROLES = {"standard": "calibrator", "sample": "sample", "blank": "blank", "negative": "control", "positive": "control",
          "control": "control"}  # fmt: skip
_BLOCK = re.compile(r"\s*(\d+\.\s*)?(?P<name>.+)\Z")


class SmartControlReader:
    """Read workbooks of SMART Control."""

    name = "smart_control"
    version = "1"
    is_plate = True
    instrument = "SMART Control"

    def claim(self, source: Source) -> Claim | None:
        """Claim a workbook whose sheet of the end point has a row of wells and one of their content."""
        return Claim.SIGNATURE if source.form == "workbook" and _table(source) else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read the plate; a block for each row of readings."""
        found = _table(source)
        if found is None:
            raise ReaderError(f"'{source.path.name}' has no sheet '{_SHEET}' with a row of wells.")
        sheet, rows = found
        wells = {place: well_of(cell) for place, cell in enumerate(rows[0].cells) if place and cell.strip()}
        faults = [*sheet.faults, *_faults(sheet, rows, wells)]
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole export of SMART Control.", faults)
        blocks = tuple(_block(row, wells) for row in rows if not _heading(row))
        words = PlateWords(export_wells=_content(sheet, rows, wells, faults))
        if faults:
            raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", faults)
        plate = Plate("", blocks, *format_for(list(wells.values())), words=words)
        _account(source, sheet, rows, account)
        return named([plate], source.stem)


def _table(source: Source) -> tuple[Sheet, list[Row]] | None:
    for sheet in source.sheets:
        begin = next((row for row in sheet.rows if row.cell(0).casefold() == _WELL and well_of(row.cell(1))), None)
        if sheet.name == _SHEET and begin is not None:
            return sheet, [row for row in sheet.rows if row.line >= begin.line and not row.is_blank]
    return None


def _heading(row: Row) -> str:
    """Return which part of the layout a row is; empty for readings."""
    title = row.cell(0).casefold()
    return next((word for word in (_WELL, _CONTENT, _CONC, _DILUTION) if title.startswith(word)), "")


def _faults(sheet: Sheet, rows: list[Row], wells: dict[int, str]) -> list[Fault]:
    names = list(wells.values())
    faults = []
    if not all(names) or len(set(names)) != len(names):
        faults.append(Fault(sheet.where(rows[0]), "Expected a row of well names A01, A02, ..., each once."))
    if all(map(_heading, rows)):
        faults.append(Fault(sheet.where(rows[0]), "There is no row of readings below the wells."))
    text = "A cell stands behind the last well; is a cell doubled?"
    return faults + [Fault(sheet.where(row), text) for row in rows if row.width > max(wells) + 1]


def _block(row: Row, wells: dict[int, str]) -> Block:
    match = _BLOCK.match(row.cell(0))
    readings = {well: Reading(row.cell(place), row.line) for place, well in wells.items() if row.cell(place)}
    mark = decimal_mark(reading.text for reading in readings.values())
    return Block(match["name"] if match else "signal", readings, mark)


def _content(sheet: Sheet, rows: list[Row], wells: dict[int, str], faults: list[Fault]) -> tuple[ExportWell, ...]:
    own = {_heading(row): row for row in rows if _heading(row)}
    content = own.get(_CONTENT)
    layout = []
    for place, well in wells.items() if content is not None else ():
        words = content.cell(place).split() if content is not None else []
        conc = number_cell(sheet, own[_CONC], place, faults, what="dose") if _CONC in own else None
        dilution = dilution_cell(sheet, own[_DILUTION], place, faults) if _DILUTION in own else None
        if words:
            role = _ROLES.get(words[0].casefold(), "")
            layout.append(
                ExportWell(well=well, line=rows[0].line, name=words[-1], role=role, conc=conc, dilution=dilution)
            )
    return tuple(layout)


def _account(source: Source, sheet: Sheet, rows: list[Row], account: Account) -> None:
    for row in rows:
        account.use(sheet, row)
    for other in source.sheets:
        for row in other.rows:
            if other is not sheet:
                account.leave(other, row, reason="the same readings as grids, and settings of the reader")


READER = SmartControlReader()
