"""Gen5 exports of scans: a table with a row for each wavelength, or each time, and a column for each well.

Every row is a block, named by the title of the table and by its wavelength or time. Which one is the signal is for a
person to say; the grids of results beside them, which Gen5 calculates from such scans, are blocks as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.readers.plates.grid_account import leave_grid, leave_sections, tell_grid
from qc.readers.plates.grid_blocks import grid_blocks
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.grid import Grid, find_grids
from schemas.plates.grid_layout import dose_faults, layout_words
from schemas.plates.plate import Block, Plate, Reading, format_for, named, well_of
from schemas.plates.plate_line import plate_line_faults, plate_named
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import decimal_mark, number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_SIGNED = "Reader Type:"
_FIRST = ("Wavelength", "Time")
_TEMPERATURE = re.compile(r"T\W")
"""Beginning of the title of the column of temperatures, which stands before the wells of a table of times."""
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)\Z")
_RANGE = re.compile(r"Start:\s*(\d+) nm,\s*Stop:\s*(\d+) nm,\s*Step:\s*(\d+) nm")
_READS = re.compile(r"(\d+) Reads\b")


@dataclass(frozen=True, slots=True)
class _Scan:
    """One table."""

    sheet: Sheet
    plate: str
    title: str
    header: Row
    wells: dict[int, str]
    """Well by column."""
    rows: tuple[Row, ...]


class Gen5ScanReader:
    """Read spectra and kinetics of Gen5."""

    name = "gen5_scan"
    version = "1"
    is_plate = True
    instrument = "Gen5"

    def claim(self, source: Source) -> Claim | None:
        """Claim a text of Gen5 with a table whose columns are wells."""
        is_ours = source.form == "text" and _SIGNED in source.text and any(map(_scans, source.sheets))
        return Claim.STRUCTURE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate; a block for each row of its tables and each label of its grids."""
        sheet, scans = next((sheet, found) for sheet in source.sheets if (found := _scans(sheet)))
        grids = find_grids(sheet)
        layouts = [grid for grid in grids if layout_words(grid)]
        results = [grid for grid in grids if grid not in layouts and grid_blocks(grid)]
        faults = [*plate_line_faults(sheet), *(fault for scan in scans for fault in _faults(scan))]
        faults += [fault for grid in layouts for fault in dose_faults(grid)]
        faults += [fault for grid in results for fault in grid.faults()]
        faults += list(_twice(scans))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole scan of Gen5.", faults)
        _tell(sheet, scans, [grid for grid in grids if grid in layouts or grid in results], grids, account)
        names = list(dict.fromkeys(scan.plate for scan in scans))
        return named([_plate(name, scans, results, layouts) for name in names], source.stem)


def _scans(sheet: Sheet) -> list[_Scan]:
    plate, title, found = "", "", []
    for at, row in enumerate(sheet.rows):
        plate = plate_named(sheet, at) or plate
        wells = _wells(row)
        if wells:
            below = sheet.rows[at + 1 :]
            end = next((place for place, one in enumerate(below) if one.is_blank), len(below))
            found.append(_Scan(sheet, plate, title, row, wells, tuple(below[:end])))
        if not row.is_blank:
            title = row.cell(0) if row.width == 1 else ""
    return found


def _wells(row: Row) -> dict[int, str]:
    """Return the wells of a row of titles; none if it is another row."""
    if row.cell(0) not in _FIRST or not any(map(well_of, row.cells[1:])):
        return {}
    begin = 2 if _TEMPERATURE.match(row.cell(1)) and not well_of(row.cell(1)) else 1
    return {place: well_of(row.cell(place)) for place in range(begin, row.width)}


def _faults(scan: _Scan) -> Iterator[Fault]:
    wells = list(scan.wells.values())
    where = scan.sheet.where(scan.header)
    if not all(wells) or len(set(wells)) != len(wells):
        yield Fault(where, "Expected the names of wells A1, A2, ..., each once.")
    if not scan.title:
        yield Fault(where, "No line above the table says what was read: is its title lost?")
    last = -1.0
    for row in _read(scan):
        value = _place(row.cell(0))
        if value is None or value <= last:
            text = f"'{row.cell(0)}' does not follow what stands above it: is a line lost, doubled or out of its place?"
            yield Fault(scan.sheet.where(row), text)
        last = last if value is None else value
        if row.width > max(scan.wells) + 1:
            text = f"The row has {row.width} cells, its table {max(scan.wells) + 1} columns."
            yield Fault(scan.sheet.where(row), text)


def _twice(scans: Sequence[_Scan]) -> Iterator[Fault]:
    seen = set()
    for scan in scans:
        if (scan.plate, scan.title) in seen:
            text = f"Two tables of one plate are titled '{scan.title}': is a part of the file doubled?"
            yield Fault(scan.sheet.where(scan.header), text)
        seen.add((scan.plate, scan.title))


def _read(scan: _Scan) -> list[Row]:
    """Return the rows with a reading; Gen5 writes the times of reads that were not made as well."""
    return [row for row in scan.rows if any(row.cell(place) for place in scan.wells)]


def _place(text: str) -> float | None:
    """Return a wavelength in nm or a time in s; None if it is neither."""
    clock = _CLOCK.match(text)
    return 3600.0 * int(clock[1]) + 60 * int(clock[2]) + int(clock[3]) if clock else number_of(text, ".")


def _plate(name: str, scans: Sequence[_Scan], results: Sequence[Grid], layouts: Sequence[Grid]) -> Plate:
    own = [scan for scan in scans if scan.plate == name]
    blocks = [block for scan in own for block in _blocks(scan)]
    blocks += [block for grid in results if grid.plate == name for block in grid_blocks(grid)]
    size = format_for([well for scan in own for well in scan.wells.values()])
    content = tuple(one for grid in layouts if grid.plate == name for one in layout_words(grid))
    notes = tuple(note for scan in own for note in _notes(scan))
    return Plate(name, tuple(blocks), *size, words=PlateWords(notes=notes, export_wells=content))


def _blocks(scan: _Scan) -> Iterator[Block]:
    for row in _read(scan):
        readings = {well: Reading(row.cell(place), row.line) for place, well in scan.wells.items() if row.cell(place)}
        mark = decimal_mark(reading.text for reading in readings.values())
        yield Block(f"{scan.title} {row.cell(0)}", readings, mark)


def _notes(scan: _Scan) -> Iterator[str]:
    """Tell that a table holds less than the procedure announces, or rows that end before their last well."""
    rows, where = _read(scan), scan.sheet.where(scan.header)
    announced = _announced(scan)
    if announced and len(rows) not in announced:
        counts = " or ".join(map(str, sorted(announced)))
        yield f"{where}: The scan '{scan.title}' has {len(rows)} rows, the procedure announces {counts}: is it cut?"
    for place, well in scan.wells.items():
        lacking = [row.cell(0) for row in rows if not row.cell(place)]
        if 0 < len(lacking) < len(rows):
            yield f"{where}: Well {well} has no reading at {', '.join(lacking[:3])} and has others: was one moved?"
    for row in rows:
        if len(row.cells) <= max(scan.wells):
            yield f"{scan.sheet.where(row)}: The row ends before well {scan.wells[max(scan.wells)]}: is it cut?"


def _announced(scan: _Scan) -> set[int]:
    above = [cell for row in scan.sheet.rows if row.line < scan.header.line for cell in row.cells]
    if scan.header.cell(0) == _FIRST[1]:
        return {int(match[1]) for cell in above if (match := _READS.search(cell))}
    ranges = [tuple(map(int, match.groups())) for cell in above if (match := _RANGE.search(cell))]
    return {(stop - start) // step + 1 for start, stop, step in ranges if step}


def _tell(sheet: Sheet, scans: Sequence[_Scan], read: Sequence[Grid], grids: Sequence[Grid], account: Account) -> None:
    leave_sections(sheet, account)
    for scan in scans:
        places = [0, *scan.wells]
        account.compare(sheet, scan.header, scan.rows, scan.wells)
        for row in (scan.header, *scan.rows):
            account.use(sheet, row, *places)
            account.leave(sheet, row, 1, reason="temperature of the chamber")
    for grid in grids:
        if grid in read:
            tell_grid(grid, account)
        else:
            leave_grid(grid, account)


READER = Gen5ScanReader()
