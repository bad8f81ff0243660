"""Tables with one column an analyte: which columns are so declared, and which look like it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from schemas.headers.column_names import bare, known_titles, parted_unit
from schemas.headers.visits import parted_visit
from schemas.lab_words import LabWords, WideColumn
from schemas.text_tables.sheet import Row, Sheet
from schemas.value import ValueState, parse_value

_ROWS_LOOKED_AT = 50
_RESULTS = frozenset({ValueState.NUMBER, ValueState.BELOW, ValueState.ABOVE, ValueState.OOR_LOW, ValueState.OOR_HIGH})


def wide_columns(row: Row, words: LabWords) -> dict[int, WideColumn]:
    """Return the columns of a header that are declared to hold an analyte each.

    Parameters
    ----------
    row : Row
        Header row.
    words : LabWords
        What the laboratory calls columns.

    Returns
    -------
    dict of int to WideColumn
        Analyte and unit by index; a unit that is not declared is that of the header.
    """
    declared = {bare(title): one for title, one in words.wide.items()}
    found = {index: declared[bare(cell)] for index, cell in enumerate(row.cells) if bare(cell) in declared}
    return {index: _with_unit(one, row.cell(index)) for index, one in found.items()}


def _with_unit(one: str | WideColumn, title: str) -> WideColumn:
    column = WideColumn(one) if isinstance(one, str) else one
    return column if column.unit else replace(column, unit=parted_unit(title)[1])


def looks_wide(sheet: Sheet, header: Row, columns: Mapping[str, int]) -> dict[int, tuple[str, str]]:
    """Return the columns of a table that look like an analyte each: results below a title that is none of ours.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    header : Row
        Header row of the table.
    columns : mapping of str to int
        Index by our column, of those that are known.

    Returns
    -------
    dict of int to tuple of str and str
        Name and unit in the title, by index: those with a unit in the title, or the name of an analyte as title,
        with a visit or without.
    """
    below = [row for row in sheet.rows if row.line > header.line and not row.is_blank][:_ROWS_LOOKED_AT]
    taken = set(columns.values())
    found = {}
    for index, cell in enumerate(header.cells):
        name, unit = parted_unit(cell)
        is_ours = index in taken or not cell.strip() or bare(cell) in known_titles("tidy")
        is_analyte = bool(analyte_of(name) or analyte_of(parted_visit(name)[0]))
        if not is_ours and (unit or is_analyte) and holds_results(below, index):
            found[index] = (name.strip(), unit)
    return found


def analyte_of(name: str) -> str:
    """Return the id of the shipped analyte of a name; empty if it is none.

    Parameters
    ----------
    name : str
        Name of an analyte, as anybody writes it.
    """
    from schemas.catalogue import shipped_catalogue

    return shipped_catalogue().analyte_id(name) or ""


def holds_results(rows: list[Row], index: int) -> bool:
    """Tell whether most cells of a column are numbers or bounds.

    Parameters
    ----------
    rows : list of Row
        Rows below the header.
    index : int
        Index of the column.
    """
    cells = [row.cell(index) for row in rows if row.cell(index)]
    ways = [any(parse_value(cell, decimal_comma=comma).state in _RESULTS for comma in (False, True)) for cell in cells]
    return bool(cells) and sum(ways) > len(cells) / 2
