"""Luminex xPONENT exports: one row a well and one column an analyte, a table for each ``DataType:``.

Reads the tables of bead signals (Median, Net MFI, Mean, Trimmed Mean), the bead counts, the warnings of wells, and
what the file says sits in them, which is compared with the plate map. What the software calculated from its own curve
is left aside. A file holds one export, with all wells in every table; one without its footer was cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.formats.xponent_account import tell
from qc.readers.formats.xponent_crc import crc_seal
from qc.readers.formats.xponent_tables import (
    NO_ANALYTE,
    SAMPLE,
    XponentExport,
    XponentTable,
    exports_of,
    is_begin,
    net_remarks,
    place_of_row,
    table_faults,
)
from qc.readers.formats.xponent_words import words_of
from qc.readers.plates.documents import refuse_several
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.analyte_wells import AnalyteWell, analyte_plates
from schemas.plates.plate import Plate, named

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.file_seal import FileSeal
    from schemas.text_tables.sheet import Sheet

MEASURED = ("Median", "Net MFI", "Mean", "Trimmed Mean", "Count")
"""Tables that hold what was measured."""
_SIGNALS = MEASURED[:-1]


class XponentReader:
    """Read Luminex xPONENT exports."""

    name = "xponent"
    version = "2"
    is_plate = True
    instrument = "Luminex xPONENT"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file begins as xPONENT begins and holds a table of a data type."""
        return Claim.SIGNATURE if any(_is_xponent(sheet) for sheet in source.sheets) else None

    def seals(self, source: Source) -> tuple[FileSeal, ...]:
        """Recompute the CRC of the footer."""
        return (crc_seal(source.data),)

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate; one block for each measurement and analyte, named ``Median FGF``."""
        export = _export(source)
        faults = [*export.sheet.faults, *table_faults(export, MEASURED)]
        tables = [table for table in export.tables if table.kind in MEASURED]
        if not any(table.kind in _SIGNALS for table in tables):
            words = ", ".join(f"'{word}'" for word in _SIGNALS)
            faults.append(Fault("", f"The export holds none of the tables {words}, so no signal. Export one of them."))
        wells = [well for table in tables for well in _wells(export.sheet, table, faults)]
        plates = analyte_plates(wells, faults)
        if not plates and not faults:
            faults.append(Fault("", "No table holds a row of a well with an analyte."))
        plates = [replace(plate, words=words_of(export, plate, faults)) for plate in plates]
        plates = [_with_notes(plate, net_remarks(export)) if not n else plate for n, plate in enumerate(plates)]
        tell(export, MEASURED, account)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole xPONENT export.", faults)
        # The number of the only plate of a batch is no name.
        return named([replace(plate, name="") for plate in plates] if len(plates) == 1 else plates, source.stem)


def _with_notes(plate: Plate, notes: tuple[str, ...]) -> Plate:
    return replace(plate, words=replace(plate.words, notes=(*plate.words.notes, *notes)))


def _export(source: Source) -> XponentExport:
    found = [sheet for sheet in source.sheets if _is_xponent(sheet)]
    if not found:
        raise ReaderError(f"'{source.path.name}' is no xPONENT export: it has no line 'DataType:'.")
    exports = exports_of(found[0])
    refuse_several(source.path.name, "xPONENT exports", [export.document for export in exports])
    return exports[0]


def _is_xponent(sheet: Sheet) -> bool:
    head = next((row for row in sheet.rows if not row.is_blank), None)
    return head is not None and is_begin(head) and any(row.cell(0) == "DataType:" for row in sheet.rows)


def _wells(sheet: Sheet, table: XponentTable, faults: list[Fault]) -> Iterator[AnalyteWell]:
    if table.header is None or not table.lists_wells or table.header.cell(SAMPLE) != "Sample":
        where = sheet.where(table.header or table.head)
        faults.append(Fault(where, f"Table '{table.kind}' has no header 'Location', 'Sample' and the analytes."))
        return
    analytes = [(place, cell.strip()) for place, cell in enumerate(table.header.cells) if place > SAMPLE]
    analytes = [(place, name) for place, name in analytes if name.casefold() not in NO_ANALYTE]
    names = [name.casefold() for _, name in analytes]
    faults += [
        Fault(sheet.where(table.header), f"Analyte '{name}' stands twice in the header of table '{table.kind}'.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    seen: set[tuple[str, str]] = set()
    for row in table.rows:
        place = place_of_row(row)
        if place is None:
            text = f"Location '{row.cell(0)}' in table '{table.kind}' is not of the form '1(1,A1)'."
            faults.append(Fault(sheet.where(row), text))
        elif place in seen:
            faults.append(Fault(sheet.where(row), f"Well {place[1]} stands twice in table '{table.kind}'."))
        else:
            seen.add(place)
            for column, name in analytes:
                yield AnalyteWell(
                    table.kind, name, *place, row.cell(SAMPLE), row.cell(column), row.line, sheet.where(row)
                )


READER = XponentReader()
