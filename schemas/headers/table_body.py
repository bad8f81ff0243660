"""Where a table ends: the rows of a header, a second header among them, and the lines that stand below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, pairwise

from schemas.errors import Fault
from schemas.headers.column_names import bare, known_titles
from schemas.headers.row_words import is_statistic, kind_of_words
from schemas.text_tables.sheet import Row, Sheet

_LEAST_TITLES = 3
"""Titles that make a row a header: two may be the words of a cell, such as sample and control."""
_MOST_OF_A_FOOTER = 2
"""Cells of a line below a table, behind a blank one, that is no row of it."""


def table_body(sheet: Sheet, header: Row, needed: Sequence[int]) -> tuple[Row, ...]:
    """Return the rows of a table: all below its header that are not blank, without the lines that follow it.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    header : Row
        Header row of the table.
    needed : sequence of int
        Columns that a row of this table fills.

    Notes
    -----
    A line below the table is a signature, a remark, a closing line or a summary by its first word that fills at most
    one of the needed columns; or it stands behind a blank line and fills no more than two cells and one of these
    columns; or it belongs to rows behind a blank line that begin with a header of their own. What is neither is a row
    of the table, and refused where it does not fit. Rows that begin with a word such as mean or SD and lack a cell
    that all rows above them fill are a summary, also without a blank line above. A line that begins with a word that no
    sample is called by (mean, standard deviation, total) is a summary wherever it stands, with the lines of SD, CV,
    count or range beside it.
    """
    rows = [row for row in sheet.rows if row.line > header.line]
    end = _second_table(rows)
    is_behind_blank = _behind_blank(rows[:end])
    body = [row for row in rows[:end] if not row.is_blank]
    while body and _is_footer(body[-1], needed, is_behind_blank=is_behind_blank.get(body[-1].line, False)):
        body.pop()
    body = body[: len(body) - _n_summaries(body)]
    statistics = _statistics(body)
    return tuple(row for row in body if row.line not in statistics)


def _statistics(body: Sequence[Row]) -> frozenset[int]:
    """Return the lines among the rows that are a mean, and those of its SD, CV, count or range beside it."""
    found: set[int] = set()
    for block in (list(rows) for is_one, rows in groupby(body, _is_summary) if is_one):
        if any(is_statistic(_first(row)) for row in block):
            found |= {row.line for row in block}
    return frozenset(found) if len(found) < len(body) else frozenset()


def _n_summaries(body: Sequence[Row]) -> int:
    """Count the last rows that are a mean or the like, and lack a cell that every row above them fills."""
    n = 0
    while n + 1 < len(body) and _is_summary(body[-1 - n]):
        n += 1
    rows = body[: len(body) - n]
    always = [column for column in range(max((row.width for row in rows), default=0)) if all(map(_has(column), rows))]
    return n if n and all(any(not row.cell(column) for column in always) for row in body[len(rows) :]) else 0


def _is_summary(row: Row) -> bool:
    return kind_of_words(_first(row)) == "summary"


def _first(row: Row) -> str:
    return next((cell.strip() for cell in row.cells if cell.strip()), "")


def _has(column: int) -> Callable[[Row], bool]:
    return lambda row: bool(row.cell(column))


def _second_table(rows: Sequence[Row]) -> int:
    """Return where rows behind a blank one begin with titles that are not those of the header."""
    after_blank = False
    for index, row in enumerate(rows):
        if row.is_blank:
            after_blank = True
        elif after_blank and index + 1 < len(rows) and _is_other_header(row):
            return index
        else:
            after_blank = False
    return len(rows)


def _is_other_header(row: Row) -> bool:
    titles = [cell.strip() for cell in row.cells if cell.strip()]
    has_digits = any(character.isdigit() for title in titles for character in title)
    return len(titles) > _MOST_OF_A_FOOTER and not has_digits and len(set(titles)) == len(titles)


def _behind_blank(rows: Sequence[Row]) -> Mapping[int, bool]:
    """Tell by line of each row of the last group whether a blank row stands above the group."""
    last_blank = max((index for index, row in enumerate(rows) if row.is_blank and _has_more(rows, index)), default=-1)
    return {row.line: True for row in rows[last_blank + 1 :]} if last_blank >= 0 else {}


def _has_more(rows: Sequence[Row], index: int) -> bool:
    return any(not row.is_blank for row in rows[index + 1 : index + 40])


def _is_footer(row: Row, needed: Sequence[int], *, is_behind_blank: bool) -> bool:
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    n_needed = sum(bool(row.cell(column)) for column in needed)
    if n_needed > 1:
        return False
    return bool(kind_of_words(filled[0])) or (is_behind_blank and len(filled) <= _MOST_OF_A_FOOTER)


def repeated_headers(sheet: Sheet, header: Row, rows: Sequence[Row]) -> list[Fault]:
    """Name every row that is the header once more: two files in one, or a page break.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    header : Row
        Header row of the table.
    rows : sequence of Row
        Rows below it, none blank.
    """
    titles = {index: bare(cell) for index, cell in enumerate(header.cells) if cell.strip()}
    first = next(iter(titles), 0)
    return _other_headers(sheet, rows) + [
        Fault(
            sheet.where(row),
            f"The header of line {header.line} stands here once more: two tables in one file? Give one file for each.",
        )
        for row in rows
        if bare(row.cell(first)) == titles.get(first) and _n_in_common(row, titles) >= min(len(titles), 2)
    ]


def _other_headers(sheet: Sheet, rows: Sequence[Row]) -> list[Fault]:
    """Name every row whose cells are titles of a sheet: another table begins there, of the same width by chance."""
    known = known_titles("tidy")
    found = [row for row in rows if _is_header_of(row, known)]
    text = "The row holds titles ({}): another table begins here? Give one file for each."
    quote = [", ".join(f"'{cell.strip()}'" for cell in row.cells if cell.strip()) for row in found]
    return [Fault(sheet.where(row), text.format(titles)) for row, titles in zip(found, quote, strict=True)]


def _is_header_of(row: Row, known: Mapping[str, str]) -> bool:
    cells = [bare(cell) for cell in row.cells if cell.strip()]
    n_known = len({known[cell] for cell in cells if cell in known})
    return n_known >= _LEAST_TITLES and 2 * n_known > len(cells)


def headings(header: Row, rows: Sequence[Row]) -> list[Row]:
    """Return the lines among the rows that hold one cell, the first: headings over the rows below them.

    Parameters
    ----------
    header : Row
        Header row of the table.
    rows : sequence of Row
        Rows below it, none blank.
    """
    if header.width < _LEAST_TITLES:
        return []
    alone = {row.line for row in rows if row.width and sum(bool(cell.strip()) for cell in row.cells) == 1}
    followed = (row for row, below in pairwise(rows) if row.line in alone and below.line not in alone)
    return [row for row in followed if row.cells[0].strip()]


def _n_in_common(row: Row, titles: Mapping[int, str]) -> int:
    return sum(bare(row.cell(index)) == title for index, title in titles.items())
