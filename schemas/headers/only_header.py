"""The tables that a file holds: one of a text, one a sheet of a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.errors import ReaderError
from schemas.headers.header import NO_WORDS, Header, find_headers
from schemas.headers.unknown_table import unknown_table
from schemas.lab_words import LabWords
from schemas.text_tables.delimited import DELIMITER_NAMES
from schemas.text_tables.sheet import Sheet


def table_headers(sheets: Sequence[Sheet], name: str, words: LabWords = NO_WORDS) -> tuple[Header, ...]:
    """Return the header of each table of a file.

    Parameters
    ----------
    sheets : sequence of Sheet
        Sheets of the file; of a text one for each delimiter that cuts it.
    name : str
        Name of the file.
    words : LabWords
        What the laboratory calls columns.

    Returns
    -------
    tuple of Header
        One for a text; one for each sheet of a workbook that has a known header.

    Raises
    ------
    ReaderError
        If there is none, or a text has one under two delimiters.
    """
    headers = find_headers(sheets, words)
    if not headers:
        raise unknown_table(sheets, name, words)
    if headers[0].sheet.name:
        return tuple(headers)
    if len(headers) > 1:
        names = " and ".join(DELIMITER_NAMES[header.sheet.delimiter] for header in headers)
        raise ReaderError(f"The delimiter of '{name}' is not clear: {names} both give a known header. Use one only.")
    return (headers[0],)
