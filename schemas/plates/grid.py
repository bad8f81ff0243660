"""Find grids in a sheet: a row of column numbers, below it rows that begin with A, B, C."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.errors import Fault
from schemas.plates.plate import FORMATS, row_index, row_letter
from schemas.plates.plate_line import plate_named
from schemas.text_tables.sheet import Row, Sheet

_TITLE = re.compile(r"(results for|raw data|calculated results)", re.IGNORECASE)
_PARAMETER = "AnalysisParameter:"
"""Kaleido names what it counted in an image in the line above its grid."""
_N_ROWS = {columns: rows for rows, columns in FORMATS}
_SIGNED = re.compile(
    r"Reader Type:|Exported with Kaleido|Measurement Basic Information|User: \S|Testname: |Test name: |"
    r"Basic assay information|Plate information",
    re.IGNORECASE,
)
"""Beginning of a line by which Gen5, Kaleido, MARS and EnVision sign: they export plates that were read in part."""
_WAVELENGTHS = re.compile(r"[0-9]{3,4}(,[0-9]{3,4})?\Z")
"""Wavelength, or excitation and emission, behind a row."""
_MANY = 48
"""Columns of a plate whose rows behind Z some programs name a to f."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One grid of a sheet."""

    sheet: Sheet
    """Sheet it stands in."""
    header: Row
    """Row of column numbers."""
    start: int
    """Index of the cell with column number 1."""
    n_columns: int
    """Columns of the plate."""
    rows: tuple[tuple[int, Row], ...]
    """Rows with the index of their plate row; several of the same index where values stand below each other."""
    title: str
    """What stands above it, or the name of the workbook sheet."""
    plate: str
    """Name of the plate as the file gives it; empty for none."""
    is_signed: bool = False
    """Whether the maker of the file is known, and with it that a plate may be read in part."""

    @property
    def n_plate_rows(self) -> int:
        """Rows that a plate with these columns has; those that were read where no plate has so many columns."""
        return _N_ROWS.get(self.n_columns, max(index for index, _ in self.rows) + 1)

    @property
    def is_open(self) -> bool:
        """Whether a known maker wrote every row of the plate and no delimiter behind its last well that was read."""
        end = self.start + self.n_columns
        n_found = len({index for index, _ in self.rows})
        return self.is_signed and n_found == self.n_plate_rows and all(len(row.cells) < end for _, row in self.rows)

    def notes(self) -> tuple[str, ...]:
        """Tell that a plate of a known maker holds some of its rows only, or none that is written to its end.

        Returns
        -------
        tuple of str
            One sentence, or nothing for a whole plate.
        """
        found = sorted({index for index, _ in self.rows})
        if self.is_open:
            longest = max(len(row.cells) for _, row in self.rows) - self.start
            text = (
                f"No row is written beyond column {longest} of {self.n_columns}: the wells behind it count as unread."
            )
            return (f"{self.sheet.where(self.header)}: {text}",)
        if not self.is_signed or (self.n_columns in _N_ROWS and len(found) == self.n_plate_rows):
            return ()
        letters = ", ".join(row_letter(index) for index in found)
        where = self.sheet.where(self.header)
        return (f"{where}: The grid holds rows {letters} of {self.n_columns} columns: a plate read in part, or cut.",)

    def label_of(self, row: Row) -> str:
        """Return the label behind the last column of a row.

        Parameters
        ----------
        row : Row
            Row of the sheet.

        Returns
        -------
        str
            Label such as ``abs450:450``; empty for none.
        """
        return row.cell(self.start + self.n_columns)

    def faults(self) -> list[Fault]:
        """Name what makes the grid less than whole.

        Returns
        -------
        list of Fault
            Missing rows, rows that are cut short, and cells beside the columns.
        """
        wanted = self.n_plate_rows
        found = {index for index, _ in self.rows}
        lacking = [row_letter(index) for index in range(wanted) if index not in found and not self.is_signed]
        faults = []
        if lacking:
            faults.append(self._broken_row(lacking))
        for index, row in self.rows:
            if index >= wanted:
                text = f"Row {row_letter(index)} is beyond the {wanted} rows of a plate with {self.n_columns} columns."
                faults.append(Fault(self.sheet.where(row), text))
            if len(row.cells) < self.start + self.n_columns and not self.is_open:
                text = (
                    f"The row has {len(row.cells) - self.start} readings, the header numbers {self.n_columns} columns."
                )
                faults.append(Fault(self.sheet.where(row), text))
            elif row.width > self.start + self.n_columns + 1:
                text = f"The row has {row.width - self.start} cells, the header numbers {self.n_columns} columns."
                faults.append(Fault(self.sheet.where(row), text))
        return faults + self._label_faults()

    def _broken_row(self, lacking: Sequence[str]) -> Fault:
        """Name the row at which the letters break off: one that stands twice or out of its place, else what lacks."""
        last = self.rows[-1][1].line
        below = next((row for row in self.sheet.rows if row.line > last and not row.is_blank), None)
        letter = below.cell(self.start - 1) if below is not None else ""
        index = _row_index(letter, self.n_columns) if letter else None
        if below is not None and index is not None and index < self.n_plate_rows and below.width > self.start:
            is_twice = index in {one for one, _ in self.rows}
            words = "stands here once more" if is_twice else f"stands here, where row {lacking[0]} is expected"
            return Fault(
                self.sheet.where(below), f"Row {letter} of the grid {words}: a line is doubled, lost or moved."
            )
        text = f"The grid has {self.n_columns} columns, so {self.n_plate_rows} rows are expected"
        return Fault(self.sheet.where(self.header), f"{text}; missing: {', '.join(lacking)}.")

    def _label_faults(self) -> list[Fault]:
        seen: set[tuple[int, str]] = set()
        faults = self._lacking_labels()
        for index, row in self.rows:
            if (index, self.label_of(row)) in seen:
                text = f"Row {row_letter(index)} stands twice in the grid without a label that tells the two apart."
                faults.append(Fault(self.sheet.where(row), text))
            seen.add((index, self.label_of(row)))
        labels = [self.label_of(row) for _, row in self.rows]
        n_plate_rows = len({index for index, _ in self.rows})
        numbers = [label for label in labels if re.match(r"[+\-]?[0-9.,]+\Z", label)]
        if not faults and all(map(_WAVELENGTHS.match, numbers)) and (n_plate_rows > 1 or self.is_signed):
            return faults  # The same wavelengths behind every row.
        return faults + [
            Fault(
                self.sheet.where(row), f"Value '{label}' stands beside the last column; the row is one cell too long."
            )
            for (_, row), label in zip(self.rows, labels, strict=True)
            if label and re.match(r"[+\-]?[0-9.,]+\Z", label)
        ]

    def _lacking_labels(self) -> list[Fault]:
        """Name the rows that lack a label which other rows of the grid have, or the other way round."""
        by_index: dict[int, list[str]] = {}
        for index, row in self.rows:
            by_index.setdefault(index, []).append(self.label_of(row))
        first = next(iter(by_index.values()), [])
        return [
            Fault(
                self.sheet.where(next(row for at, row in self.rows if at == index)),
                f"Row {row_letter(index)} has lines labelled {_quoted(labels)}, the first row {_quoted(first)}.",
            )
            for index, labels in by_index.items()
            if sorted(labels) != sorted(first)
        ]


def _quoted(labels: Sequence[str]) -> str:
    return ", ".join(f"'{label}'" for label in labels)


def find_grids(sheet: Sheet) -> list[Grid]:
    """Find every grid of a sheet, whole or not.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    """
    grids: list[Grid] = []
    plate = ""
    above: list[Row] = []
    skip_to = 0
    is_signed = any(_SIGNED.match(cell.strip()) for row in sheet.rows for cell in row.cells[:1])
    for at, row in enumerate(sheet.rows):
        if at < skip_to:
            continue
        plate = plate_named(sheet, at) or plate
        start, n_columns = _numbers_in(row, is_signed=is_signed)
        rows = _rows_below(sheet.rows[at + 1 :], start, n_columns, is_signed=is_signed) if n_columns else ()
        if not rows:
            above.append(row)
            continue
        grids.append(Grid(sheet, row, start, n_columns, rows, _title(sheet, above, row, start), plate, is_signed))
        skip_to = at + 1 + len(rows)
        above = []
    return _with_titles_as_plates(grids) if sheet.name else grids


def _numbers_in(row: Row, *, is_signed: bool) -> tuple[int, int]:
    for start, cell in enumerate(row.cells):
        if start and cell.strip() in ("1", "01"):
            n_columns = 1
            while _is_number(row.cell(start + n_columns), n_columns + 1):
                n_columns += 1
            is_whole = n_columns in _N_ROWS and n_columns > 4
            is_part = is_signed and n_columns > 1 and row.width in (start + n_columns, start + n_columns + 1)
            return (start, n_columns) if is_whole or is_part else (0, 0)
    return 0, 0


def _is_number(cell: str, number: int) -> bool:
    return cell.isdecimal() and len(cell) <= 2 and int(cell) == number


def _rows_below(rows: Sequence[Row], start: int, n_columns: int, *, is_signed: bool) -> tuple[tuple[int, Row], ...]:
    found: list[tuple[int, Row]] = []
    for row in rows:
        letter = row.cell(start - 1)
        index = _row_index(letter, n_columns)
        last = found[-1][0] if found else -1
        if letter and index is not None and (index == last + 1 or (is_signed and index > last)):
            found.append((index, row))
        elif not letter and found and not row.is_blank and row.width > start:
            found.append((last, row))
        else:
            break
    return tuple(found)


def _row_index(letter: str, n_columns: int) -> int | None:
    if n_columns == _MANY and len(letter) == 1 and "a" <= letter <= "f":
        return 26 + ord(letter) - ord("a")
    return row_index(letter)


def _title(sheet: Sheet, above: Sequence[Row], header: Row, start: int) -> str:
    near = [row for row in above[-12:] if not row.is_blank]
    parameters = [cell.strip() for row in near for cell in row.cells if cell.strip().startswith(_PARAMETER)]
    if parameters:
        return parameters[-1].removeprefix(_PARAMETER).strip()
    alone = {row.line: filled[0] for row in near if len(filled := [cell for cell in row.cells if cell.strip()]) == 1}
    firsts = [alone.get(row.line, row.cell(0)) for row in near]
    marked = [first.strip() for first in firsts if _TITLE.match(first.strip())]
    single = [row.cell(0) for row in near if row.width == 1 and row.cell(0)]
    corner = header.cell(start - 1)
    title = (marked or single or [corner])[-1]
    words = re.sub(r"\s+", " ", title.replace("\u00a0", " ").replace("\u00c2", "")).strip()
    return re.sub(r"\Aresults for ", "", words, flags=re.IGNORECASE)


def _with_titles_as_plates(grids: list[Grid]) -> list[Grid]:
    from dataclasses import replace

    titles = [grid.title for grid in grids]
    name = grids[0].sheet.name if grids else ""
    if len(grids) > 1 and len(set(titles)) == len(titles):
        return [replace(grid, plate=grid.title, title=name) for grid in grids]
    return [replace(grid, title=name) for grid in grids] if len(grids) == 1 else grids
