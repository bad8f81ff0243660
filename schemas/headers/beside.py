"""A second table to the right of the first, behind a column without title and cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.errors import Fault
from schemas.headers.header import kind_of
from schemas.text_tables.sheet import Row, Sheet


def columns_beside(
    sheet: Sheet, header: Row, rows: Sequence[Row], columns: Mapping[str, int], kind: str
) -> list[Fault]:
    """Name columns that stand behind an empty one, where those before it are a table by themselves.

    Parameters
    ----------
    sheet : Sheet
        Sheet of the table.
    header : Row
        Its titles.
    rows : sequence of Row
        Rows below them.
    columns : mapping of str to int
        Index by our column.
    kind : str
        Kind of the table.

    Returns
    -------
    list of Fault
        One at most: a summary beside the table would be taken for what its rows say.
    """
    n_first = next((index for index in range(header.width) if _is_empty(index, header, rows)), header.width)
    first = {ours: index for ours, index in columns.items() if index < n_first}
    filled = _filled(header, rows, n_first)
    known = [index for index in columns.values() if index in filled]
    behind = [header.cell(index) for index in known or (filled if len(filled) > 1 else ())]
    if not behind or kind_of(first) != kind:
        return []
    quoted = ", ".join(f"'{title}'" for title in behind)
    text = f"Columns behind an empty one look like a second table: {quoted}. Give it as a file of its own"
    return [Fault(sheet.where(header), f"{text}; if they belong to the rows, delete the empty column.")]


def _filled(header: Row, rows: Sequence[Row], n_first: int) -> list[int]:
    """Return the titled columns behind an empty one that have cells below."""
    places = [index for index in range(n_first + 1, header.width) if header.cell(index)]
    return [index for index in places if any(row.cell(index) for row in rows)]


def _is_empty(index: int, header: Row, rows: Sequence[Row]) -> bool:
    return not header.cell(index) and not any(row.cell(index) for row in rows)
