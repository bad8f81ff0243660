"""SoftMax Pro text exports: ``Plate:`` sections in PlateFormat or TimeFormat, with their ``Group:`` tables.

Reads endpoint absorbance. With raw data, one block for each wavelength, named by it (``450``); the reduced values
that may follow the raw ones are left out. With reduced data, one block named ``reduced``. From the group tables
only one thing is taken: a well whose row says ``Masked`` was masked by the analyst and stays so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qc.readers.formats.softmax_sections import Section, masked_wells, sections_of
from qc.readers.plates.plate import Block, Plate, Reading, named, row_letter, well_of
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.text_tables.numerals import decimal_mark
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_SIGNED = re.compile(r"\A##BLOCKS=|^Plate:\t[^\n\r]*(Plate|Time)Format", re.MULTILINE)
_FORMAT, _READ_TYPE, _MODE, _DATA, _WAVELENGTHS, _FIRST_COLUMN, _N_COLUMNS, _N_WELLS, _FIRST_ROW, _N_ROWS = (
    3, 4, 5, 6, 15, 16, 17, 18, 19, 20)  # fmt: skip
_PLATES = {6: (2, 3), 24: (4, 6), 48: (6, 8), 96: (8, 12), 384: (16, 24), 1536: (32, 48)}


class SoftmaxReader:
    """Read SoftMax Pro text exports."""

    name = "softmax"
    version = "1"
    is_plate = True
    instrument = "SoftMax Pro"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a line says that SoftMax Pro wrote the file."""
        return Claim.SIGNATURE if _SIGNED.search(source.text) else None

    def plates(self, source: Source) -> tuple[Plate, ...]:
        """Read every plate of the file; a block for each wavelength."""
        sheet = next((sheet for sheet in source.sheets if sheet.delimiter == "\t"), None)
        if sheet is None:
            raise ReaderError(
                f"'{source.path.name}' begins like a SoftMax Pro export but holds no tabs. Export it again."
            )
        sections = sections_of(sheet)
        faults: list[Fault] = []
        heads = [section for section in sections if section.kind == "plate"]
        plates = [_plate(sheet, section, faults) for section in heads]
        if not heads:
            faults.append(Fault("", "The file has no 'Plate:' section, so no signal."))
        masked = masked_wells(sheet, sections, faults)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole SoftMax Pro export.", faults)
        return named([plate for plate in plates if plate], source.stem, masked)


def _plate(sheet: Sheet, section: Section, faults: list[Fault]) -> Plate | None:
    head = section.head
    refusal = _refusal(head)
    if refusal:
        faults.append(Fault(sheet.where(head), refusal))
        return None
    n_rows, n_columns = _PLATES[int(head.cell(_N_WELLS))]
    wavelengths = ["reduced"] if head.cell(_DATA) == "Reduced" else head.cell(_WAVELENGTHS).split()
    read = _time_format if head.cell(_FORMAT) == "TimeFormat" else _plate_format
    grids = read(sheet, section, wavelengths, faults)
    blocks = []
    for wavelength, readings in zip(wavelengths, grids, strict=False):
        blocks.append(Block(wavelength, readings, decimal_mark(reading.text for reading in readings.values())))
    if not any(block.readings for block in blocks):
        faults.append(Fault(sheet.where(head), "The plate holds no reading."))
    return Plate(head.cell(1), tuple(blocks), n_rows, n_columns)


def _refusal(head: Row) -> str:
    if head.cell(_FORMAT) not in ("PlateFormat", "TimeFormat"):
        return f"Plate format '{head.cell(_FORMAT)}' is not known; expected PlateFormat or TimeFormat."
    if head.cell(_READ_TYPE) != "Endpoint" or head.cell(_MODE) != "Absorbance":
        shown = f"{head.cell(_READ_TYPE)} {head.cell(_MODE)}"
        return f"The plate is '{shown}'; this reader takes endpoint absorbance. Export the values as a grid or a table."
    if head.cell(_DATA) not in ("Raw", "Reduced"):
        return f"Data type '{head.cell(_DATA)}' is not known; expected Raw or Reduced."
    numbers = [head.cell(index) for index in (_FIRST_COLUMN, _N_COLUMNS, _N_WELLS, _FIRST_ROW, _N_ROWS)]
    if not all(number.isdecimal() for number in numbers) or int(head.cell(_N_WELLS)) not in _PLATES:
        return (
            "The 'Plate:' line does not give the size of the plate where it should; the line is cut or of a new form."
        )
    if not head.cell(_WAVELENGTHS) or not all(word.isdecimal() for word in head.cell(_WAVELENGTHS).split()):
        return f"Wavelengths '{head.cell(_WAVELENGTHS)}' are not numbers; expected for instance '450 620'."
    return ""


def _header_at(section: Section) -> int | None:
    return next((index for index, row in enumerate(section.rows) if not row.is_blank), None)


def _time_format(
    sheet: Sheet, section: Section, wavelengths: list[str], faults: list[Fault]
) -> list[dict[str, Reading]]:
    at = _header_at(section)
    header = section.rows[at] if at is not None else section.head
    wells = {index: well_of(cell) for index, cell in enumerate(header.cells) if well_of(cell)}
    if not wells or len(set(wells.values())) != len(wells):
        faults.append(Fault(sheet.where(header), "Expected a row of well names A1, A2, ..., each once."))
        return []
    rows = [row for row in section.rows[(at or 0) + 1 :] if not row.is_blank][: len(wavelengths)]
    if len(rows) < len(wavelengths):
        text = f"{len(wavelengths)} wavelengths are announced, but only {len(rows)} rows of readings follow."
        faults.append(Fault(sheet.where(section.head), text))
    for row in rows:
        if len(row.cells) <= max(wells) or row.width > max(wells) + 1:
            n_cells = max(0, len(row.cells) - min(wells))
            text = f"The header names {len(wells)} wells, but this row has {n_cells} readings."
            faults.append(Fault(sheet.where(row), text))
    return [{w: Reading(row.cell(i), row.line) for i, w in wells.items() if row.cell(i)} for row in rows]


def _plate_format(
    sheet: Sheet, section: Section, wavelengths: list[str], faults: list[Fault]
) -> list[dict[str, Reading]]:
    at = _header_at(section)
    header = section.rows[at] if at is not None else section.head
    head = section.head
    n_columns = _PLATES[int(head.cell(_N_WELLS))][1]
    starts = [index for index, cell in enumerate(header.cells) if index > 1 and cell.strip() == "1"]
    numbers = [str(number) for number in range(1, n_columns + 1)]
    is_whole = all([header.cell(s + i) for i in range(n_columns)] == numbers for s in starts)
    if len(starts) != len(wavelengths) or not is_whole:
        text = f"Expected column numbers 1 to {n_columns} for each of {len(wavelengths)} wavelengths."
        faults.append(Fault(sheet.where(header), text))
        return []
    first, n_rows = int(head.cell(_FIRST_ROW)), int(head.cell(_N_ROWS))
    last_row = n_rows if first + n_rows - 1 > _PLATES[int(head.cell(_N_WELLS))][0] else first + n_rows - 1
    rows: list[Row] = []
    for row in section.rows[(at or 0) + 1 :]:
        if row.is_blank or len(rows) == last_row - first + 1:
            break
        rows.append(row)
    if len(rows) != last_row - first + 1:
        text = f"The plate announces {last_row - first + 1} rows, but {len(rows)} rows of readings follow."
        faults.append(Fault(sheet.where(head), text))
    for row in rows:
        gaps = [i for s in starts[1:] for i in range(s - 1, s)] + list(range(starts[-1] + n_columns, row.width))
        if any(row.cell(index) for index in gaps):
            faults.append(Fault(sheet.where(row), "A reading stands outside the columns that the header numbers."))
    return [_grid(rows, start, n_columns, first) for start in starts]


def _grid(rows: list[Row], start: int, n_columns: int, first_row: int) -> dict[str, Reading]:
    return {
        f"{row_letter(first_row - 1 + offset)}{column + 1}": Reading(row.cell(start + column), row.line)
        for offset, row in enumerate(rows)
        for column in range(n_columns)
        if row.cell(start + column)
    }


READER = SoftmaxReader()
