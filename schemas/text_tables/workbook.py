"""Workbooks as sheets: size and content are checked before a library opens them."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from schemas.errors import Fault, ReaderError
from schemas.text_tables.calamine_sheets import MAX_CELLS, CalamineSheet, calamine_sheets
from schemas.text_tables.number_format import shown_text
from schemas.text_tables.sheet import CellNote, Row, Sheet, column_index, letters
from schemas.text_tables.workbook_parts import SheetParts, sheet_parts
from schemas.text_tables.workbook_process import sheets_of_process

MAX_UNPACKED_BYTES = 300_000_000
"""Unpacked size above which a workbook is refused."""
MAX_RATIO = 200
"""Unpacked over packed size above which a workbook part of more than 1 MB is refused."""
_LARGE = 10_000_000
"""Bytes above which an XLSX is decoded in a process of its own, as every XLS is."""
_MOST_FAULTS = 20
LOST_DIGITS = "the code is a number of more digits than a spreadsheet keeps (15); its last ones are gone"
"""What is said of a cell that has lost digits."""
STRUCK = "struck through in the spreadsheet"
"""What is said of a cell that a person has struck through."""
_HIDDEN = "hidden in the spreadsheet"
_HIDDEN_SHEET = "on a hidden sheet"
_CHUNK = 1 << 20
_ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError,
               RuntimeError, OSError, ValueError, EOFError, KeyError, IndexError, OverflowError)  # fmt: skip
_BIG_PART = 1_000_000
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def workbook_sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Read every sheet of an XLSX or XLS workbook, hidden ones too.

    Parameters
    ----------
    data : bytes
        The file as it came.
    name : str
        Name of the file.

    Returns
    -------
    tuple of Sheet
        One for each sheet; a number is the shortest text that gives it back, with the words, signs and zeros of its
        format (``23%``, ``<0.5``, ``0012``), an error (``#N/A``) its own text, a date ISO text. Faults name formulas
        without a value, notes what is hidden, merged, struck through or commented on; numbers that have lost digits
        are named apart.

    Raises
    ------
    ReaderError
        If the file is not a workbook, is damaged, is too large when unpacked or carries a document type definition.
    """
    is_xlsx = data.startswith(b"PK")
    if is_xlsx:
        _check_zip(data, name)
    sheets = calamine_sheets(data, name) if is_xlsx and len(data) < _LARGE else sheets_of_process(data, name)
    if not sheets:
        raise ReaderError(f"Workbook '{name}' has no sheet; it is damaged or empty.")
    try:
        parts = sheet_parts(data) if is_xlsx else {}
    except (*_ZIP_ERRORS, SyntaxError) as error:
        raise ReaderError(f"'{name}' is a damaged workbook: {error}.") from error
    return tuple(_with_parts(sheet, parts.get(sheet.name, SheetParts())) for sheet in sheets)


def _check_zip(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if not any(part.filename == "[Content_Types].xml" for part in parts):
                raise ReaderError(f"'{name}' is a ZIP archive and not a workbook. Unpack it and give the files in it.")
            if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise ReaderError(f"'{name}' unpacks to more than {MAX_UNPACKED_BYTES} bytes; it is not opened.")
            for part in parts:
                _check_part(archive, part, name)
    except _ZIP_ERRORS as error:
        raise ReaderError(f"'{name}' is a damaged workbook: {error}.") from error


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    if part.file_size > _BIG_PART and part.file_size > MAX_RATIO * max(part.compress_size, 1):
        text = f"Its part '{part.filename}' unpacks to {part.file_size // max(part.compress_size, 1)} times its size."
        raise ReaderError(f"'{name}' looks like a decompression bomb and is not opened.", [Fault("", text)])
    is_sheet = "/worksheets/" in part.filename
    n_rows = n_columns = 1
    tail = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            window = (tail + chunk).replace(b"\0", b"")
            if part.filename.endswith((".xml", ".rels")) and _DTD.search(window):
                raise ReaderError(f"'{name}' carries a document type definition or an entity; it is not opened.")
            for letters, digits in _REFERENCE.findall(window) if is_sheet else ():
                n_rows, n_columns = max(n_rows, int(digits)), max(n_columns, column_index(letters.upper()) + 1)
            tail = window[-64:]
    if n_rows * n_columns > MAX_CELLS:
        text = f"Its part '{part.filename}' spans {n_rows} rows and {n_columns} columns; delete stray cells far out."
        raise ReaderError(f"'{name}' has a sheet that is too large.", [Fault("", text)])


def _with_parts(sheet: CalamineSheet, parts: SheetParts) -> Sheet:
    """Put together what a sheet says of its cells, so that none means less than a person sees."""
    rows = [list(row) for row in sheet.rows]
    faults = tuple(_without_value(sheet.name, parts))
    for (line, column), error in parts.errors.items():
        _put(rows, line, column, error)
    for (line, column), code in parts.formats.items():
        text = rows[line - 1][column] if line <= len(rows) and column < len(rows[line - 1]) else ""
        if text:
            rows[line - 1][column] = shown_text(code, text) or text
    numbered_rows = tuple(Row(line, tuple(row)) for line, row in enumerate(rows, start=1))
    return Sheet(
        sheet.name,
        numbered_rows,
        faults=faults,
        notes=tuple(_notes(sheet, parts, rows)),
        struck=tuple(_struck(parts, rows)),
        comments=tuple(CellNote(*place, text) for place, text in sorted(parts.comments.items())),
        lost=tuple(_lost(sheet)),
    )


def _put(rows: list[list[str]], line: int, column: int, text: str) -> None:
    while len(rows) < line:
        rows.append([])
    row = rows[line - 1]
    row.extend([""] * (column + 1 - len(row)))
    row[column] = text


def _without_value(name: str, parts: SheetParts) -> Iterator[Fault]:
    for line, column in sorted(parts.without_value)[:_MOST_FAULTS]:
        text = "The cell holds a formula whose value is not stored. Open the workbook in a spreadsheet and save it."
        yield Fault(f"sheet '{name}', cell {letters(column)}{line}", text)


def _lost(sheet: CalamineSheet) -> Iterator[CellNote]:
    for line, column in sheet.lost:
        yield CellNote(line + 1, column, LOST_DIGITS)


def _struck(parts: SheetParts, rows: list[list[str]]) -> Iterator[CellNote]:
    for line, column in sorted(parts.struck):
        if line <= len(rows) and column < len(rows[line - 1]) and rows[line - 1][column].strip():
            yield CellNote(line, column, STRUCK)


def _notes(sheet: CalamineSheet, parts: SheetParts, rows: list[list[str]]) -> Iterator[CellNote]:
    """Name the cells that a person does not see, or sees elsewhere."""
    is_hidden = sheet.is_hidden or parts.is_hidden
    for line, row in enumerate(rows, start=1):
        for column in range(len(row)) if is_hidden or line in parts.hidden_rows else parts.hidden_columns:
            yield CellNote(line, column, _HIDDEN_SHEET if is_hidden else _HIDDEN)
    for first_row, first_column, *_ in sheet.merged:
        yield CellNote(first_row + 1, first_column, "merged with the cells beside it, and read in the first one alone")
