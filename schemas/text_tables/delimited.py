"""Delimited text as sheets: one sheet for each delimiter that cuts it at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from schemas.errors import Fault, ReaderError
from schemas.text_tables.sheet import Row, Sheet

DELIMITERS = (",", ";", "\t", "|")
"""Delimiters that are looked for."""
DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
"""Words for them."""
MAX_ROWS = 2_000_000
"""Rows above which a text is refused."""


def cut(text: str) -> tuple[Sheet, ...]:
    """Cut a text at each delimiter that it holds.

    Parameters
    ----------
    text : str
        Text of a file; line ends may be LF, CR LF or CR alone.

    Returns
    -------
    tuple of Sheet
        One for each delimiter; a text without any is one sheet of one column.

    Raises
    ------
    ReaderError
        If the text has more rows than the limit.
    """
    present = [delimiter for delimiter in DELIMITERS if delimiter in text]
    return tuple(_sheet(text, delimiter) for delimiter in present or [","])


def table_of(text: str) -> Sheet:
    """Cut a text at the delimiter that its first line holds most of.

    Parameters
    ----------
    text : str
        Text of a table whose first line names its columns; a byte-order mark is passed over.

    Returns
    -------
    Sheet
        Every row, without the spaces behind a delimiter; faults where the quoting cannot be followed.

    Raises
    ------
    ReaderError
        If the text has more rows than the limit.
    """
    bare = text.removeprefix("\ufeff")
    first_line = bare.partition("\n")[0]
    return _sheet(bare, max(DELIMITERS, key=first_line.count), skips_spaces=True)


def _sheet(text: str, delimiter: str, *, skips_spaces: bool = False) -> Sheet:
    faults: list[Fault] = []
    rows = list(_rows(text, delimiter, faults, strict=True, skipinitialspace=skips_spaces))
    if faults:
        rows = list(_rows(text, delimiter, [], strict=False, skipinitialspace=skips_spaces))
    return Sheet("", tuple(rows), delimiter, tuple(faults))


def _rows(text: str, delimiter: str, faults: list[Fault], **manners: bool) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **manners)  # type: ignore[arg-type]
    line = 1
    n_rows = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(Fault(f"line {line}", f"The quoting of this line cannot be followed: {error}."))
            return
        yield Row(line, tuple(cells))
        line = reader.line_num + 1
        n_rows += 1
        if n_rows > MAX_ROWS:
            raise ReaderError(f"The file has more than {MAX_ROWS} rows; split it.")


def plainest(sheets: tuple[Sheet, ...]) -> Sheet:
    """Choose the cut that looks most like a table, for a message only.

    Parameters
    ----------
    sheets : tuple of Sheet
        Cuts of one text.

    Returns
    -------
    Sheet
        The one whose first row of at least two cells is widest.
    """
    return max(sheets, key=lambda sheet: max((row.width for row in sheet.rows[:30]), default=0))
