"""Typed cells of a sheet: numbers, whole numbers and times, each fault collected with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schemas.errors import Fault
from schemas.lab_words import LabWords
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet
from schemas.value_words import SHIPPED
from schemas.written_number import two_ways
from schemas.written_time import time_of

_AS_ABOVE = (
    "If it means the cell above, write that in each row, or say so in words.toml of the lab or the run sheet: "
    '[blanks], {column} = "as above".'
)
_DASHES = frozenset({"-", "\u2013", "\u2014", "."})


def is_blank(text: str) -> bool:
    """Tell whether a cell holds nothing, or says that there is nothing: ``NA``, ``-``, ``not done``.

    Parameters
    ----------
    text : str
        Text of the cell, stripped.
    """
    if text[:1].isdigit():
        return False
    return not text or text in _DASHES or SHIPPED.meaning(text) == "no_result"


@dataclass(slots=True)
class Cells:
    """Cells of one table by our column names; faults pile up in ``faults``."""

    sheet: Sheet
    """Sheet of the table."""
    header: Row
    """Header row."""
    columns: Mapping[str, int]
    """Index by our column name."""
    mark: str = "."
    """Decimal mark of the file."""
    words: LabWords = field(default_factory=LabWords)
    """Words of the laboratory."""
    faults: list[Fault] = field(default_factory=list)
    """Faults so far."""
    above: dict[int, dict[int, str]] = field(default_factory=dict)
    """Last filled cell at or above each line, by column; filled as it is asked for."""

    def text(self, row: Row, column: str) -> str:
        """Return the stripped text of a cell; empty if the file lacks the column.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        """
        index = self.columns.get(column)
        text = row.cell(index) if index is not None else ""
        return self._above(row, index) if index is not None and not text and column in self.words.blanks else text

    def _above(self, row: Row, index: int) -> str:
        if index not in self.above:
            last, self.above[index] = "", {}
            for one in self.sheet.rows:
                last = (one.cell(index) or last) if one.line > self.header.line else ""
                self.above[index][one.line] = last
        return self.above[index].get(row.line, "")

    def refuse_empty(self, row: Row, column: str, sentence: str) -> None:
        """Add a fault at an empty cell, with the way on where it may stand for a filled one above it.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        sentence : str
            What is wrong, and what was expected.
        """
        index = self.columns.get(column)
        is_below = index is not None and bool(self._above(row, index))
        self.refuse(row, column, f"{sentence} {_AS_ABOVE.format(column=column)}" if is_below else sentence)

    def refuse(self, row: Row, column: str, sentence: str) -> None:
        """Add a fault at a cell.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        sentence : str
            What is wrong, and what was expected.
        """
        index = self.columns.get(column)
        title = self.header.cell(index) if index is not None else column
        self.faults.append(Fault(self.sheet.where(row, index, title), sentence))

    def needed(self, row: Row, column: str) -> str:
        """Return the text of a cell that must not be empty.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        """
        text = self.text(row, column)
        if not text:
            self.refuse_empty(row, column, "The cell is empty; it is needed.")
        return text

    def number(self, row: Row, column: str, *, least: float | None = None) -> float | None:
        """Read a number of at least ``least``; empty and NA are None, anything else that is no number is a fault.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        least : float or None
            Least number that can be, in the unit of the cell; None if any can.
        """
        text = self.text(row, column)
        if is_blank(text):
            return None
        if self.mark == "?" and "," in text:
            sentence = f"Number '{text}' can be read two ways: the comma may be a decimal mark or part thousands."
            self.refuse(row, column, sentence + " Write every number of the file with a decimal point.")
            return None
        number = number_of(text, self.mark)
        if number is None:
            hint = two_ways(text) or "Expected a number or an empty cell."
            self.refuse(row, column, f"'{text}' is not a number. {hint}")
        elif least is not None and number < least:
            self.refuse(row, column, f"{text} is below {least:g}, which cannot be.")
            return None
        return number

    def integer(self, row: Row, column: str, *, least: int, most: int) -> int | None:
        """Read a whole number between two bounds; None if the cell is empty or after a fault.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        least : int
            Least number that can be.
        most : int
            Greatest number that can be.
        """
        number = self.number(row, column)
        if number is None:
            return None
        if not number.is_integer() or not least <= number <= most:
            text = self.text(row, column)
            self.refuse(row, column, f"'{text}' is not a whole number from {least} to {most}.")
            return None
        return int(number)

    def time(self, row: Row, column: str) -> datetime | None:
        """Read a date or a time of day on a date, local time of the laboratory.

        Parameters
        ----------
        row : Row
            Row of the sheet.
        column : str
            Our name of the column.
        """
        text = self.text(row, column)
        if is_blank(text):
            return None
        time, sentence = time_of(text)
        if sentence:
            self.refuse(row, column, sentence)
        return time
