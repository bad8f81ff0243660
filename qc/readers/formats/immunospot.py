"""ImmunoSpot reports: counts of spots, their sizes, areas and intensities, each as a grid below its title.

Version 7.0.30 writes the cells apart by spaces, 7.0.38 by tabs and two grids beside each other. Numbers below zero are
codes, which the report explains below each grid: a well that was not counted has no reading, and one that is off scale
or was rejected keeps the words. How the sizes of the spots spread is left aside, but its totals are held against the
counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise
from typing import TYPE_CHECKING

from qc.readers.formats.immunospot_grids import SpotGrid, spot_grids
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.plate import Block, Plate, Reading, named, row_letter, well_of
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_SIGNED = re.compile(r"\W*Software version:\s*ImmunoSpot")
_COUNTS = re.compile(r"(spot counts|unprocessed data)\Z", re.IGNORECASE)
_LAYOUT = re.compile(r"assay layout\Z", re.IGNORECASE)
_SPREAD = re.compile(r"histogram distribution", re.IGNORECASE)
_ORDER = (
    _COUNTS,
    *map(re.compile, ("Mean spot size", "Well area", "Total intensity of all", "Total intensity of spots")),
)
"""Titles in the order in which each report of the maker has them."""
_NOT_COUNTED = frozenset({"-1", "-4", "-5"})
"""Codes of wells without a reading: not counted, not done, not applicable (legend of each report)."""
_WORDS = {"-2": "Off scale (-2)", "-3": "Rejected in QC (-3)"}
"""Codes of wells whose count is none, with the words of the legend."""
_UNCOUNTABLE = "TNTC"  # too numerous to count: legend of each report
_N_BLOCKS = 5
"""Grids of a report: counts, sizes, areas, and intensities of all objects and of spots."""
_LEAST_WIDTH = 2
"""Cells that a row of the table of sizes has more than: well, total, and a count for each size."""


@dataclass(frozen=True, slots=True)
class _Report:
    sheet: Sheet
    grids: tuple[SpotGrid, ...]
    """Grids of readings."""
    layouts: tuple[SpotGrid, ...]
    """Grids that say which assay was counted in a well."""


class ImmunoSpotReader:
    """Read reports of ImmunoSpot."""

    name = "immunospot"
    version = "1"
    is_plate = True
    instrument = "ImmunoSpot"

    def claim(self, source: Source) -> Claim | None:
        """Claim a text whose first line names the software, and that holds a grid."""
        is_ours = source.form == "text" and _SIGNED.match(source.text) and _report(source).grids
        return Claim.SIGNATURE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read the plate; a block for each grid."""
        report = _report(source)
        faults = [*_faults(report), *(fault for grid in report.layouts for fault in grid.faults(report.sheet))]
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole ImmunoSpot report.", faults)
        blocks = tuple(Block(grid.title, _readings(grid)) for grid in report.grids)
        notes = tuple(_notes(report, blocks, _totals(report.sheet)))
        grid = report.grids[0]
        plate = Plate("", blocks, grid.n_rows, grid.n_columns, words=PlateWords(notes=notes))
        _tell(report, account)
        return named([plate], source.stem)


def _report(source: Source) -> _Report:
    sheet = next((one for one in source.sheets if one.delimiter == "\t"), source.sheets[0])
    found = spot_grids(sheet)
    layouts = tuple(grid for grid in found if _LAYOUT.match(grid.title))
    return _Report(sheet, tuple(grid for grid in found if grid not in layouts), layouts)


def _faults(report: _Report) -> Iterator[Fault]:
    for grid in report.grids:
        where = report.sheet.where(grid.header)
        yield from grid.faults(report.sheet)
        if grid.n_columns != report.grids[0].n_columns:
            yield Fault(where, f"The grids differ in size: '{grid.title}' has {grid.n_columns} columns.")
        if [one.title for one in report.grids].count(grid.title) > 1:
            yield Fault(where, f"Two grids are both named '{grid.title}': is a part of the report doubled?")
        for _, row in grid.rows:
            odd = [cell for cell in grid.cells(row) if cell and number_of(cell, ".") is None and cell != _UNCOUNTABLE]
            if odd:
                yield Fault(report.sheet.where(row), f"'{odd[0]}' in the grid '{grid.title}' is no number.")
    if report.grids and not any(_COUNTS.match(grid.title) for grid in report.grids):
        where = report.sheet.where(report.grids[0].header)
        yield Fault(where, "No grid is titled 'Spot Counts' or 'Unprocessed Data': is the title lost?")
    ranked = [(rank, grid) for grid in report.grids for rank, known in enumerate(_ORDER) if known.match(grid.title)]
    for (before, first), (after, second) in pairwise(ranked):
        if after < before:
            text = (
                f"'{second.title}' stands behind '{first.title}', and ImmunoSpot writes it before: were they swapped?"
            )
            yield Fault(report.sheet.where(second.header), text)


def _readings(grid: SpotGrid) -> dict[str, Reading]:
    return {
        f"{row_letter(index)}{column}": Reading(_WORDS.get(cell, cell), row.line)
        for index, row in grid.rows
        for column, cell in enumerate(grid.cells(row), 1)
        if cell not in _NOT_COUNTED
    }


def _totals(sheet: Sheet) -> list[tuple[str, str, Row]]:
    """Return how many spots the table of their sizes states for each well, with its row."""
    below = dropwhile(lambda row: not _is_spread(row), sheet.rows)
    found = [(well_of(row.cell(0)), row.cell(1), row) for row in below if row.width > _LEAST_WIDTH]
    return [entry for entry in found if entry[0]]


def _is_spread(row: Row) -> bool:
    return any(_SPREAD.match(cell.strip()) for cell in row.cells)


def _notes(report: _Report, blocks: Sequence[Block], totals: Sequence[tuple[str, str, Row]]) -> Iterator[str]:
    counts = next(block for block in blocks if _COUNTS.match(block.name))
    grid = report.grids[0]
    if totals and len(totals) != grid.n_rows * grid.n_columns:
        yield f"The table of sizes has {len(totals)} rows for a plate of {grid.n_rows * grid.n_columns} wells."
    for well, total, row in totals:
        reading = counts.readings.get(well)
        if reading is not None and reading.text != total and total not in _WORDS:
            where = report.sheet.where(row)
            yield f"{where}: The table of sizes holds {total} spots in well {well}, the counts {reading.text}."
    if len(blocks) < _N_BLOCKS:
        titles = ", ".join(f"'{block.name}'" for block in blocks)
        yield f"The report holds {len(blocks)} grids, and ImmunoSpot writes {_N_BLOCKS}: {titles}. Is it cut?"


def _tell(report: _Report, account: Account) -> None:
    sheet = report.sheet
    for grid in report.grids:
        for row in (grid.header, *(row for _, row in grid.rows)):
            columns = () if row.width == 1 else range(grid.start - 1, grid.start + grid.n_columns)
            account.use(sheet, row, *columns)
    for grid in report.layouts:
        for row in (grid.header, *(row for _, row in grid.rows)):
            account.leave(sheet, row, reason="which assay was counted in a well")
    totals = {row.line for _, _, row in _totals(sheet)}
    for row in dropwhile(lambda row: not _is_spread(row), sheet.rows):
        if row.line in totals:
            account.use(sheet, row, 0, 1)
        if row.line <= max(totals, default=0):
            account.leave(sheet, row, reason="how the sizes of the spots spread")


READER = ImmunoSpotReader()
