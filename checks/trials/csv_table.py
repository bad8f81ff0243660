"""A small CSV table as the trials read it: named columns, numbers cell by cell, every fault told at once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schemas.errors import Fault, ReaderError
from schemas.text_tables.delimited import table_of
from schemas.text_tables.numerals import decimal_mark
from schemas.text_tables.sheet import Row, Sheet
from schemas.ucum import parse_unit
from schemas.value import MeasuredValue, ValueState, bounded, parse_value
from schemas.value_words import SHIPPED, ValueWords
from schemas.written_number import two_ways

BOUNDS = ("lloq", "lod", "uloq")
"""Columns that state the bound of a word such as ``BLQ`` or ``>ULOQ``."""
NOT_MEASURED = frozenset({ValueState.EMPTY, ValueState.NOT_AVAILABLE})
"""What a cell says where there is no result."""
_UNSTATED = frozenset({ValueState.OOR_LOW, ValueState.OOR_HIGH})


@dataclass(slots=True)
class CsvTable:
    """Rows of a file by column name."""

    columns: tuple[str, ...]
    """Names in the header, in small letters, without outer spaces."""
    delimiter: str
    """What separates the cells."""
    rows: list[dict[str, str]]
    """Stripped cells of each row that is not blank."""
    lines: list[int]
    """Line of each row."""
    decimal_comma: bool
    """Whether the file writes ``1,38`` for 1.38, which only a file cut by semicolons or tabs can do."""
    faults: list[Fault] = field(default_factory=list)
    """What is wrong so far."""

    words: ValueWords = SHIPPED
    """What words mean that stand in place of a number."""
    stated: Mapping[str, float | None] = field(default_factory=dict)
    """Bounds of such words where no column of their own states them: ``lloq``, ``lod``, ``uloq``."""
    unit: str = ""
    """Unit that stands in a cell behind its number; empty until one does."""

    def cell(self, place: int, column: str) -> MeasuredValue:
        """Read one cell, whatever it says.

        Parameters
        ----------
        place : int
            Index of the row, from 0.
        column : str
            Name of the column.

        Returns
        -------
        MeasuredValue
            What it says; a word such as ``BLQ`` with the bound that the columns ``lloq``, ``lod`` and ``uloq`` state
            (``lloq_before`` for one column alone), or ``stated``. A second unit in the cells of one table is a fault.
        """
        text = self.rows[place].get(column, "")
        value = parse_value(text, decimal_comma=self.decimal_comma, words=self.words)
        if value.unit and self.unit and parse_unit(value.unit).code != parse_unit(self.unit).code:
            self.fault(place, f"'{text}' in column '{column}' is in {value.unit}, other cells are in {self.unit}.")
        self.unit = self.unit or value.unit
        if value.state not in _UNSTATED:
            return value
        own = {name: self._bound(place, name, column) for name in BOUNDS}
        return bounded(value, {name: self.stated.get(name) if own[name] is None else own[name] for name in BOUNDS})

    def _bound(self, place: int, name: str, column: str) -> float | None:
        """Return the limit beside a cell: that of its own column (``lloq_before``), or the one of the row."""
        row = self.rows[place]
        written = row.get(f"{name}_{column}") or row.get(f"{column}_{name}") or row.get(name, "")
        return parse_value(written, decimal_comma=self.decimal_comma).number

    def number(self, place: int, column: str) -> float | None:
        """Read one cell as a number.

        Parameters
        ----------
        place : int
            Index of the row, from 0.
        column : str
            Name of the column.

        Returns
        -------
        float or None
            The number; None for an empty cell or one that says that there is no result, and for a cell that is no
            number, which becomes a fault.
        """
        value = self.cell(place, column)
        if value.state is ValueState.NUMBER:
            return value.number
        if value.state not in NOT_MEASURED:
            why = ": it lies beyond a limit. Measure it in range, or leave the line out." if value.censor else "."
            self.fault(place, f"'{value.text}' in column '{column}' is not a number{why}{_hint(value.text)}")
        return None

    def bounds(self, place: int, column: str) -> tuple[float, float] | None:
        """Read one cell as a number or a bound such as ``<0.5``.

        Parameters
        ----------
        place : int
            Index of the row, from 0.
        column : str
            Name of the column.

        Returns
        -------
        tuple of float, or None
            The smallest and the largest number that it may be, infinite where there is no end; None for an empty cell,
            and for one that is neither, which becomes a fault.
        """
        value = self.cell(place, column)
        if value.limit is not None:
            return (-math.inf, value.limit) if value.state is ValueState.BELOW else (value.limit, math.inf)
        if value.state in _UNSTATED:
            self.fault(place, unstated(value.text, column))
            return None
        number = self.number(place, column)
        return None if number is None else (number, number)

    def label(self, place: int, column: str) -> str:
        """Read one cell as a label that must be there.

        Parameters
        ----------
        place : int
            Index of the row, from 0.
        column : str
            Name of the column.

        Returns
        -------
        str
            Text of the cell; an empty one becomes a fault.
        """
        text = self.rows[place].get(column, "")
        if not text:
            self.fault(place, f"Column '{column}' is empty.")
        return text

    def fault(self, place: int, text: str) -> None:
        """Note a fault of one row.

        Parameters
        ----------
        place : int
            Index of the row, from 0.
        text : str
            Full sentence.
        """
        self.faults.append(Fault(f"line {self.lines[place]}", text))

    def refuse_faults(self, what: str) -> None:
        """Refuse the file if anything was wrong with it.

        Parameters
        ----------
        what : str
            What cannot be judged, at the head of the message: ``The table of results``.

        Raises
        ------
        ReaderError
            If there is a fault; all are named.
        """
        if self.faults:
            raise ReaderError(f"{what} cannot be judged.", self.faults)


def unstated(text: str, column: str) -> str:
    """Say that a cell lies beyond a bound that nobody states.

    Parameters
    ----------
    text : str
        Cell as written.
    column : str
        Name of its column.

    Returns
    -------
    str
        A sentence with what to add.
    """
    return (
        f"'{text}' in column '{column}' lies beyond a limit that the table does not state. "
        "Write the limit in the cell ('<0.5'), or in a column lloq, lod or uloq beside it."
    )


def _hint(text: str) -> str:
    sentence = two_ways(text)
    return f" {sentence}" if sentence else ""


def read_csv_table(
    text: str, needed: Sequence[str] = (), *, too_long: str = "", may_be_empty: bool = False
) -> CsvTable:
    """Read a CSV file with a header.

    Parameters
    ----------
    text : str
        Text of the file; cut by commas, semicolons, tabs or bars.
    needed : sequence of str
        Columns that must be there.
    too_long : str
        What to say of a row with more cells than the header; empty means how many it has.
    may_be_empty : bool
        Whether a table without rows is one.

    Returns
    -------
    CsvTable
        Rows; blank ones are left out, but in a table of one column, where a blank line is an empty cell; those at the
        end of the file are not. A row that is too long is a fault of it.

    Raises
    ------
    ReaderError
        If a column is missing or stands twice, there is no row, or the quoting cannot be followed.
    """
    sheet = table_of(text)
    columns = tuple(cell.strip().casefold() for cell in sheet.rows[0].cells) if sheet.rows else ()
    _check_columns(columns, needed)
    rows = [row for row in sheet.rows[1:] if len(columns) == 1 or not row.is_blank]
    while rows and rows[-1].is_blank:
        rows.pop()
    if not rows and not may_be_empty:
        raise ReaderError("The table has no row below its header.")
    _check_quotes(sheet, rows)
    cells = [{name: cell.strip() for name, cell in zip(columns, row.cells, strict=False)} for row in rows]
    long = [row for row in rows if row.width > len(columns)]
    says = [too_long or f"The row has {len(row.cells)} cells, the header {len(columns)}." for row in long]
    faults = [Fault(sheet.where(row), sentence) for row, sentence in zip(long, says, strict=True)]
    return CsvTable(columns, sheet.delimiter, cells, [row.line for row in rows], _writes_commas(sheet, rows), faults)


def _check_columns(columns: Sequence[str], needed: Sequence[str]) -> None:
    named = [name for name in columns if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise ReaderError(f"Column '{twice[0]}' stands twice in the header.")
    missing = [name for name in needed if name not in columns]
    if missing:
        found = ", ".join(f"'{name}'" for name in named) or "none"
        raise ReaderError(f"Column '{missing[0]}' is missing. Columns found: {found}.")


def _check_quotes(sheet: Sheet, rows: Sequence[Row]) -> None:
    faults = [
        Fault(sheet.where(row), "A cell goes over several lines: a quote before it is not closed.")
        for row in rows
        if any("\n" in cell for cell in row.cells)
    ]
    if faults or sheet.faults:
        raise ReaderError("The text cannot be read as CSV.", [*sheet.faults, *faults])


def _writes_commas(sheet: Sheet, rows: Sequence[Row]) -> bool:
    # In a file cut by anything else, a comma before three digits is a decimal one too.
    texts = (cell for row in rows for cell in row.cells)
    return sheet.delimiter != "," and decimal_mark(texts, may_part_thousands=False) == ","
