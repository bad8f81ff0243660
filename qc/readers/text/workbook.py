"""Workbooks as sheets: size and content are checked before a library opens them."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from datetime import date, datetime, time, timedelta

from schemas.errors import Fault, ReaderError
from schemas.text_tables.sheet import Row, Sheet

MAX_UNPACKED_BYTES = 300_000_000
"""Unpacked size above which a workbook is refused."""
MAX_RATIO = 200
"""Unpacked over packed size above which a workbook part of more than 1 MB is refused."""
MAX_CELLS = 5_000_000
"""Cells of the used area of a sheet above which it is refused."""
_CHUNK = 1 << 20
_ZIP_ERRORS = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError,
               RuntimeError, OSError, ValueError, EOFError, KeyError, IndexError, OverflowError)  # fmt: skip
_BIG_PART = 1_000_000
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_DTD = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def workbook_sheets(data: bytes, name: str) -> tuple[Sheet, ...]:
    """Read every sheet of an XLSX or XLS workbook, hidden ones too.

    Returns
    -------
    tuple of Sheet
        One for each sheet; a number is the shortest text that gives it back, a date ISO text.

    Raises
    ------
    ReaderError
        If the file is not a workbook, is damaged, is too large when unpacked or carries a document type definition.
    """
    if data.startswith(b"PK"):
        _check_zip(data, name)
    sheets = _by_calamine(data, name)
    if not sheets:
        raise ReaderError(f"Workbook '{name}' has no sheet; it is damaged or empty.")
    return sheets


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
                n_rows, n_columns = max(n_rows, int(digits)), max(n_columns, _column(letters))
            tail = window[-64:]
    if n_rows * n_columns > MAX_CELLS:
        text = f"Its part '{part.filename}' spans {n_rows} rows and {n_columns} columns; delete stray cells far out."
        raise ReaderError(f"'{name}' has a sheet that is too large.", [Fault("", text)])


def _column(letters: bytes) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + letter - ord("A") + 1
    return index


def _by_calamine(data: bytes, name: str) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return tuple(_sheet(book, sheet, name) for sheet in book.sheet_names)
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise ReaderError(f"'{name}' is a damaged workbook: {error}.") from error
    except BaseException as error:
        # A panic inside the library is not an Exception, and the file is what caused it.
        if type(error).__name__ != "PanicException":
            raise
        raise ReaderError(f"'{name}' is a damaged workbook: it cannot be decoded.") from error


def _sheet(book: object, sheet: str, name: str) -> Sheet:
    loaded = book.get_sheet_by_name(sheet)  # type: ignore[attr-defined]
    if loaded.total_height * loaded.total_width > MAX_CELLS:
        raise ReaderError(f"Sheet '{sheet}' of '{name}' has more than {MAX_CELLS} cells; it is not opened.")
    cells = loaded.to_python(skip_empty_area=False)
    return Sheet(sheet, tuple(Row(line, tuple(map(_text, row))) for line, row in enumerate(cells, start=1)))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
