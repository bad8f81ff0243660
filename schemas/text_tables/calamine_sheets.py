"""Sheets of a workbook as the library decodes them: text of each cell, what is merged, which sheet is hidden."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from schemas.errors import ReaderError

MAX_CELLS = 5_000_000
"""Cells of the used area of a sheet above which it is refused."""
_LARGEST_EXACT = 2**53
"""Whole numbers beyond it are not exact: a spreadsheet has lost their last digits."""
_KEPT_DIGITS = 15
"""Digits that a spreadsheet keeps of what is typed in; it writes zeros in place of the others."""


@dataclass(frozen=True, slots=True)
class CalamineSheet:
    """One sheet."""

    name: str
    """Name of the sheet."""
    is_hidden: bool
    """Whether a spreadsheet shows it only when asked to."""
    rows: list[list[str]]
    """Text of every cell, blank ones too, from the first row and column on."""
    merged: list[list[int]]
    """First row, first column, last row and last column of merged cells, counted from 0."""
    lost: list[list[int]]
    """Row and column, counted from 0, of numbers that have lost digits."""


def calamine_sheets(data: bytes, name: str) -> list[CalamineSheet]:
    """Decode every sheet of an XLSX or XLS workbook, hidden ones too.

    Parameters
    ----------
    data : bytes
        The file as it came.
    name : str
        Name of the file.

    Returns
    -------
    list of CalamineSheet
        A number is the shortest text that gives it back, a whole one all of its digits; a date is ISO text.

    Raises
    ------
    ReaderError
        If the workbook is damaged, or a sheet is too large.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        hidden = {one.name: "Visible" not in str(one.visible) for one in book.sheets_metadata}
        return [_sheet(book, sheet, name, is_hidden=hidden.get(sheet, False)) for sheet in book.sheet_names]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise ReaderError(f"'{name}' is a damaged workbook: {error}.") from error
    except BaseException as error:
        # A panic inside the library is not an Exception, and the file is what caused it.
        if type(error).__name__ != "PanicException":
            raise
        raise ReaderError(f"'{name}' is a damaged workbook: it cannot be decoded.") from error


def _sheet(book: object, sheet: str, name: str, *, is_hidden: bool) -> CalamineSheet:
    loaded = book.get_sheet_by_name(sheet)  # type: ignore[attr-defined]
    if loaded.total_height * loaded.total_width > MAX_CELLS:
        raise ReaderError(f"Sheet '{sheet}' of '{name}' has more than {MAX_CELLS} cells; it is not opened.")
    cells = loaded.to_python(skip_empty_area=False)
    merged = [[*start, *end] for start, end in loaded.merged_cell_ranges or ()]
    lost = [
        [line, column] for line, row in enumerate(cells) for column, cell in enumerate(row) if _has_lost_digits(cell)
    ]
    return CalamineSheet(sheet, is_hidden, [list(map(_text, row)) for row in cells], merged, lost)


def _has_lost_digits(value: object) -> bool:
    # Text keeps all of its digits, however many they are.
    if not isinstance(value, float | int) or isinstance(value, bool) or abs(value) < 10**_KEPT_DIGITS:
        return False
    if isinstance(value, float) and not value.is_integer():
        return False
    digits = str(abs(int(value)))
    return abs(value) > _LARGEST_EXACT or not digits[_KEPT_DIGITS:].strip("0")


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(Decimal(repr(value)))) if value.is_integer() and abs(value) < 1e22 else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)
