"""The header of a foreign table: the row most like one, with the rows above and below that belong to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.headers.column_guess import ROWS_LOOKED_AT, Column
from schemas.headers.column_names import bare, looks_like_data, parted_unit, positions
from schemas.headers.header_rows import MAX_TITLE_ROWS, is_units_row, joined_titles
from schemas.headers.unknown_table import likely_column
from schemas.headers.wide_table import analyte_of
from schemas.text_tables.sheet import Row, Sheet


@dataclass(frozen=True, slots=True)
class FoundHeader:
    """A header of a foreign table."""

    sheet: Sheet
    """Sheet of the file."""
    at: int
    """Index of its last row."""
    n_rows: int
    """Its rows."""
    likeness: float
    """How like a header it is."""

    @property
    def titles(self) -> tuple[str, ...]:
        """One title for each column."""
        return joined_titles(self.sheet.rows[self.at + 1 - self.n_rows : self.at + 1])

    @property
    def columns(self) -> list[Column]:
        """Its columns that have a title, with the first rows below."""
        rows = _rows_below(self.sheet, self.at)
        return [
            Column(index, " ".join(title.split()), rows) for index, title in enumerate(self.titles) if title.strip()
        ]


def found_header(sheets: Sequence[Sheet], titles: Mapping[str, str]) -> FoundHeader | None:
    """Return the row of a file that is most like a header; None if no row has two texts.

    Parameters
    ----------
    sheets : sequence of Sheet
        Sheets of the file.
    titles : mapping of str to str
        Our column by bare title.
    """
    found = [one for sheet in sheets for one in _candidates(sheet, titles)]
    return max(found, key=lambda one: one.likeness, default=None)


def _candidates(sheet: Sheet, titles: Mapping[str, str]) -> list[FoundHeader]:
    found, n_filled = [], 0
    for index, row in enumerate(sheet.rows):
        n_filled += not row.is_blank
        if n_filled > MAX_TITLE_ROWS:
            break
        n_texts = sum(any(map(str.isalpha, cell)) for cell in row.cells)
        if n_texts > 1 and not looks_like_data(row) and not is_units_row(row):
            at, n_rows = _with_neighbours(sheet, index)
            header = FoundHeader(sheet, at, n_rows, 0)
            found.append(FoundHeader(sheet, at, n_rows, _likeness(header, titles, row)))
    return found


def _with_neighbours(sheet: Sheet, index: int) -> tuple[int, int]:
    """Return the last row of a header and its number of rows: a row of units below, one of groups above."""
    rows = sheet.rows
    has_units = index + 1 < len(rows) and is_units_row(rows[index + 1]) and _n_filled(rows[index + 1]) > 1
    names = [bare(cell) for cell in rows[index].cells if cell.strip()]
    above = rows[index - 1] if index else None
    has_group = len(set(names)) < len(names) and above is not None and 0 < _n_filled(above) < len(names)
    return index + has_units, 1 + has_units + has_group


def _n_filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _likeness(header: FoundHeader, titles: Mapping[str, str], row: Row) -> float:
    joined = Row(row.line, header.titles)
    known = len(positions(joined, titles))
    near = sum(bool(likely_column(cell, titles)) for cell in joined.cells)
    analytes = sum(bool(parted_unit(cell)[1] or analyte_of(cell)) for cell in joined.cells)
    below = _rows_below(header.sheet, header.at)
    n_data = min(sum(abs(_n_filled(one) - row.width) <= row.width / 3 for one in below), 3)
    has_numbers = any(cell.strip().replace(".", "").replace(",", "").isdigit() for cell in joined.cells)
    return known + near / 2 + analytes + n_data / 2 + min(row.width, 6) / 10 - 2 * has_numbers


def _rows_below(sheet: Sheet, at: int) -> list[Row]:
    return [row for row in sheet.rows[at + 1 :] if not row.is_blank][:ROWS_LOOKED_AT]
