"""The account of a file while it is read: a reader says of every cell whether it is used, flagged or left aside.

The door makes the account over all cells of the file and hands it to the reader; what the reader never named is peeled
off afterwards (``qc.readers.peel``) and either left aside by name or the reason to refuse the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from schemas.errors import ReaderError
from schemas.file_remark import FileRemark
from schemas.text_tables.sheet import Row, Sheet

_NOT_OF_ROWS = "it says nothing of a row"
_WHOLE_ROW = -1  # every bit is set


class Table(NamedTuple):
    """A header with the rows below it, so that a column that nobody read is called by its title."""

    header: Row
    """Row of the titles."""
    rows: Sequence[Row]
    """Rows below it that belong to it."""
    known: Mapping[str, str] | Iterable[str]
    """Titles of the reader, or title by each word for it, to find the nearest one."""
    columns: int
    """Bit by column that was read."""
    ignored: Mapping[str, str] = MappingProxyType({})
    """Why titles are not read that the reader knows."""
    alike: Sequence[int] = ()
    """Columns in which rows that are replicates of each other are alike; none if nothing repeats."""
    sort: int = -1
    """Column that says of what kind a row is; -1 for none."""
    is_loose: bool = False
    """Whether other cells may stand beside those of a row, so that rows need not have as many cells as each other."""


class Note(NamedTuple):
    """Cells that were marked with a word."""

    row: int
    """Index of the row in its sheet."""
    columns: int
    """Bit by column."""
    words: str
    """What they say, or why they are left aside."""


@dataclass(slots=True)
class SheetMarks:
    """What was said of the cells of one sheet: for each row a number with a bit for each column."""

    sheet: Sheet
    """The sheet."""
    used: list[int] = field(init=False)
    """Cells that are used."""
    flags: list[Note] = field(default_factory=list)
    """Cells that say something against a result."""
    left: list[Note] = field(default_factory=list)
    """Cells that are left aside."""
    tables: list[Table] = field(default_factory=list)
    """Tables that were named."""
    compared: list[Table] = field(default_factory=list)
    """Tables, and grids, whose cells are held against each other."""
    is_named: bool = False
    """Whether the reader named any cell of it."""
    _indices: dict[int, int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing said."""
        self.used = [0] * len(self.sheet.rows)
        self._indices = {row.line: index for index, row in enumerate(self.sheet.rows)}

    def index(self, row: Row | int) -> int:
        """Return the place of a row in the sheet.

        Parameters
        ----------
        row : Row or int
            Row, or its line.

        Returns
        -------
        int
            Index, counted from 0.

        Raises
        ------
        ReaderError
            If the sheet has no such row: the fault of the reader, and no file is taken in by it.
        """
        line = row if isinstance(row, int) else row.line
        if line not in self._indices:
            raise ReaderError(f"Its reader names line {line}, which the file does not have. Tell whoever made it.")
        return self._indices[line]


class Account:
    """The cells of one file, and what its reader says of them.

    Parameters
    ----------
    file : str
        Name of the file.
    sheets : sequence of Sheet
        Every sheet of a workbook; every cut of a text, of which the reader's first word chooses one; segments or
        records by fields of a message.
    open_line : int
        Last line of a text that ends without a line end, though other lines have one; 0 for any other file.
    """

    def __init__(self, file: str, sheets: Sequence[Sheet], open_line: int = 0) -> None:
        self.file = file
        self.open_line = open_line
        self.remarks: list[FileRemark] = []
        """What its reader has to say of the file as a whole."""
        self._sheets = tuple(sheets)
        self._marks: dict[tuple[str, str], SheetMarks] = {}

    def use(self, sheet: Sheet, row: Row | int, *columns: int) -> None:
        """Say that cells became part of what was read.

        Parameters
        ----------
        sheet : Sheet
            Sheet of the file, or one with its name and delimiter.
        row : Row or int
            Row, or its line.
        *columns : int
            Index of each cell, counted from 0; none means the whole row.
        """
        marks = self._marks_of(sheet)
        marks.used[marks.index(row)] |= _bits(columns)

    def use_table(
        self,
        sheet: Sheet,
        header: Row,
        rows: Sequence[Row],
        columns: Iterable[int],
        *,
        known: Mapping[str, str] | Iterable[str] = (),
        ignored: Mapping[str, str] | Iterable[str] = (),
        alike: Sequence[int] = (),
        sort: int = -1,
    ) -> None:
        """Say which columns of a table were read; its other columns are left aside by their titles.

        Parameters
        ----------
        sheet : Sheet
            Sheet of the table.
        header : Row
            Row of its titles.
        rows : sequence of Row
            Rows below it.
        columns : iterable of int
            Columns that were read, counted from 0.
        known : mapping of str to str, or iterable of str
            Titles that the reader knows, or title by each word for it, to name the one that is nearest to a title that
            it does not know.
        ignored : mapping of str to str, or iterable of str
            Titles that the reader knows and leaves aside, with the reason; without one they say nothing of a row.
        alike : sequence of int
            Columns in which replicates are alike; what the table states of their mean and spread is compared then.
        sort : int
            Column that says of what kind a row is: a standard, a sample; -1 for none.
        """
        marks, bits = self._marks_of(sheet), _bits(tuple(columns), none=0)
        aside = ignored if isinstance(ignored, Mapping) else dict.fromkeys(ignored, _NOT_OF_ROWS)
        table = Table(header, rows, known, bits, aside, tuple(alike), sort)
        marks.tables.append(table)
        marks.compared.append(table)
        used, index = marks.used, marks.index
        for row in (header, *rows):
            used[index(row)] |= bits

    def compare(
        self, sheet: Sheet, header: Row, rows: Sequence[Row], columns: Iterable[int], *, is_loose: bool = True
    ) -> None:
        """Have cells held against each other that are no table with titles of a reader, such as those of a grid.

        Parameters
        ----------
        sheet : Sheet
            Sheet of the cells.
        header : Row
            Row above them.
        rows : sequence of Row
            Rows below it.
        columns : iterable of int
            Columns that were read, counted from 0.
        is_loose : bool
            Whether other cells may stand beside them in a row.
        """
        bits = _bits(tuple(columns), none=0)
        self._marks_of(sheet).compared.append(Table(header, rows, (), bits, is_loose=is_loose))

    def flag(self, sheet: Sheet, row: Row | int, *columns: int, word: str) -> None:
        """Say that cells were read and speak against a result.

        Parameters
        ----------
        sheet : Sheet
            Sheet of the file.
        row : Row or int
            Row, or its line.
        *columns : int
            Index of each cell; none means the whole row.
        word : str
            What they say, without a full stop: ``low bead count``.
        """
        marks = self._marks_of(sheet)
        marks.flags.append(Note(marks.index(row), _bits(columns), word))

    def leave(self, sheet: Sheet, row: Row | int, *columns: int, reason: str) -> None:
        """Say that cells are left aside.

        Parameters
        ----------
        sheet : Sheet
            Sheet of the file.
        row : Row or int
            Row, or its line.
        *columns : int
            Index of each cell; none means the whole row.
        reason : str
            Why, without a full stop: ``calculated by the software from its own curve``.
        """
        marks = self._marks_of(sheet)
        marks.left.append(Note(marks.index(row), _bits(columns), reason))

    @property
    def has_marks(self) -> bool:
        """Whether the reader said anything at all."""
        return any(marks.is_named for marks in self._marks.values())

    def marks(self) -> Iterator[SheetMarks]:
        """Yield what was said of each sheet of the file: all of a workbook, those that were named of a text.

        Yields
        ------
        SheetMarks
            Sheets that the reader never named as well, as far as they are no other cut of the same text.
        """
        is_text = len(self._sheets) > 1 and not self._sheets[0].name
        for sheet in self._sheets:
            key = (sheet.name, sheet.delimiter)
            if not is_text or key in self._marks:
                yield self._marks.get(key) or SheetMarks(sheet)

    def _marks_of(self, sheet: Sheet) -> SheetMarks:
        key = (sheet.name, sheet.delimiter)
        if key not in self._marks:
            own = next((one for one in self._sheets if (one.name, one.delimiter) == key), None)
            if own is None:
                raise ReaderError(f"Its reader names sheet '{sheet.name}', which '{self.file}' does not have.")
            self._marks[key] = SheetMarks(own)
        marks = self._marks[key]
        marks.is_named = True
        return marks


def _bits(columns: tuple[int, ...], *, none: int = _WHOLE_ROW) -> int:
    bits = 0
    for column in columns:
        bits |= 1 << column
    return bits if columns else none
