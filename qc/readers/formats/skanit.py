"""SkanIt workbooks in which a sheet holds several grids: a plate below its name, each value below its word.

Sheets of results begin with ``Measurement results``; above a grid stands the name of its plate, in its corner what it
holds: ``Abs``, ``AVG``, ``CV%``, or ``Sample`` for the names of the wells. What sits in the wells stands on the sheet
``Layout definitions`` too, with doses and dilutions. A workbook of one grid a sheet is read as other grids are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qc.readers.formats.skanit_layout import layout_of, named_well
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.grid import Grid, find_grids
from schemas.plates.plate import FORMATS, Block, Plate, Reading, named, row_index, row_letter
from schemas.plates.plate_words import ExportWell, PlateWords
from schemas.text_tables.numerals import decimal_mark, number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_RESULTS, _NAMES = "Measurement results", "sample"


@dataclass(frozen=True, slots=True)
class _OnPlate:
    """A grid with the plate whose name stands above it."""

    plate: str
    grid: Grid

    @property
    def word(self) -> str:
        """What stands in its corner."""
        return self.grid.header.cell(self.grid.start - 1)

    @property
    def is_names(self) -> bool:
        """Whether it holds the names of the wells."""
        return self.word.casefold() == _NAMES


class SkanitReader:
    """Read SkanIt workbooks of several plates, or of several values a sheet."""

    name = "skanit"
    version = "1"
    is_plate = True
    instrument = "SkanIt"

    def claim(self, source: Source) -> Claim | None:
        """Claim a workbook with SkanIt's sheets of results, one of which holds more than one grid."""
        return Claim.STRUCTURE if any(len(find_grids(sheet)) > 1 for sheet in _results(source)) else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate; a block for each sheet, or for each value of a sheet that holds several."""
        faults: list[Fault] = []
        found = {sheet.name: list(_on_plates(sheet, faults)) for sheet in _results(source)}
        grids = [one for own in found.values() for one in own]
        faults += [fault for one in grids for fault in one.grid.faults()]
        faults += [fault for sheet in _results(source) for fault in _lacking(sheet, found[sheet.name])]
        blocks = _blocks(found)
        layout, used = layout_of(source.sheets, faults)
        faults += _other_names(grids, layout)
        layout = {**_beside(grids), **layout}
        _tell(source, grids, used, account)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole SkanIt workbook.", faults)
        sizes = {one.plate: _size(one.grid) for one in grids}
        plates = [
            Plate(plate, tuple(own), *sizes[plate], words=_words(plate, layout, found)) for plate, own in blocks.items()
        ]
        return named(plates if len(plates) > 1 else [replace(plate, name="") for plate in plates], source.stem)


def _results(source: Source) -> list[Sheet]:
    return [sheet for sheet in source.sheets if sheet.name and sheet.rows and sheet.rows[0].cell(0) == _RESULTS]


def _on_plates(sheet: Sheet, faults: list[Fault]) -> Iterator[_OnPlate]:
    """Give each grid the name that stands alone above it; the next grid of the plate has none above."""
    plate, begun = "", 0
    for grid in find_grids(sheet):
        above = [row for row in sheet.rows if begun < row.line < grid.header.line and not row.is_blank]
        alone = [row.cell(0) for row in above[-1:] if _is_name(row)]
        plate, begun = (alone or [plate])[0], grid.rows[-1][1].line
        if not plate:
            faults.append(Fault(sheet.where(grid.header), "No name of a plate stands above the grid."))
        yield _OnPlate(plate, grid)


def _lacking(sheet: Sheet, own: Sequence[_OnPlate]) -> Iterator[Fault]:
    """Name a sheet without a grid, a plate with other grids than the first, and rows that belong to no grid."""
    words: dict[str, list[str]] = {}
    for one in own:
        words.setdefault(one.plate, []).append(one.word)
    if not own:
        yield Fault(sheet.where(sheet.rows[0]), "The sheet of results holds no whole grid.")
    first = next(iter(words.values()), [])
    for plate, held in words.items():
        if held != first:
            text = f"Plate '{plate}' has the grids {', '.join(held)}, the first plate {', '.join(first)}."
            yield Fault(sheet.where(sheet.rows[0]), text)
    for _, row in (row for one in own for row in one.grid.rows):
        if row.cell(1) and row.cell(1) == row.cell(0):
            yield Fault(sheet.where(row, 1), f"'{row.cell(1)}' stands in a well: is the letter of the row doubled?")
    lines = {row.line for one in own for _, row in one.grid.rows}
    for row in sheet.rows:
        if row_index(row.cell(0)) is not None and row.width > 1 and row.line not in lines:
            yield Fault(sheet.where(row), f"Row {row.cell(0)} belongs to no grid: is the row of numbers above it lost?")


def _is_name(row: Row) -> bool:
    return row.width == 1 and ": " not in row.cell(0) and row_index(row.cell(0)) is None


def _blocks(found: dict[str, list[_OnPlate]]) -> dict[str, list[Block]]:
    blocks: dict[str, list[Block]] = {}
    for sheet, own in found.items():
        readings = [one for one in own if not one.is_names]
        has_several = max(Counter(one.plate for one in readings).values(), default=0) > 1
        for one in readings:
            block = _block(one, f"{sheet} {one.word}" if has_several else sheet)
            if block.readings:
                blocks.setdefault(one.plate, []).append(block)
    return blocks


def _block(one: _OnPlate, name: str) -> Block:
    readings = {
        f"{row_letter(index)}{column + 1}": Reading(row.cell(one.grid.start + column), row.line)
        for index, row in one.grid.rows
        for column in range(one.grid.n_columns)
        if row.cell(one.grid.start + column)
    }
    return Block(name, readings, decimal_mark(reading.text for reading in readings.values()))


def _other_names(grids: Sequence[_OnPlate], layout: dict[str, list[ExportWell]]) -> list[Fault]:
    """Compare the names beside the results with those of the layout."""
    faults = []
    for one in (one for one in grids if one.is_names):
        beside = _block(one, "").readings
        defined = {well.well: well.name for well in layout.get(one.plate, ())}
        odd = sorted(
            well for well in {*defined, *beside} if well not in beside or beside[well].text != defined.get(well)
        )
        if layout and odd:
            shown = ", ".join(odd[:12])
            text = f"Wells {shown} of plate '{one.plate}' have other names here than in the layout definitions."
            faults.append(Fault(one.grid.sheet.where(one.grid.header), text))
    return faults


def _beside(grids: Sequence[_OnPlate]) -> dict[str, list[ExportWell]]:
    """Return what the sheets of results say of the wells, for a workbook without layout definitions."""
    found: dict[str, dict[str, ExportWell]] = {}
    for one in (one for one in grids if one.is_names):
        for well, name in _block(one, "").readings.items():
            found.setdefault(one.plate, {})[well] = named_well(well, name.text, name.line)
    return {plate: list(wells.values()) for plate, wells in found.items()}


def _words(plate: str, layout: dict[str, list[ExportWell]], found: dict[str, list[_OnPlate]]) -> PlateWords:
    without = [sheet for sheet, own in found.items() if plate not in {one.plate for one in own}]
    notes = tuple(
        f"Sheet '{sheet}' holds no grid of this plate: it was not read there, or is lost." for sheet in without
    )
    return PlateWords(export_wells=tuple(layout.get(plate, ())), notes=notes)


def _size(grid: Grid) -> tuple[int, int]:
    n_rows = max(index for index, _ in grid.rows) + 1
    return next((size for size in FORMATS if size[1] >= grid.n_columns and size[0] >= n_rows), FORMATS[-1])


def _tell(source: Source, grids: Sequence[_OnPlate], layout: Sequence[tuple[Sheet, Row]], account: Account) -> None:
    for sheet in source.sheets:
        is_known = any(row.cell(0) in (sheet.name, "Name") for row in sheet.rows[:1])
        for row in sheet.rows:
            if is_known or not _may_be_read(row):
                account.leave(sheet, row, reason="titles, settings and log of the reader")
    for one in grids:
        grid, columns = one.grid, range(one.grid.start, one.grid.start + one.grid.n_columns)
        if not one.is_names:
            account.compare(grid.sheet, grid.header, [row for _, row in grid.rows], columns)
        for row in (grid.header, *(row for _, row in grid.rows)):
            account.use(grid.sheet, row, grid.start - 1, *columns)
    for sheet, row in layout:
        account.use(sheet, row)


def _may_be_read(row: Row) -> bool:
    """Tell whether a row holds a number, or more than a title has: it is of a grid that was not found whole."""
    return row.width > 2 or any(number_of(cell, mark) is not None for cell in row.cells for mark in ".,")


READER = SkanitReader()
