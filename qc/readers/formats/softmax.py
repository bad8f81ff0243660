"""SoftMax Pro text exports: ``Plate:`` sections in PlateFormat or TimeFormat, with their ``Group:`` tables.

Reads endpoints, kinetics, spectra and scans of wells in every mode. With raw data, one block for each wavelength,
named by it (``450``, ``450 at 0:30``); the reduced values that may follow the raw ones are left aside. With reduced
data, one block named ``reduced``. A well whose row in a group table says ``Masked`` was masked by the analyst and stays
so; what the groups say of samples, doses and dilutions is compared with the plate map. Every section has its end, and
there are as many as the file announces.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.formats.softmax_account import tell
from qc.readers.formats.softmax_doubts import group_remarks
from qc.readers.formats.softmax_grids import plate_format, time_format, uneven_rows
from qc.readers.formats.softmax_groups import group_faults, group_words
from qc.readers.formats.softmax_head import PlateHead, plate_head
from qc.readers.formats.softmax_sections import Section, documents_of, section_faults, sections_of
from qc.readers.plates.documents import refuse_several
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.plate import Block, Plate, named
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import decimal_mark
from schemas.text_tables.sheet import Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source

_SIGNED = re.compile(r"\A##BLOCKS=|^Plate:\t[^\n\r]*(Plate|Time)Format", re.MULTILINE)


class SoftmaxReader:
    """Read SoftMax Pro text exports."""

    name = "softmax"
    version = "3"
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
        announced = [plate_head(section.head) for section in heads]
        plates = [_plate(sheet, section, head, faults) for section, head in zip(heads, announced, strict=True)]
        if not heads:
            faults.append(Fault("", "The file has no 'Plate:' section, so no signal."))
        faults += group_faults(sheet, sections, [plate for plate in plates if plate])
        words = group_words(sheet, sections, faults)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole SoftMax Pro export.", faults)
        tell(sheet, sections, [plate for plate in plates if plate], account)
        masked = {index: frozenset(said.masked) for index, said in words.items()}
        remarks = group_remarks(sheet, sections, [plate for plate in plates if plate], account)
        told = tuple(f"{one.where}: {one.sentence}" for one in remarks)
        words_by_section = {
            index: PlateWords(
                export_wells=tuple(words[index].export_wells) if index in words else (),
                notes=uneven_rows(sheet, section, head)
                + (words[index].listed_twice if index in words else ())
                + (told if index == 0 else ()),
            )
            for index, (section, head) in enumerate(zip(heads, announced, strict=True))
            if isinstance(head, PlateHead)
        }
        found = [
            replace(plate, words=words_by_section.get(index, PlateWords()))
            for index, plate in enumerate(plates)
            if plate
        ]
        return named(found, source.stem, masked)


def _plate(sheet: Sheet, section: Section, head: PlateHead | str, faults: list[Fault]) -> Plate | None:
    if isinstance(head, str):
        faults.append(Fault(sheet.where(section.head), head))
        return None
    read = time_format if head.form == "TimeFormat" else plate_format
    readings = read(sheet, section, head, faults)
    blocks = [
        Block(name, of_block, decimal_mark(reading.text for reading in of_block.values()))
        for name, of_block in readings.items()
    ]
    if not any(block.readings for block in blocks):
        faults.append(Fault(sheet.where(section.head), "The plate holds no reading."))
    return Plate(head.name, tuple(blocks), *head.size)


READER = SoftmaxReader()
