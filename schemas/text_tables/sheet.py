"""A grid of cells as text, with the place of each cell for whoever must mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from schemas.errors import Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row, as written."""

    line: int
    """Line of the file where the row begins, or row of the workbook sheet; counted from 1."""
    cells: tuple[str, ...]
    """Text of each cell; empty for a blank one."""

    @property
    def is_blank(self) -> bool:
        """Tell whether no cell holds anything but spaces."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def width(self) -> int:
        """Count the cells up to the last one that is not blank."""
        return max((index + 1 for index, cell in enumerate(self.cells) if cell.strip()), default=0)

    def cell(self, column: int) -> str:
        """Return the text of a cell without outer spaces; empty beyond the end.

        Parameters
        ----------
        column : int
            Index, counted from 0.

        Returns
        -------
        str
            Stripped text.
        """
        return self.cells[column].strip() if 0 <= column < len(self.cells) else ""


class CellNote(NamedTuple):
    """What a person does not see of a cell, or sees elsewhere."""

    line: int
    """Row of the sheet."""
    column: int
    """Index, counted from 0."""
    words: str
    """What it is, without a full stop: ``hidden in the spreadsheet``."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of a text file under one delimiter, or of one sheet of a workbook."""

    name: str
    """Name of the sheet of a workbook; empty for a text file."""
    rows: tuple[Row, ...]
    """Every row, blank ones too."""
    delimiter: str = ""
    """Delimiter under which a text was cut; empty for a workbook."""
    faults: tuple[Fault, ...] = ()
    """What is wrong with the quoting of a text, or with cells of a workbook that have lost their value."""
    notes: tuple[CellNote, ...] = ()
    """Cells of a workbook that are hidden or merged."""
    struck: tuple[CellNote, ...] = ()
    """Cells of a workbook that a person has struck through."""
    comments: tuple[CellNote, ...] = ()
    """Comments of people on cells of a workbook; the words are theirs."""
    lost: tuple[CellNote, ...] = ()
    """Numbers of a workbook that have more digits than a spreadsheet keeps."""
    row_word: str = ""
    """What a row of a message is: ``segment`` or ``record``; empty for a text or a workbook."""
    header_line: int = 0
    """Line of the last row of its header, where a mapping says it; 0 where it is to be found."""
    n_header_rows: int = 1
    """Rows of that header."""

    def where(self, row: Row, column: int | None = None, title: str = "") -> str:
        """Name the place of a cell in words that a person can follow.

        Parameters
        ----------
        row : Row
            Row of the cell.
        column : int, optional
            Index of the cell, counted from 0; the whole row without it.
        title : str
            Name of the column.

        Returns
        -------
        str
            ``line 12, column 'value'`` or ``sheet 'Run 1', cell C7``.
        """
        if self.name:
            place = f"cell {letters(column)}{row.line}" if column is not None else f"row {row.line}"
            return f"sheet '{self.name}', {place}" + (f", column '{title}'" if title else "")
        if column is None:
            return f"line {row.line}"
        return f"line {row.line}, column '{title}'" if title else f"line {row.line}, column {column + 1}"


def letters(column: int) -> str:
    """Return the letters of a spreadsheet column.

    Parameters
    ----------
    column : int
        Index, counted from 0.

    Returns
    -------
    str
        Letters as a spreadsheet shows them.

    Examples
    --------
    >>> letters(0), letters(27)
    ('A', 'AB')
    """
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def column_index(letters: bytes) -> int:
    """Return the index of a spreadsheet column, counted from 0.

    Parameters
    ----------
    letters : bytes
        Letters of a column: ``A``, ``AB``.

    Examples
    --------
    >>> column_index(b"A"), column_index(b"AB")
    (0, 27)
    """
    index = 0
    for letter in letters:
        index = index * 26 + letter - ord("A") + 1
    return index - 1
