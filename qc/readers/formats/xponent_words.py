"""What an xPONENT export says of its wells besides the signals: counts, warnings, dilutions, roles, expected doses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qc.readers.formats.xponent_kit import kit_of
from qc.readers.formats.xponent_tables import SAMPLE, XponentExport, XponentTable, place_of_row
from schemas.errors import Fault
from schemas.headers.dilution_cell import dilution_cell
from schemas.headers.number_cell import number_cell
from schemas.plates.plate import Plate
from schemas.plates.plate_words import ExportWell, PlateWords, WellKey
from schemas.text_tables.numerals import number_of

_ROLES = {"standard": "calibrator", "control": "control", "background": "blank", "blank": "blank", "unknown": "sample"}
_ROLE_NAME = re.compile(r"(standard|control|background|blank|unknown)\s*\d*\Z", re.IGNORECASE)
_COMMENTS = "Comments"
_NO_COUNT = "NaN"
_STATUS, _MESSAGE = 1, 2


def words_of(export: XponentExport, plate: Plate, faults: list[Fault]) -> PlateWords:
    """Read what an export says of the wells of one plate.

    Parameters
    ----------
    plate : Plate
        Plate with the name that the locations give it.
    faults : list of Fault
        A count that is no number, and a warning without a well, are added to it.
    """
    remarks: dict[WellKey, tuple[str, ...]] = {}
    notes = [text for row in export.head if (text := _failed(row.cell(0), row.cell(1)))]
    for where, well, text in _warnings(export, plate.name, faults):
        if well in plate.samples:
            remarks[where, well] = (*remarks.get((where, well), ()), text)
        else:
            notes.append(f"{well}: {text}" if well else text)
    kit = kit_of(export.head)
    return PlateWords(
        reagent_lot=kit.lot,
        reagent_expires_on=kit.expires_on,
        remarks=remarks,
        n_beads=_counts(export, plate.name, faults),
        n_beads_asked=_least_beads(export),
        notes=tuple(notes),
        export_wells=tuple(_layout_of(export, plate.name, faults)),
    )


def _failed(name: str, words: str) -> str:
    """Return a line of the head that says that a calibration or verification failed."""
    return f"{name}: {words}" if words.casefold().startswith("fail") else ""


def _warnings(export: XponentExport, plate: str, faults: list[Fault]) -> Iterator[tuple[str, str, str]]:
    """Yield analyte, well and words of each warning of a plate."""
    table = export.table("Warnings/Errors")
    for row in table.rows if table else ():
        place = place_of_row(row)
        text = ": ".join(word for word in (row.cell(_STATUS), row.cell(_MESSAGE)) if word)
        if place is None and row.cell(0):
            faults.append(Fault(export.sheet.where(row), f"Location '{row.cell(0)}' of a warning is no well."))
        elif place is None or place[0] == plate:
            yield "", place[1] if place else "", text
    comments = export.table(_COMMENTS)
    for column, analyte in _analytes(comments):
        for row in comments.rows if comments else ():
            place = place_of_row(row)
            if place and place[0] == plate and row.cell(column):
                yield analyte, place[1], f"xPONENT: {row.cell(column)}"
    yield from _uncounted(export, plate)


def _uncounted(export: XponentExport, plate: str) -> Iterator[tuple[str, str, str]]:
    """Yield the wells in which xPONENT counted no beads of an analyte, not even none."""
    counts = export.table("Count")
    for row in counts.rows if counts else ():
        place = place_of_row(row)
        for column, analyte in _analytes(counts):
            if place and place[0] == plate and row.cell(column) == _NO_COUNT:
                yield analyte, place[1], f"xPONENT: count of beads is {_NO_COUNT}"


def _analytes(table: XponentTable | None) -> list[tuple[int, str]]:
    cells = table.header.cells if table and table.header else ()
    titles = [(column, cell.strip()) for column, cell in enumerate(cells) if column > SAMPLE or not cells]
    return [(column, title) for column, title in titles if title.casefold() not in ("", "total events", "notes")]


def _counts(export: XponentExport, plate: str, faults: list[Fault]) -> dict[WellKey, int]:
    table, counts = export.table("Count"), dict[WellKey, int]()
    for row in table.rows if table else ():
        place = place_of_row(row)
        if place is None or place[0] != plate:
            continue
        for column, analyte in _analytes(table):
            number = number_of(row.cell(column), ".")
            if number is not None and number >= 0 and number.is_integer():
                counts[analyte, place[1]] = int(number)
            elif row.cell(column) and row.cell(column) != _NO_COUNT:
                text = f"'{row.cell(column)}' is not a number of beads; expected a whole number, 0 or more."
                faults.append(Fault(export.sheet.where(row, column, analyte), text))
    return counts


def _least_beads(export: XponentExport) -> dict[str, int]:
    """Return how many beads the file asks for: by analyte where it says so, else the least number of events."""
    least = next((row.cell(3) for row in export.head if row.cell(0) == "Samples" and row.cell(2) == "Min Events"), "")
    least_beads = {"": int(least)} if least.isdecimal() and int(least) else {}
    table = export.table("Per Bead Count")
    header = table.header if table else None
    numbers = next((row for row in table.rows if row.cell(0) == "Per Bead:"), None) if table else None
    if header is not None and numbers is not None:
        for column, cell in enumerate(header.cells):
            if column and cell.strip() and numbers.cell(column).isdecimal():
                least_beads[cell.strip()] = int(numbers.cell(column))
    return least_beads


def _layout_of(export: XponentExport, plate: str, faults: list[Fault]) -> Iterator[ExportWell]:
    """Yield what the export says sits in each well, and for calibrators the dose of each analyte."""
    table, dilutions, doses = export.table("Dilution Factor"), dict[str, float | None](), _doses(export, faults)
    for row in table.rows if table else ():
        place = place_of_row(row)
        if place and place[0] == plate:
            dilutions[place[1]] = dilution_cell(export.sheet, row, SAMPLE + 1, faults)
    first = next((one for one in export.tables if one.lists_wells), None)
    for row in first.rows if first else ():
        place, name = place_of_row(row), row.cell(SAMPLE)
        if place and place[0] == plate:
            match = _ROLE_NAME.match(name)
            role = _ROLES[match[1].casefold()] if match else ""
            yield ExportWell(well=place[1], line=row.line, name=name, role=role, dilution=dilutions.get(place[1]))
            for analyte, dose in doses.get(name, {}).items():
                yield ExportWell(well=place[1], line=row.line, analyte=analyte, conc=dose)


def _doses(export: XponentExport, faults: list[Fault]) -> dict[str, Mapping[str, float]]:
    table = export.table("Standard Expected Concentration")
    header = table.header if table else None
    doses: dict[str, Mapping[str, float]] = {}
    if table is None or header is None:
        return doses
    for row in table.rows:
        cells = {
            cell.strip(): number_cell(export.sheet, row, at, faults, what="dose")
            for at, cell in enumerate(header.cells)
            if at and cell.strip()
        }
        doses[row.cell(0)] = {analyte: dose for analyte, dose in cells.items() if dose is not None}
    return doses
