"""The reads of a Methodical Mind file: one section of counts each, below what the file says of plate and spots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from schemas.errors import Fault
from schemas.plates.plate import SIZES, row_letter
from schemas.text_tables.sheet import Row, Sheet

_BEGIN, _DATA, _SECTION = re.compile(r"FileName\s*:"), re.compile(r"=+Data=+"), re.compile(r"=+[A-Za-z]")
_WORD = re.compile(r"\s*([A-Za-z][^:]*?)\s*:\s*(?:\\t)?\s*(.*)", re.DOTALL)
_BARCODE, _NUMBER = re.compile(r"<[^<>]*>"), re.compile(r"\d+\Z")
_FORMS = {"barcode1": _BARCODE, "barcode2": _BARCODE, "barcode3": _BARCODE, "plate #": _NUMBER,
          "type": re.compile(r"\d"), "spotid": re.compile(r"\d+\Z|all\Z", re.IGNORECASE)}  # fmt: skip
"""What can stand behind a word of the head."""
_HEAD_WORD = re.compile(r"(Barcode[123]|Plate #|Type|SpotID)\s*:\Z")
_SPOT = re.compile(r"<\s*(\d+)\s*>")


@dataclass(slots=True)
class MethodicalRead:
    """One read of a plate."""

    sheet: Sheet
    """Sheet that it stands in, cut at tabs."""
    head: list[Row] = field(default_factory=list)
    """Rows above the counts, none blank."""
    begin: Row | None = None
    """Row that begins the section of counts."""
    rows: list[Row] = field(default_factory=list)
    """Numbers of the columns and rows of counts."""
    rest: list[Row] = field(default_factory=list)
    """Rows of the sections behind the counts."""

    @property
    def first_row(self) -> Row:
        """Row with which the read begins."""
        return next(row for row in (*self.head, self.begin, *self.rows, *self.rest) if row is not None)

    def text_of(self, word: str) -> str:
        """Return what the head says behind a word, with the rows below it that continue it; empty if nothing."""
        words = list[str]()
        for row in self.head:
            line = " ".join(cell.strip() for cell in row.cells if cell.strip())
            match = None if line.startswith("<") else _WORD.match(line)
            if match and words:
                break
            if match and match[1].casefold() == word.casefold():
                words.append(match[2])
            elif words:
                words.append(line)
        return " ".join(words).strip()

    def is_known(self, row: Row) -> bool:
        """Tell whether a row of the head begins with a word, or continues the legend."""
        line = " ".join(cell.strip() for cell in row.cells if cell.strip())
        return bool(_WORD.match(line)) or (bool(_SPOT.match(line)) and bool(self.legend))

    @property
    def barcode(self) -> str:
        """Bar code of the plate; empty for none."""
        match = re.search(r"<\*?([^<>*]+)\*?>", self.text_of("Barcode1"))
        return match[1] if match else ""

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns that the file announces; 0 where it does not."""
        rows, columns = self.text_of("Wells Per Col"), self.text_of("Wells Per Row")
        return int(rows) if rows.isdecimal() else 0, int(columns) if columns.isdecimal() else 0

    @property
    def legend(self) -> list[int]:
        """Spots that the legend names, in order of their numbers."""
        return sorted({int(number) for number in _SPOT.findall(self.text_of("Legend"))})

    @property
    def lacking(self) -> str:
        """Rows and columns of its kind of plate that the file does not hold, where it announces no number of them."""
        kind = re.match(r"\d+", self.text_of("Type"))
        n_rows, n_columns = SIZES.get(int(kind[0]), (0, 0)) if kind and self.size == (0, 0) else (0, 0)
        letters, numbers = {row.cell(0).upper() for row in self.rows}, {cell.strip() for cell in self.rows[0].cells}
        rows = [letter for letter in map(row_letter, range(n_rows)) if letter not in letters]
        columns = [number for number in map(str, range(1, n_columns + 1)) if number not in numbers]
        parts = [f"rows {', '.join(rows)}"] * bool(rows) + [f"columns {', '.join(columns)}"] * bool(columns)
        return " and ".join(parts)

    @property
    def n_spots(self) -> int:
        """Spots of a well that the file announces."""
        match = re.search(r"Multi-Spot\s+(\d+)", self.text_of("Type"))
        per_well = self.text_of("Spots Per Well")
        return int(match[1]) if match else int(per_well) if per_well.isdecimal() else 1

    def spots(self, n_rows: int, *, is_only: bool) -> list[str] | None:
        """Name the spot of each row of counts of a well.

        Parameters
        ----------
        n_rows : int
            Rows of counts that each well has.
        is_only : bool
            Whether no other read of the plate stands in the file.

        Returns
        -------
        list of str or None
            ``Spot 3``; empty text for the only spot of a well. None where the file does not say which spots they are.
        """
        own = self.text_of("SpotID")
        if n_rows == 1 and own.isdecimal() and not is_only:
            return [f"Spot {int(own)}"]
        if n_rows == self.n_spots:
            return [f"Spot {spot}" for spot in range(1, n_rows + 1)] if n_rows > 1 else [""]
        return [f"Spot {spot}" for spot in self.legend] if len(self.legend) == n_rows else None


def reads_of(sheet: Sheet, faults: list[Fault]) -> list[MethodicalRead]:
    """Cut a file into its reads.

    Parameters
    ----------
    faults : list of Fault
        A read without a section of counts, and one that ends before the file says so, are added to it.
    """
    reads, place = list[MethodicalRead](), "head"
    for row in sheet.rows:
        first = row.cells[0] if row.cells else ""
        if _BEGIN.match(first) or not reads:
            reads.append(MethodicalRead(sheet))
            place = "head"
        if _DATA.match(first):
            if place != "head":
                reads.append(MethodicalRead(sheet, head=list(reads[-1].head)))
            reads[-1].begin = row
            place = "rows"
            continue
        if _SECTION.match(first) and place != "head":
            place = "rest"
        if not row.is_blank:
            getattr(reads[-1], place).append(row)
    faults += [
        Fault(sheet.where(read.first_row), "This read has no section 'Data'.") for read in reads if len(read.rows) < 2
    ]
    return reads


def head_faults(read: MethodicalRead) -> Iterator[Fault]:
    """Name what stands behind a word of the head and cannot belong to it: cells or lines that changed places.

    Yields
    ------
    Fault
        One for each line.
    """
    for row in read.head:
        line = " ".join(cell.strip() for cell in row.cells if cell.strip())
        match = None if line.startswith("<") else _WORD.match(line)
        form = _FORMS.get(match[1].casefold()) if match else None
        if match and form and match[2].strip() and not form.match(match[2].strip()):
            text = f"'{match[2].strip()}' cannot stand behind '{match[1]}': are cells of the head swapped?"
            yield Fault(read.sheet.where(row), text)
        elif not match and not line.startswith("<") and _HEAD_WORD.search(line):
            text = f"'{line}' does not begin with its word: are cells of the head swapped?"
            yield Fault(read.sheet.where(row), text)


def read_faults(read: MethodicalRead, letters: Sequence[str], columns: Iterable[int]) -> list[Fault]:
    """Name what makes the counts of a read other than the file announces.

    Parameters
    ----------
    letters : sequence of str
        Letters of the plate rows, in order of the file.
    columns : iterable of int
        Numbers of the columns.
    """
    n_rows, n_columns = read.size
    where, n_found = read.sheet.where(read.rows[0]), len(list(columns))
    faults = []
    if n_rows and len(letters) != n_rows:
        text = f"The file announces {n_rows} rows of wells, the section holds {len(letters)}: {', '.join(letters)}."
        faults.append(Fault(where, text))
    if n_columns and n_found != n_columns:
        faults.append(Fault(where, f"The file announces {n_columns} columns of wells, the section has {n_found}."))
    if list(letters) != sorted(set(letters), key=lambda letter: (len(letter), letter)):
        text = f"The letters of the rows do not follow each other, each once: {', '.join(letters)}."
        faults.append(Fault(where, text))
    if not n_rows and not read.rest:
        text = (
            "The file ends within the section 'Data' and announces no number of rows: nobody can tell if it is whole."
        )
        faults.append(Fault(read.sheet.where(read.rows[-1]), text))
    return faults
