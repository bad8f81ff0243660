"""Headers of several rows, read as one: a group above its titles, a unit below its title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from schemas.headers.column_names import bare, parted_unit
from schemas.text_tables.sheet import Row, Sheet
from schemas.ucum import UnitState, parse_unit

MAX_TITLE_ROWS = 30
"""Rows above the header that may hold titles."""


def joined_titles(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return one title for each column of a header of one or more rows.

    Parameters
    ----------
    rows : sequence of Row
        Rows of the header, from above.

    Returns
    -------
    tuple of str
        Titles as one reads them: a group counts for the columns to its right until the next one, ``Visit 1 BP``; a
        unit stands in brackets behind its title, ``FERR (ng/mL)``.

    Examples
    --------
    >>> joined_titles([Row(1, ("", "Visit 1", "")), Row(2, ("id", "BP", "HR"))])
    ('id', 'Visit 1 BP', 'Visit 1 HR')
    >>> joined_titles([Row(1, ("id", "FERR")), Row(2, ("", "ng/mL"))])
    ('id', 'FERR (ng/mL)')
    """
    width = max(len(row.cells) for row in rows)
    titles = [""] * width
    for number, row in enumerate(rows):
        is_group = number < len(rows) - 1 and not is_units_row(rows[number + 1])
        cells = _spread(row, width) if is_group else [row.cell(index) for index in range(width)]
        titles = [_joined(before, cell) for before, cell in zip(titles, cells, strict=True)]
    return tuple(title if _own(rows, index) else "" for index, title in enumerate(titles))


def _own(rows: Sequence[Row], index: int) -> bool:
    """Tell whether a column has a title of its own, not only the group of its neighbour."""
    return any(row.cell(index) for row in rows)


def _spread(row: Row, width: int) -> list[str]:
    cells: list[str] = []
    for index in range(width):
        cells.append(row.cell(index) or (cells[-1] if cells else ""))
    return cells


def _joined(before: str, cell: str) -> str:
    if not before or not cell:
        return before or cell
    return f"{before} ({cell.strip('()[] ')})" if _is_unit(cell) and not parted_unit(before)[1] else f"{before} {cell}"


def is_units_row(row: Row) -> bool:
    """Tell whether a row holds a unit in most cells that are filled, and in one at least.

    Parameters
    ----------
    row : Row
        Row below titles.
    """
    filled = [cell for cell in row.cells if cell.strip()]
    return bool(filled) and sum(map(_is_unit, filled)) > len(filled) / 2


def _is_unit(cell: str) -> bool:
    text = cell.strip("()[] ")
    return not text.isdigit() and any(map(str.isalpha, text)) and parse_unit(text).state is UnitState.OK


def with_header(sheet: Sheet, at: int, n_rows: int) -> Sheet:
    """Return a sheet whose header is known, in one row.

    Parameters
    ----------
    sheet : Sheet
        Sheet of a file.
    at : int
        Index of the last row of the header.
    n_rows : int
        Rows of the header.

    Returns
    -------
    Sheet
        Sheet with the joined titles in that row, as many cells filled as before.
    """
    rows = list(sheet.rows)
    last = rows[at]
    titles = joined_titles(rows[at - n_rows + 1 : at + 1])
    if n_rows > 1:
        rows[at] = replace(last, cells=titles)
        # A title that stands in an upper row alone moves down, so that the sheet has as many cells as the file.
        for index in range(at - n_rows + 1, at):
            rows[index] = replace(rows[index], cells=_without(rows[index], last))
    return replace(sheet, rows=tuple(rows), header_line=last.line, n_header_rows=n_rows)


def _without(row: Row, last: Row) -> tuple[str, ...]:
    return tuple(cell if last.cell(index) else "" for index, cell in enumerate(row.cells))


def header_at(sheet: Sheet, titles: Iterable[str], n_rows: int) -> int | None:
    """Return where a header with certain titles stands.

    Parameters
    ----------
    sheet : Sheet
        Sheet of a file.
    titles : iterable of str
        Titles that it must hold.
    n_rows : int
        Rows of the header.

    Returns
    -------
    int or None
        Index of its last row; None if no row among the first holds them all.
    """
    wanted = {bare(title) for title in titles}
    n_filled = 0
    for index, row in enumerate(sheet.rows):
        n_filled += not row.is_blank
        if n_filled > MAX_TITLE_ROWS + n_rows:
            return None
        if index + 1 >= n_rows and wanted <= {
            bare(one) for one in joined_titles(sheet.rows[index + 1 - n_rows : index + 1])
        }:
            return index
    return None
