"""EnVision exports whose grids carry no letters of rows and no numbers of columns.

Such a grid can be placed only where it is as high and wide as the plate that the file announces; a row or a cell less
and the file is refused. Exports with letters are grids as others write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from qc.readers.plates.grid_account import leave_grid, leave_sections, tell_grid
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.announced_size import announced
from schemas.plates.grid import find_grids
from schemas.plates.grid_layout import layout_words
from schemas.plates.plate import FORMATS, Block, Plate, Reading, named, row_letter
from schemas.plates.plate_line import plate_line_faults
from schemas.plates.plate_words import ExportWell, PlateWords
from schemas.text_tables.numerals import decimal_mark, number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_PLATE, _BACKGROUND = "plate information", "background information"
_TITLED = re.compile(r"(results for|calculated results)", re.IGNORECASE)
_CALCULATED = re.compile(r"calc [0-9]+\s*:", re.IGNORECASE)
_IN_ORDER = (
    *("plate", "repeat", "barcode", "measured height", "chamber temperature at start", "chamber temperature at end"),
    *("humidity at start", "humidity at end", "ambient temperature at start", "ambient temperature at end", "group"),
    *("label", "scanx", "scany", "result", "signal", "flashes/time", "meastime", "measinfo", "kinetics"),
    "measurement date",
)
"""Titles as the two tables above a grid have them, from left to right: in another order columns were moved."""
_NOTE = "The rows and columns of the grid carry no names: they are placed in the order in which they stand."


@dataclass(frozen=True, slots=True)
class _Section:
    """One reading of a plate: what it is, and the rows below."""

    plate: str
    label: str
    background: str
    """Label of the measurement behind it, in the table of backgrounds; empty where the export has no such table."""
    titles: tuple[Row, ...]
    """Row of titles of the plate and, where there is one, of the backgrounds."""
    rows: tuple[Row, ...]


class EnvisionReader:
    """Read EnVision exports without headers of rows and columns."""

    name = "envision"
    version = "1"
    is_plate = True
    instrument = "EnVision"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file of EnVision's sections in which readings stand without the title that headed grids have."""
        is_ours = re.match(r"\W*plate information\b", source.text, re.IGNORECASE)
        return Claim.STRUCTURE if is_ours and any(map(_sections, source.sheets)) else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate of the file; a block for each label and each calculation."""
        sheet, sections = next((sheet, found) for sheet in source.sheets if (found := _sections(sheet)))
        name = source.path.name
        size = _announced_size(sheet, name)
        faults = [fault for one in sections for fault in _faults(sheet, one, size)]
        faults += [*_twice(sheet, sections), *plate_line_faults(sheet)]
        leave_sections(sheet, account)
        maps: dict[str, list[ExportWell]] = {}
        for grid in find_grids(sheet):
            if own_map := layout_words(grid):
                maps.setdefault(grid.plate, own_map)
                tell_grid(grid, account)
            else:
                leave_grid(grid, account)  # a headed grid of readings would not be read beside these
        for one in sections:
            account.compare(sheet, one.rows[0], one.rows, range(size[1]))
            for row in one.rows:
                account.use(sheet, row, *range(size[1]))
        if faults:
            raise ReaderError(f"'{name}' holds a grid that cannot be placed.", faults)
        blocks: dict[str, list[Block]] = {}
        for one in sections:
            blocks.setdefault(one.plate, []).append(_block(one, size))
        words = {plate: PlateWords(notes=(_NOTE,), export_wells=tuple(maps.get(plate, ()))) for plate in blocks}
        plates = [Plate(plate, tuple(own), *size, words=words[plate]) for plate, own in blocks.items()]
        return named(plates, source.stem)


def _sections(sheet: Sheet) -> list[_Section]:
    return list(_bare(sheet)) if sheet.delimiter else []


def _bare(sheet: Sheet) -> Iterator[_Section]:
    """Yield the readings that follow the background of a plate, or the plate itself, without a title."""
    titles = plate = None
    for at, row in enumerate(sheet.rows):
        word = row.cell(0).casefold()
        if word == _PLATE:
            titles, plate = (_at(sheet, at + 1), _at(sheet, at + 2))
            rows = _below(sheet.rows[at + 1 :])
            if titles and plate and _is_bare(rows):
                yield _Section(plate.cell(0), _label(titles, plate), "", (titles,), rows)
        elif word == _BACKGROUND and plate and titles:
            rows = _below(sheet.rows[at + 1 :])
            own, behind = _at(sheet, at + 1), _at(sheet, at + 2)
            if own and behind and rows and rows[0].cell(0) and not _TITLED.match(rows[0].cell(0)):
                yield _Section(plate.cell(0), _label(titles, plate), _titled(own, behind), (titles, own), rows)


def _is_bare(rows: Sequence[Row]) -> bool:
    """Tell whether rows are readings: numbers only, in every row that is not blank."""
    cells = [cell.strip() for row in rows for cell in row.cells if cell.strip()]
    return len(rows) > 1 and bool(cells) and all(number_of(cell, ".") is not None for cell in cells)


def _at(sheet: Sheet, place: int) -> Row | None:
    return sheet.rows[place] if place < len(sheet.rows) else None


def _below(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Return the rows between the first blank line and the next."""
    blank = [at for at, row in enumerate(rows) if row.is_blank and len(row.cells) < 2]  # delimiters are unread wells
    first = blank[0] + 1 if blank else len(rows)
    end = next((at for at in blank if at > first), len(rows))
    return tuple(rows[first:end])


def _label(titles: Row, plate: Row) -> str:
    calculated = [cell.strip() for cell in plate.cells if _CALCULATED.match(cell.strip())]
    return calculated[0] if calculated else _titled(titles, plate)


def _titled(titles: Row, row: Row) -> str:
    by_title = {title.strip().casefold(): row.cell(place) for place, title in enumerate(titles.cells)}
    return by_title.get("label", "")


def _announced_size(sheet: Sheet, name: str) -> tuple[int, int]:
    sizes = list(announced(sheet, frozenset()))
    rows, columns = ({one.number for one in sizes if one.noun == noun} for noun in ("rows", "columns"))
    found = set(product(rows, columns))
    if len(found) == 1 and found <= set(FORMATS):
        return found.pop()
    raise ReaderError(
        f"'{name}' is an EnVision export whose grids carry no letters of rows and no numbers of columns, and it does "
        "not announce one size of its plates, so that a plate read in part could not be placed. Export it with the "
        "headers of rows and columns."
    )


def _faults(sheet: Sheet, section: _Section, size: tuple[int, int]) -> list[Fault]:
    n_rows, n_columns = size
    faults = []
    if len(section.rows) != n_rows:
        text = f"The grid has {len(section.rows)} rows, the file announces plates of {n_rows}."
        faults.append(Fault(sheet.where(section.rows[0]), text))
    has_background = len(section.titles) > 1
    if not section.label or (has_background and (not section.background or section.background not in section.label)):
        text = f"The plate was read as '{section.label}', its background as '{section.background}': a cell was moved."
        faults.append(Fault(sheet.where(section.titles[0]), text))
    for titles in section.titles:
        known = [word for cell in titles.cells if (word := cell.strip().casefold()) in _IN_ORDER]
        if known != sorted(known, key=_IN_ORDER.index):
            faults.append(Fault(sheet.where(titles), "The titles are not in the order in which EnVision writes them."))
    n_cells = {len(row.cells) for row in section.rows}
    if max(row.width for row in section.rows) < n_columns and n_cells != {n_columns + 1}:  # each cell has its delimiter
        text = f"No row has a reading in the last of {n_columns} columns: a plate read in part cannot be placed."
        faults.append(Fault(sheet.where(section.rows[0]), text))
    for row in section.rows:
        if row.width > n_columns or len(row.cells) < n_columns or len(row.cells) != max(n_cells):
            text = f"The row has {row.width} readings, the file announces plates of {n_columns} columns."
            faults.append(Fault(sheet.where(row), text))
    return faults


def _twice(sheet: Sheet, sections: Sequence[_Section]) -> list[Fault]:
    seen: set[tuple[str, str]] = set()
    faults = []
    for one in sections:
        if (one.plate, one.label) in seen:
            text = f"Plate '{one.plate}' has a second grid of '{one.label}': the two cannot be told apart."
            faults.append(Fault(sheet.where(one.rows[0]), text))
        seen.add((one.plate, one.label))
    return faults


def _block(section: _Section, size: tuple[int, int]) -> Block:
    readings = {
        f"{row_letter(index)}{column + 1}": Reading(row.cell(column), row.line)
        for index, row in enumerate(section.rows)
        for column in range(size[1])
        if row.cell(column)
    }
    return Block(section.label, readings, decimal_mark(reading.text for reading in readings.values()))


READER = EnvisionReader()
