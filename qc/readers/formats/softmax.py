"""SoftMax Pro text exports: ``Plate:`` sections in PlateFormat or TimeFormat, with their ``Group:`` tables.

Reads endpoint absorbance. With raw data, one block for each wavelength, named by it (``450``); the reduced values
that may follow the raw ones are left aside. With reduced data, one block named ``reduced``. A well whose row in a group
table says ``Masked`` was masked by the analyst and stays so; what the groups say of samples, doses and dilutions is
compared with the plate map. Every section has its end, and there are as many as the file announces.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.formats.softmax_account import tell
from qc.readers.formats.softmax_grids import FIRST_ROW, FORMAT, N_ROWS, N_WELLS, plate_format, time_format, uneven_rows
from qc.readers.formats.softmax_groups import group_words
from qc.readers.formats.softmax_sections import Section, documents_of, section_faults, sections_of
from qc.readers.plates.documents import refuse_several
from qc.readers.plates.plate import SIZES, Block, Plate, named
from qc.readers.plates.plate_words import PlateWords
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.text_tables.numerals import decimal_mark
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source

_SIGNED = re.compile(r"\A##BLOCKS=|^Plate:\t[^\n\r]*(Plate|Time)Format", re.MULTILINE)
_READ_TYPE, _MODE, _DATA, _WAVELENGTHS, _FIRST_COLUMN, _N_COLUMNS = 4, 5, 6, 15, 16, 17


class SoftmaxReader:
    """Read SoftMax Pro text exports."""

    name = "softmax"
    version = "2"
    is_plate = True
    instrument = "SoftMax Pro"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a line says that SoftMax Pro wrote the file."""
        return Claim.SIGNATURE if _SIGNED.search(source.text) else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate of the file; a block for each wavelength."""
        sheet = next((sheet for sheet in source.sheets if sheet.delimiter == "\t"), None)
        if sheet is None:
            raise ReaderError(
                f"'{source.path.name}' begins like a SoftMax Pro export but holds no tabs. Export it again."
            )
        refuse_several(source.path.name, "SoftMax Pro exports", documents_of(sheet))
        sections = sections_of(sheet)
        faults: list[Fault] = section_faults(sheet, sections)
        heads = [section for section in sections if section.kind == "plate"]
        plates = [_plate(sheet, section, faults) for section in heads]
        if not heads:
            faults.append(Fault("", "The file has no 'Plate:' section, so no signal."))
        words = group_words(sheet, sections, faults)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole SoftMax Pro export.", faults)
        tell(sheet, sections, [plate for plate in plates if plate], account)
        masked = {index: frozenset(said.masked) for index, said in words.items()}
        told = {
            index: PlateWords(
                told=tuple(words[index].told) if index in words else (), notes=uneven_rows(sheet, section)
            )
            for index, section in enumerate(heads)
        }
        found = [replace(plate, words=told.get(index, PlateWords())) for index, plate in enumerate(plates) if plate]
        return named(found, source.stem, masked)


def _plate(sheet: Sheet, section: Section, faults: list[Fault]) -> Plate | None:
    head = section.head
    refusal = _refusal(head)
    if refusal:
        faults.append(Fault(sheet.where(head), refusal))
        return None
    n_rows, n_columns = SIZES[int(head.cell(N_WELLS))]
    wavelengths = ["reduced"] if head.cell(_DATA) == "Reduced" else head.cell(_WAVELENGTHS).split()
    read = time_format if head.cell(FORMAT) == "TimeFormat" else plate_format
    grids = read(sheet, section, wavelengths, faults)
    blocks = []
    for wavelength, readings in zip(wavelengths, grids, strict=False):
        blocks.append(Block(wavelength, readings, decimal_mark(reading.text for reading in readings.values())))
    if not any(block.readings for block in blocks):
        faults.append(Fault(sheet.where(head), "The plate holds no reading."))
    return Plate(head.cell(1), tuple(blocks), n_rows, n_columns)


def _refusal(head: Row) -> str:
    if head.cell(FORMAT) not in ("PlateFormat", "TimeFormat"):
        return f"Plate format '{head.cell(FORMAT)}' is not known; expected PlateFormat or TimeFormat."
    if head.cell(_READ_TYPE) != "Endpoint" or head.cell(_MODE) != "Absorbance":
        shown = f"{head.cell(_READ_TYPE)} {head.cell(_MODE)}"
        return f"The plate is '{shown}'; this reader takes endpoint absorbance. Export the values as a grid or a table."
    if head.cell(_DATA) not in ("Raw", "Reduced"):
        return f"Data type '{head.cell(_DATA)}' is not known; expected Raw or Reduced."
    numbers = [head.cell(index) for index in (_FIRST_COLUMN, _N_COLUMNS, N_WELLS, FIRST_ROW, N_ROWS)]
    if not all(number.isdecimal() for number in numbers) or int(head.cell(N_WELLS)) not in SIZES:
        return (
            "The 'Plate:' line does not give the size of the plate where it should; the line is cut or of a new form."
        )
    if not head.cell(_WAVELENGTHS) or not all(word.isdecimal() for word in head.cell(_WAVELENGTHS).split()):
        return f"Wavelengths '{head.cell(_WAVELENGTHS)}' are not numbers; expected for instance '450 620'."
    return ""


READER = SoftmaxReader()
