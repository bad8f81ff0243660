"""Luminex xPONENT exports: one row a well and one column an analyte, a table for each ``DataType:``.

Reads the tables of bead signals (Median, Net MFI, Mean, Trimmed Mean) and the bead counts. What the software
calculated from its own curve, and the concentrations that it was given, are left out: a plate map says what was used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.plates.analyte_wells import AnalyteWell, analyte_plates
from qc.readers.plates.plate import Plate, named, well_of
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.text.source import Source

MEASURED = ("Median", "Net MFI", "Mean", "Trimmed Mean", "Count")
"""Tables that hold what was measured."""
_SIGNALS = MEASURED[:-1]
_NO_ANALYTE = frozenset({"", "total events", "notes"})
_LOCATION = re.compile(r"\s*\d+\s*\(\s*(\d+)\s*,\s*([A-Za-z]{1,2}\d{1,2})\s*\)\s*\Z")


class XponentReader:
    """Read Luminex xPONENT exports."""

    name = "xponent"
    version = "1"
    is_plate = True
    instrument = "Luminex xPONENT"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file begins as xPONENT begins and holds a table of a data type."""
        return Claim.SIGNATURE if any(_is_xponent(sheet) for sheet in source.sheets) else None

    def plates(self, source: Source) -> tuple[Plate, ...]:
        """Read every plate; one block for each measurement and analyte, named ``Median FGF``."""
        found = [sheet for sheet in source.sheets if _is_xponent(sheet)]
        if not found:
            raise ReaderError(f"'{source.path.name}' is no xPONENT export: it has no line 'DataType:'.")
        sheet, faults = found[0], list(found[0].faults)
        tables = list(_tables(sheet))
        if not any(kind in _SIGNALS for kind, _ in tables):
            words = ", ".join(f"'{word}'" for word in _SIGNALS)
            faults.append(Fault("", f"The export holds none of the tables {words}, so no signal. Export one of them."))
        wells = [well for kind, rows in tables for well in _wells(sheet, kind, rows, faults)]
        plates = analyte_plates(wells, faults)
        if not plates and not faults:
            faults.append(Fault("", "No table holds a row of a well with an analyte."))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole xPONENT export.", faults)
        # The number of the only plate of a batch is no name.
        return named([replace(plate, name="") for plate in plates] if len(plates) == 1 else plates, source.stem)


def _is_xponent(sheet: Sheet) -> bool:
    head = next((row for row in sheet.rows if not row.is_blank), None)
    begins = head is not None and head.cell(0) == "Program" and head.cell(1).casefold() == "xponent"
    return begins and any(row.cell(0) == "DataType:" for row in sheet.rows)


def _tables(sheet: Sheet) -> Iterator[tuple[str, list[Row]]]:
    kind, rows = "", list[Row]()
    for row in sheet.rows:
        if row.cell(0) == "DataType:":
            if kind in MEASURED:
                yield kind, rows
            kind, rows = row.cell(1), []
        elif not row.is_blank:
            rows.append(row)
    if kind in MEASURED:
        yield kind, rows


def _wells(sheet: Sheet, kind: str, rows: Sequence[Row], faults: list[Fault]) -> Iterator[AnalyteWell]:
    if not rows or rows[0].cell(0) != "Location" or rows[0].cell(1) != "Sample":
        where = sheet.where(rows[0]) if rows else ""
        faults.append(Fault(where, f"Table '{kind}' has no header 'Location', 'Sample' and the analytes."))
        return
    analytes = [(place, cell.strip()) for place, cell in enumerate(rows[0].cells) if place > 1]
    analytes = [(place, name) for place, name in analytes if name.casefold() not in _NO_ANALYTE]
    names = [name.casefold() for _, name in analytes]
    faults += [
        Fault(sheet.where(rows[0]), f"Analyte '{name}' stands twice in the header of table '{kind}'.")
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    seen: set[tuple[str, str]] = set()
    for row in rows[1:]:
        match = _LOCATION.match(row.cell(0))
        well = well_of(match[2]) if match else ""
        if match is None or not well:
            text = f"Location '{row.cell(0)}' in table '{kind}' is not of the form '1(1,A1)'."
            faults.append(Fault(sheet.where(row), text))
        elif (match[1], well) in seen:
            faults.append(Fault(sheet.where(row), f"Well {well} stands twice in table '{kind}'."))
        else:
            seen.add((match[1], well))
            for place, name in analytes:
                yield AnalyteWell(kind, name, match[1], well, row.cell(1), row.cell(place), row.line, sheet.where(row))


READER = XponentReader()
