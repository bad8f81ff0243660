"""Luminex INTELLIFLEX exports: one row a well, and for each bead region columns such as ``R25: RP1 MEDIAN``.

Every statistic of a reporter channel is a measurement (``RP1 MEDIAN``), every bead region an analyte (``R25``). Which
analyte a region carries does not stand in the file: the plate map and the run sheet say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from qc.readers.plates.analyte_wells import AnalyteWell, analyte_plates
from qc.readers.plates.plate import Plate, named, well_of
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_WELL, _SAMPLE, _PLATE = "WELL LOCATION", "SAMPLE ID", "PLATE NAME"
_MEASURED = re.compile(r"(?P<region>[^:]+):\s*(?P<kind>RP\d+ \S.*)\Z")
_COUNT = "COUNT"


class IntelliflexReader:
    """Read Luminex INTELLIFLEX exports."""

    name = "intelliflex"
    version = "1"
    is_plate = True
    instrument = "Luminex INTELLIFLEX"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a row names the well location and measurements of bead regions."""
        return Claim.STRUCTURE if _sheet_of(source) is not None else None

    def plates(self, source: Source) -> tuple[Plate, ...]:
        """Read every plate; one block for each measurement and region, named ``RP1 MEDIAN R25``."""
        sheet = _sheet_of(source)
        if sheet is None:
            raise ReaderError(f"'{source.path.name}' is no INTELLIFLEX export: no row names '{_WELL}' and a reporter.")
        faults = list(sheet.faults)
        plates = analyte_plates(list(_wells(sheet, faults)), faults)
        if not plates and not faults:
            faults.append(Fault("", "There is no row of a well below the header."))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole INTELLIFLEX export.", faults)
        return named(plates, source.stem)


def _sheet_of(source: Source) -> Sheet | None:
    return next((sheet for sheet in source.sheets if any(_columns(row) for row in sheet.rows[:60])), None)


def _columns(row: Row) -> Mapping[int, tuple[str, str]]:
    """Return measurement and region by column; empty where the row is no header with at least one signal."""
    if _WELL not in [cell.strip() for cell in row.cells]:
        return {}
    matches = {place: _MEASURED.match(cell.strip()) for place, cell in enumerate(row.cells)}
    found = {place: (match["kind"].strip(), match["region"].strip()) for place, match in matches.items() if match}
    return found if any(_COUNT not in kind for kind, _ in found.values()) else {}


def _wells(sheet: Sheet, faults: list[Fault]) -> Iterator[AnalyteWell]:
    columns: Mapping[int, tuple[str, str]] = {}
    places: dict[str, int] = {}
    for row in sheet.rows:
        if row.is_blank:
            continue
        header = _columns(row)
        if header:
            columns = header
            places = {cell.strip(): place for place, cell in enumerate(row.cells)}
            twice = sorted({name for name in header.values() if list(header.values()).count(name) > 1})
            faults += [
                Fault(sheet.where(row), f"Column '{region}: {kind}' stands twice in the header.")
                for kind, region in twice
            ]
        elif columns:
            yield from _of_row(sheet, row, columns, places, faults)


def _of_row(
    sheet: Sheet, row: Row, columns: Mapping[int, tuple[str, str]], places: Mapping[str, int], faults: list[Fault]
) -> Iterator[AnalyteWell]:
    where, written = sheet.where(row), row.cell(places[_WELL])
    well = well_of(written)
    if not well:
        faults.append(Fault(where, f"'{written}' in column '{_WELL}' is not a well; expected a form like A1."))
        return
    if len(row.cells) <= max(columns):
        faults.append(Fault(where, f"The row of well {well} is cut short: it has {len(row.cells)} cells."))
        return
    sample, plate = (row.cell(places[name]) if name in places else "" for name in (_SAMPLE, _PLATE))
    for place, (kind, region) in columns.items():
        yield AnalyteWell(kind, region, plate, well, sample, row.cell(place), row.line, where)


READER = IntelliflexReader()
