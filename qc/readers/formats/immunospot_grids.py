"""Grids of an ImmunoSpot report: cut by tabs, two beside each other, or by spaces; each below its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.errors import Fault
from schemas.plates.plate import FORMATS, row_index, row_letter
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

_N_ROWS = {columns: rows for rows, columns in FORMATS}
_SPACED = re.compile(r"(1\s+2\s+3\b|[A-Pa-p]\s+[\-+.\w]+\s)")
"""Beginning of a line of a grid whose cells stand apart by spaces only."""
_RULE = re.compile(r"_{5,}\Z")
_LEGEND = re.compile(r"[:=]")


@dataclass(frozen=True, slots=True)
class SpotGrid:
    """One grid: a value for each well."""

    title: str
    """What stands above it."""
    header: Row
    """Row of column numbers, as the file has it."""
    start: int
    """Index of the cell of column 1, among the cells of a row that ``spread`` gives."""
    n_columns: int
    """Columns of the plate."""
    rows: tuple[tuple[int, Row], ...]
    """Index of the plate row, and the row of the file."""

    @property
    def n_rows(self) -> int:
        """Rows of a plate with these columns."""
        return _N_ROWS[self.n_columns]

    def cells(self, row: Row) -> tuple[str, ...]:
        """Return what stands in the columns of the plate, and all that follows in a row cut by spaces."""
        cells = spread(row)
        return cells[self.start :] if is_spaced(row) else cells[self.start : self.start + self.n_columns]

    def faults(self, sheet: Sheet) -> Iterator[Fault]:
        """Name what makes the grid less than whole.

        Yields
        ------
        Fault
            Rows that lack, and rows with more or fewer values than columns.
        """
        if not self.title:
            yield Fault(sheet.where(self.header), "No line above the grid says what it holds: is its title lost?")
        found = [index for index, _ in self.rows]
        if found != list(range(self.n_rows)):
            lacking = ", ".join(row_letter(index) for index in range(self.n_rows) if index not in found)
            text = f"The grid '{self.title}' has {self.n_columns} columns and lacks rows {lacking}: is the file cut?"
            yield Fault(sheet.where(self.header), text)
        for _, row in self.rows:
            n_values = sum(1 for cell in self.cells(row) if cell)
            if n_values != self.n_columns:
                text = f"The row has {n_values} values, the grid '{self.title}' numbers {self.n_columns} columns."
                yield Fault(sheet.where(row), text)


def is_spaced(row: Row) -> bool:
    """Tell whether the cells of a row stand apart by spaces only."""
    return row.width == 1 and bool(_SPACED.match(row.cell(0)))


def spread(row: Row) -> tuple[str, ...]:
    """Return the cells of a row without outer spaces; one of column numbers begins with a blank for the letters."""
    if not is_spaced(row):
        return tuple(cell.strip() for cell in row.cells)
    cells = row.cell(0).split()
    return ("", *cells) if cells[0] == "1" else tuple(cells)


def spot_grids(sheet: Sheet) -> list[SpotGrid]:
    """Find every grid of a report, whole or not, in order of the file.

    Parameters
    ----------
    sheet : Sheet
        Report, cut at tabs.
    """
    return [
        SpotGrid(_title(sheet.rows[:at], start, row), row, start, n_columns, _below(sheet.rows[at + 1 :], start))
        for at, row in enumerate(sheet.rows)
        for start, n_columns in _starts(spread(row))
    ]


def _starts(cells: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where columns are numbered from 1 on, and how many there are."""
    for start, cell in enumerate(cells):
        n_columns = 0
        while start and cell == "1" and cells[start + n_columns : start + n_columns + 1] == (str(n_columns + 1),):
            n_columns += 1
        if n_columns in _N_ROWS:
            yield start, n_columns


def _below(rows: Sequence[Row], start: int) -> tuple[tuple[int, Row], ...]:
    found: list[tuple[int, Row]] = []
    for row in rows:
        cells = spread(row)
        letter = cells[start - 1] if len(cells) >= start else ""
        index = row_index(letter) if letter else None
        if index is not None and index == len(found):
            found.append((index, row))
        elif not row.is_blank and not all(_RULE.match(cell) for cell in cells if cell):
            break
    return tuple(found)


def _title(above: Sequence[Row], start: int, header: Row) -> str:
    """Return the nearest words above: over the first column, or alone in their line where spaces part the cells.

    Settings and legends, which have a colon or an equals sign, are no titles: where they are nearest, there is none.
    """
    for row in reversed(above):
        words = [cell for cell in spread(row) if cell and not _RULE.match(cell)]
        title = row.cell(start) if not is_spaced(header) else words[0] if len(words) == 1 else ""
        if title and not is_spaced(row) and not _RULE.match(title):
            return "" if _LEGEND.search(title) or number_of(title, ".") is not None else title
    return ""
