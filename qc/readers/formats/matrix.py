"""Grids: column numbers above, row letters at the side, as nearly every plate reader can write them.

CSV, TSV or workbook; title lines above; one grid or several. Read so far: EnVision, Kaleido, MARS, Gen5 results and
SkanIt. Grids titled as layout or plate map, and grids without a single number, are left out. A grid that is not
whole, or that holds something beside its columns, is refused: a shifted grid is worse than none.
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
from schemas.plates.announced_size import announced, size_faults
from schemas.plates.grid import Grid, find_grids
from schemas.plates.grid_layout import dose_faults, layout_words
from schemas.plates.plate import FORMATS, Block, Plate, named
from schemas.plates.plate_line import plate_line_faults
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source

_LAYOUT = re.compile(r"\b(layout|plate ?map|well ?id|conc/dil)\b", re.IGNORECASE)
_BACKGROUND = "background information"
"""Title of a table of EnVision that stands above its grids, each with a line of its own."""
_GEN5, _MARS, _MARS_TITLES = "Reader Type:", ("Testname:", "Test name:", "Test name ="), ("raw data", "calculated")
_INSTRUMENTS = {"envision": "EnVision", "Kaleido": "Kaleido", "BMG": "MARS", "Reader Type:": "Gen5", ".skax": "SkanIt"}


@dataclass(frozen=True, slots=True)
class _Named:
    """One block with the plate it belongs to."""

    plate: str
    block: Block
    grid: Grid


class MatrixReader:
    """Read grids of signals."""

    name = "matrix"
    version = "1"
    is_plate = True
    instrument = ""
    surest_claim = Claim.TABLE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file holds a grid with at least one number."""
        is_ours = any(_is_signal(grid) for sheet in source.sheets for grid in find_grids(sheet))
        return Claim.TABLE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate of the file; a grid, or each label beside its rows, is a block."""
        found = [grid for sheet in source.sheets for grid in find_grids(sheet)]
        grids = [grid for grid in found if _is_signal(grid)]
        if len({grid.sheet.delimiter for grid in grids}) > 1:
            raise ReaderError(f"The delimiter of '{source.path.name}' is not clear: two of them give a grid.")
        sheets = {id(grid.sheet): grid.sheet for grid in grids}.values()
        faults = [fault for grid in grids for fault in grid.faults()] + _size_faults(grids)
        faults += [fault for sheet in sheets for fault in plate_line_faults(sheet)]
        faults += [_untitled(grid) for grid in grids if grid.title.casefold() == _BACKGROUND]
        if faults:
            raise ReaderError(f"'{source.path.name}' holds a grid that is not whole.", faults)
        for sheet in sheets:
            leave_sections(sheet, account)
        layouts = _layouts(found, grids)
        if odd := [fault for grid in layouts for fault in dose_faults(grid)]:
            raise ReaderError(f"The layout of '{source.path.name}' cannot be read.", odd)
        for grid in found:
            if grid in grids or grid in layouts:
                tell_grid(grid, account)
            elif grid.sheet.delimiter == grids[0].sheet.delimiter:
                leave_grid(grid, account)
        blocks = [_Named(grid.plate, block, grid) for grid in grids for block in grid_blocks(grid)]
        return named(_plates(blocks, layouts, source.path.name), source.stem)


def _unnamed(grid: Grid) -> Iterator[str]:
    """Tell that a grid does not say what was read, where its maker always does: a column of names or a line is lost."""
    words = [row.cell(0) for row in grid.sheet.rows]
    if _GEN5 in words and not any(grid.label_of(row) for _, row in grid.rows):
        yield f"{grid.sheet.where(grid.header)}: Gen5 names behind each row what was read, and no row has a name."
    if any(word.startswith(_MARS) for word in words) and not grid.title.casefold().startswith(_MARS_TITLES):
        yield f"{grid.sheet.where(grid.header)}: No line above the grid says whether these are raw data, as MARS does."


def _untitled(grid: Grid) -> Fault:
    text = "The grid stands below the background of its plate, and no line 'Results for' says what it is: is it lost?"
    return Fault(grid.sheet.where(grid.header), text)


def _is_signal(grid: Grid) -> bool:
    if _LAYOUT.search(grid.title):
        return False
    cells = (row.cell(grid.start + column) for _, row in grid.rows for column in range(grid.n_columns))
    return any(number_of(cell, mark) is not None for cell in cells for mark in ".,")


def _layouts(found: Sequence[Grid], grids: Sequence[Grid]) -> list[Grid]:
    """Return the grids that say what sits in the wells: one for each plate, as wide and high as its readings."""
    layouts: dict[str, Grid] = {}
    for grid in found:
        own = [one for one in grids if one.plate == grid.plate and one.sheet is grid.sheet]
        is_alike = own and {index for index, _ in own[0].rows} <= {index for index, _ in grid.rows}
        if grid not in grids and is_alike and grid.n_columns == own[0].n_columns and layout_words(grid):
            layouts.setdefault(grid.plate, grid)
    return list(layouts.values())


def _size_faults(grids: Sequence[Grid]) -> list[Fault]:
    """Compare the grids of each sheet with the sizes that it announces; several grids may be of several sizes."""
    faults: list[Fault] = []
    for sheet in {id(grid.sheet): grid.sheet for grid in grids}.values():
        own = [grid for grid in grids if grid.sheet is sheet]
        lines = frozenset(row.line for grid in own for row in (grid.header, *(row for _, row in grid.rows)))
        n_readings = [sum(map(len, (block.readings for block in grid_blocks(grid)))) for grid in own]
        blocks = [len(block.readings) for grid in own for block in grid_blocks(grid)]
        found = {
            "rows": frozenset(len({index for index, _ in grid.rows}) for grid in own) | _full_sizes(own, 0),
            "columns": frozenset(grid.n_columns for grid in own) | _full_sizes(own, 1),
            "wells": frozenset([grid.n_columns * len({i for i, _ in grid.rows}) for grid in own] + n_readings + blocks)
            | frozenset(rows * columns for rows, columns in map(_size, own) if _is_part(own)),
        }
        faults += size_faults(sheet, list(announced(sheet, lines)), found)
    return faults


def _is_part(grids: Sequence[Grid]) -> bool:
    return any(grid.notes() for grid in grids)


def _full_sizes(grids: Sequence[Grid], place: int) -> frozenset[int]:
    """Return the rows or columns of the whole plates of which grids hold a part, which the file may announce."""
    return frozenset(_size(grid)[place] for grid in grids if grid.notes())


def _size(grid: Grid) -> tuple[int, int]:
    n_rows = max(index for index, _ in grid.rows) + 1
    exact = [size for size in FORMATS if size[1] == grid.n_columns and size[0] >= n_rows]
    return (
        exact or [size for size in FORMATS[3:] if size[0] >= n_rows and size[1] >= grid.n_columns] or [FORMATS[-1]]
    )[0]


def _plates(blocks: Sequence[_Named], layouts: Sequence[Grid], name: str) -> list[Plate]:
    by_plate: dict[str, list[_Named]] = {}
    for entry in blocks:
        by_plate.setdefault(entry.plate, []).append(entry)
    faults: list[Fault] = []
    plates = []
    for plate, entries in by_plate.items():
        seen: set[str] = set()
        for entry in entries:
            if entry.block.name in seen:
                text = (
                    f"Two grids are both named '{entry.block.name}', and the file does not say of which plate each is."
                )
                faults.append(Fault(entry.grid.sheet.where(entry.grid.header), text))
            seen.add(entry.block.name)
        sizes = {entry.grid.n_columns for entry in entries}
        if len(sizes) > 1:
            where = entries[0].grid.sheet.where(entries[0].grid.header)
            faults.append(Fault(where, f"The grids of one plate differ in size: {sorted(sizes)} columns."))
        notes = tuple(dict.fromkeys(note for one in entries for note in (*one.grid.notes(), *_unnamed(one.grid))))
        read = {well for entry in entries for well in entry.block.readings}
        rows = {index for entry in entries for index, _ in entry.grid.rows}
        is_whole = all({index for index, _ in grid.rows} == rows for grid in layouts if grid.plate == plate)
        said = [one for grid in layouts if grid.plate == plate for one in layout_words(grid)]
        content = tuple(one for one in said if is_whole or one.well in read)
        words = PlateWords(notes=notes, export_wells=content)
        own_blocks = tuple(entry.block for entry in entries)
        plates.append(Plate(plate, own_blocks, *_size(entries[0].grid), words=words))
    if faults:
        raise ReaderError(f"'{name}' holds grids that cannot be told apart. Export one plate a file.", faults)
    return plates


READER = MatrixReader()
