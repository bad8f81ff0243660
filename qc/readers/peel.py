"""Closing an account: what no reader named is peeled off by name, or refuses the file because it looks like data.

One step for all readers. Lines that look like a preamble, a footer, a signature, a remark or padding are left aside
with their first words; lines with numbers in several cells, wells, or the header of a table that is known are
something that should have been read. A column that nobody read is left aside by its title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from qc.readers.account import Account, Note, SheetMarks, Table
from qc.readers.closed_account import Aside, ClosedAccount
from qc.readers.text.comments import comment_mark
from qc.readers.text.lost_digits import untold_losses
from qc.readers.text.remark_columns import says_something
from schemas.errors import Fault, ReaderError
from schemas.headers.column_names import bare, known_titles
from schemas.headers.look_of_rows import looks_of, named_look
from schemas.headers.nearest_title import nearest_title
from schemas.headers.swallowed_lines import swallowed_lines
from schemas.headers.table_body import repeated_headers
from schemas.text_tables.sheet import CellNote, Row, Sheet, letters

_REMARK = re.compile(
    r"(notes?|comments?|remarks?|nota bene|attention|bemerkung(en)?|anmerkung(en)?|hinweise?|kommentare?|achtung|"
    r"remarques?|commentaires?|observaciones?|comentarios?|osservazioni|commenti?)\s*:\s*(?P<words>.+)",
    re.IGNORECASE,
)
"""Line that a person wrote beside the data."""
_MOST_TEXT = 60
"""Letters of a line that are told."""
_MOST_FAULTS = 20
"""Rows of one table that are named."""
_MOST_ENTRIES = 200
"""Entries of one sheet beyond which the rest is told as one."""


@dataclass(slots=True)
class _Peeled:
    n_cells: int = 0
    n_used: int = 0
    flagged: list[Aside] = field(default_factory=list)
    left: list[Aside] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def close(account: Account, reader: str) -> ClosedAccount:
    """Close the account of a file.

    Parameters
    ----------
    account : Account
        What the reader said of its cells.
    reader : str
        Name of the reader.

    Returns
    -------
    ClosedAccount
        Used, flagged and left aside, which adds up to the cells of the file.

    Raises
    ------
    ReaderError
        If lines that nobody read look like data, if the account does not add up, or if nothing is said in it.
    """
    if not account.has_marks:
        text = f"Reader '{reader}' does not say what became of the cells of '{account.file}'."
        raise ReaderError(f"{text} Nothing was taken in; tell whoever made it.")
    peeled = _Peeled()
    marks = list(account.marks())
    for of_sheet in marks:
        _peel_sheet(of_sheet, peeled)
        peeled.faults += swallowed_lines(of_sheet.sheet)
        peeled.faults += of_sheet.sheet.faults if of_sheet.sheet.name and of_sheet.is_named else ()
        peeled.faults += untold_losses(of_sheet)
    if len({one.sheet.delimiter for one in marks}) > 1:
        peeled.faults.append(Fault("", f"Reader '{reader}' names cells under two delimiters; only one can be right."))
    if peeled.faults:
        raise ReaderError(f"'{account.file}' holds what was not read; nothing was taken in.", peeled.faults)
    closed = ClosedAccount(
        file=account.file,
        n_cells=peeled.n_cells,
        n_used=peeled.n_used,
        flagged=tuple(peeled.flagged),
        left_aside=tuple(peeled.left),
    )
    if not closed.is_closed:
        raise ReaderError(f"The account of '{account.file}' by reader '{reader}' does not add up to its cells.")
    return closed


def _peel_sheet(marks: SheetMarks, peeled: _Peeled) -> None:
    rows = marks.sheet.rows
    filled = [_filled(row) for row in rows]
    peeled.n_cells += sum(map(int.bit_count, filled))
    flagged = _take_notes(marks, [*marks.flags, *_unseen(marks)], filled, [0] * len(rows))
    taken = [used | flag for used, flag in zip(marks.used, flagged.bits, strict=True)]
    peeled.n_used += sum(
        (cells & used & ~flag).bit_count() for cells, used, flag in zip(filled, marks.used, flagged.bits, strict=True)
    )
    left = _take_notes(marks, marks.left, filled, taken)
    rest = [cells & ~(use | left_cells) for cells, use, left_cells in zip(filled, taken, left.bits, strict=True)]
    is_touched = [bool(cells & ~loose) for cells, loose in zip(filled, rest, strict=True)]
    peeled.flagged += flagged.entries
    entries = [*_columns(marks, rest, peeled.faults), *_rows(marks.sheet, rest, is_touched, peeled.faults)]
    peeled.left += _at_most([*left.entries, *entries])


def _filled(row: Row) -> int:
    cells = row.cells
    if all(map(str.strip, cells)):
        return (1 << len(cells)) - 1
    return sum(1 << index for index, cell in enumerate(cells) if cell.strip())


def _unseen(marks: SheetMarks) -> Iterator[Note]:
    """Flag what was used of cells that a person marked, does not see in the spreadsheet, or sees elsewhere."""
    for line, column, words in (*marks.sheet.struck, *marks.sheet.notes):
        row = marks.index(line)
        if marks.used[row] >> column & 1:
            yield Note(row, 1 << column, words)
    yield from _remarks(marks)
    for comment in marks.sheet.comments:
        yield from _comment(marks, comment)


def _remarks(marks: SheetMarks) -> Iterator[Note]:
    """Flag the lines of a person that stand beside no table and say so: ``Note: row C was spilled``."""
    named = {note.row for note in (*marks.left, *marks.flags)}
    for index, row in enumerate(marks.sheet.rows if not marks.sheet.row_word else ()):
        said = _REMARK.match(" ".join(cell.strip() for cell in row.cells if cell.strip()))
        if said and says_something(said["words"]) and not marks.used[index] and index not in named:
            yield Note(index, (1 << row.width) - 1, comment_mark(said["words"], marks.sheet.where(row)))


def _comment(marks: SheetMarks, comment: CellNote) -> Iterator[Note]:
    # A comment at a blank cell has no cell to be counted by: it is told with the nearest one above that was used.
    sheet, row = marks.sheet, comment.line - 1
    is_at_cell = row < len(sheet.rows) and marks.used[row] >> comment.column & 1
    place = f"sheet '{sheet.name}', cell {letters(comment.column)}{comment.line}"
    words = comment_mark(comment.words, place, word="comment" if is_at_cell else f"comment at {place}")
    nearest = next((index for index in reversed(range(min(row + 1, len(marks.used)))) if marks.used[index]), None)
    if is_at_cell:
        yield Note(row, 1 << comment.column, words)
    elif nearest is not None:
        yield Note(nearest, marks.used[nearest] & -marks.used[nearest], words)


@dataclass(slots=True)
class _Noted:
    bits: list[int]
    entries: list[Aside]


def _take_notes(marks: SheetMarks, notes: Sequence[Note], filled: Sequence[int], taken: Sequence[int]) -> _Noted:
    """Count the cells of each word, each cell once, the first word that was said of it."""
    bits = [0] * len(filled)
    first: dict[str, int] = {}
    n_cells: dict[str, int] = {}
    last: dict[str, int] = {}
    for row, columns, words in notes:
        new = columns & filled[row] & ~taken[row] & ~bits[row]
        if new:
            bits[row] |= new
            first.setdefault(words, row)
            last[words] = max(row, last.get(words, row))
            n_cells[words] = n_cells.get(words, 0) + new.bit_count()
    spans = {words: _span(marks.sheet, first[words], last[words]) for words in first}
    return _Noted(bits, [Aside(spans[words], n_cells[words], words) for words in first])


def _span(sheet: Sheet, first: int, last: int) -> str:
    place = f"sheet '{sheet.name}', " if sheet.name else ""
    word = sheet.row_word or ("row" if sheet.name else "line")
    a, b = sheet.rows[first].line, sheet.rows[last].line
    return f"{place}{word} {a}" if a == b else f"{place}{word}s {a} to {b}"


def _columns(marks: SheetMarks, rest: list[int], faults: list[Fault]) -> Iterator[Aside]:
    """Name the columns of tables that nobody read, and take them out of the rest."""
    for table in marks.tables:
        indices = [marks.index(row) for row in (table.header, *table.rows)]
        faults += _beyond(marks.sheet, table, [rest[index] for index in indices])
        faults += repeated_headers(marks.sheet, table.header, table.rows)
        loose = 0
        for index in indices:
            loose |= rest[index]
        for column in range(loose.bit_length()):
            bit = 1 << column
            if loose & bit:
                n_cells = sum(bool(rest[index] & bit) for index in indices)
                yield _column(marks.sheet, table, column, n_cells)
        for index in indices:
            rest[index] = 0


def _beyond(sheet: Sheet, table: Table, rest: Sequence[int]) -> list[Fault]:
    """Name the rows that reach beyond the last title: one cell too many shifts all others."""
    width = table.header.width
    wide = [row for row, cells in zip((table.header, *table.rows), rest, strict=True) if cells >> width]
    texts = [
        f"The row has {row.width} cells, the header has {width}; is a value unquoted or cut in two?" for row in wide
    ]
    return [Fault(sheet.where(row), text) for row, text in zip(wide[:_MOST_FAULTS], texts, strict=False)]


def _column(sheet: Sheet, table: Table, column: int, n_cells: int) -> Aside:
    place = f"sheet '{sheet.name}', " if sheet.name else ""
    title = table.header.cell(column)
    if not title:
        name = letters(column) if sheet.name else str(column + 1)
        return Aside(f"{place}column {name}", n_cells, "it has no title", is_column=True)
    name = " ".join(title.split())
    why, near = _why_unread(table, title)
    return Aside(f"{place}column '{name}'", n_cells, why, is_column=True, near=near)


def _why_unread(table: Table, title: str) -> tuple[str, str]:
    aside = next((why for word, why in table.ignored.items() if bare(word) == bare(title)), "")
    if aside:
        return aside, ""
    known = table.known if isinstance(table.known, Mapping) else {name: name for name in table.known}
    titles = {bare(word): name for word, name in known.items()}
    read = {titles.get(bare(cell)): cell for at, cell in enumerate(table.header.cells) if table.columns >> at & 1}
    ours = titles.get(bare(title))
    if ours and ours in read:
        return f"'{read[ours].strip()}' is read in its place", ""
    if not ours and bare(title) in known_titles("tidy"):
        return "it is a column of another sheet", ""
    near = nearest_title(title, {word: name for word, name in titles.items() if name not in read})
    return f"is '{near}' meant?" if near else "no such column is known", near


def _rows(sheet: Sheet, rest: Sequence[int], is_touched: Sequence[bool], faults: list[Fault]) -> Iterator[Aside]:
    first = is_touched.index(True) if True in is_touched else len(rest)
    loose = [index for index, cells in enumerate(rest) if cells]
    for _, run in groupby(enumerate(loose), key=lambda pair: (pair[1] - pair[0], is_touched[pair[1]])):
        indices = [index for _, index in run]
        rows = [_only(sheet.rows[index], rest[index]) for index in indices]
        place = _span(sheet, indices[0], indices[-1])
        look = "" if sheet.row_word else looks_of(rows, is_above=indices[0] < first)
        if look:
            text = f"{look} that is not read, beginning with '{_text(sheet, rows[0])}'. Give it as a file of its own."
            faults.append(Fault(place, text))
        elif is_touched[indices[0]]:
            yield from _cells(sheet, indices, rows)
        else:
            n_cells = sum(rest[index].bit_count() for index in indices)
            why = named_look(rows, is_above=indices[0] < first)
            yield Aside(place, n_cells, why, _text(sheet, rows[0]))


def _only(row: Row, bits: int) -> Row:
    return Row(row.line, tuple(cell if bits >> index & 1 else "" for index, cell in enumerate(row.cells)))


def _cells(sheet: Sheet, indices: Sequence[int], rows: Sequence[Row]) -> Iterator[Aside]:
    for index, row in zip(indices, rows, strict=True):
        n_cells = _filled(row).bit_count()
        yield Aside(_span(sheet, index, index), n_cells, "beside what was read", _text(sheet, row))


def _text(sheet: Sheet, row: Row) -> str:
    if sheet.row_word:
        return row.cell(0)  # a segment may name a person: its name is enough
    words = " ".join(" ".join(cell for cell in row.cells if cell.strip()).split())
    return words if len(words) <= _MOST_TEXT else words[: _MOST_TEXT - 3] + "..."


def _at_most(entries: list[Aside]) -> list[Aside]:
    if len(entries) <= _MOST_ENTRIES:
        return entries
    rest = entries[_MOST_ENTRIES:]
    return [
        *entries[:_MOST_ENTRIES],
        Aside(f"{len(rest)} more places", sum(one.n_cells for one in rest), "of the same kinds"),
    ]
