"""The readings of one ``Plate:`` section of a SoftMax Pro export, in PlateFormat or TimeFormat.

Both announce how many rows they hold; what follows the readings may only be one table of reduced values.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence

from qc.readers.formats.softmax_sections import Section
from qc.readers.plates.plate import SIZES, Reading, row_letter, well_of
from schemas.errors import Fault
from schemas.text_tables.sheet import Row, Sheet

FORMAT = 3
"""Place in the line ``Plate:`` where the form of the readings stands."""
N_WELLS, FIRST_ROW, N_ROWS = 18, 19, 20
"""Places in the line ``Plate:`` where the size of the plate and its rows stand."""


def time_format(
    sheet: Sheet, section: Section, wavelengths: Sequence[str], faults: list[Fault]
) -> list[dict[str, Reading]]:
    """Read one row of readings for each wavelength, below a row that names the wells."""
    at = _header_at(section.rows)
    header = section.rows[at] if at is not None else section.head
    wells = {index: well_of(cell) for index, cell in enumerate(header.cells) if well_of(cell)}
    if not wells or len(set(wells.values())) != len(wells):
        faults.append(Fault(sheet.where(header), "Expected a row of well names A1, A2, ..., each once."))
        return []
    below = [row for row in section.rows[(at or 0) + 1 :] if not row.is_blank]
    rows, rest = below[: len(wavelengths)], below[len(wavelengths) :]
    if len(rows) < len(wavelengths):
        text = f"{len(wavelengths)} wavelengths are announced, but only {len(rows)} rows of readings follow."
        faults.append(Fault(sheet.where(section.head), text))
    for row in rows:
        if len(row.cells) <= max(wells) or row.width > max(wells) + 1:
            n_cells = max(0, len(row.cells) - min(wells))
            text = f"The header names {len(wells)} wells, but this row has {n_cells} readings."
            faults.append(Fault(sheet.where(row), text))
    is_reduced = bool(rest) and [well_of(cell) for cell in rest[0].cells if well_of(cell)] == list(wells.values())
    faults += _beyond(sheet, rest, n_rows=1, is_reduced=is_reduced, announced=f"{len(wavelengths)} wavelengths")
    return [{w: Reading(row.cell(i), row.line) for i, w in wells.items() if row.cell(i)} for row in rows]


def plate_format(
    sheet: Sheet, section: Section, wavelengths: Sequence[str], faults: list[Fault]
) -> list[dict[str, Reading]]:
    """Read a grid for each wavelength, side by side below the numbers of the columns."""
    at = _header_at(section.rows)
    header = section.rows[at] if at is not None else section.head
    head = section.head
    n_columns = SIZES[int(head.cell(N_WELLS))][1]
    starts = _starts(header, n_columns)
    if len(starts) != len(wavelengths):
        text = f"Expected column numbers 1 to {n_columns} for each of {len(wavelengths)} wavelengths."
        faults.append(Fault(sheet.where(header), text))
        return []
    first, n_rows = int(head.cell(FIRST_ROW)), _n_rows(head)
    rows = _grid_rows(section)
    rest = [row for row in section.rows[(at or 0) + 1 + len(rows) :] if not row.is_blank]
    if len(rows) != n_rows:
        text = f"The plate announces {n_rows} rows, but {len(rows)} rows of readings follow."
        faults.append(Fault(sheet.where(head), text))
    for row in rows:
        gaps = [i for s in starts[1:] for i in range(s - 1, s)] + list(range(starts[-1] + n_columns, row.width))
        if any(row.cell(index) for index in gaps):
            faults.append(Fault(sheet.where(row), "A reading stands outside the columns that the header numbers."))
        if len(row.cells) < starts[-1] + 1:
            faults.append(Fault(sheet.where(row), f"The row has {len(row.cells)} cells and ends before its readings."))
    is_reduced = bool(rest) and len(_starts(rest[0], n_columns)) == 1
    faults += _beyond(sheet, rest, n_rows=n_rows, is_reduced=is_reduced, announced=f"{n_rows} rows")
    return [_grid(rows, start, n_columns, first) for start in starts]


def uneven_rows(sheet: Sheet, section: Section) -> tuple[str, ...]:
    """Tell of rows with more or fewer cells than the others: where a plate was read in part, they may be shifted."""
    is_grid = section.head.cell(FORMAT) == "PlateFormat"
    rows = _grid_rows(section) if is_grid else [row for row in section.rows if not row.is_blank]
    (usual, n), *_ = [*Counter(len(row.cells) for row in rows).most_common(1), (0, 0)]
    return tuple(
        f"{sheet.where(row)}: The row has {len(row.cells)} cells, the others have {usual}; its readings may be shifted."
        for row in rows
        if len(row.cells) != usual and n > len(rows) / 2
    )


def _grid_rows(section: Section) -> list[Row]:
    below = section.rows[(_header_at(section.rows) or 0) + 1 :]
    return list(itertools.takewhile(lambda row: not row.is_blank, below))


def _n_rows(head: Row) -> int:
    first, n_rows = int(head.cell(FIRST_ROW)), int(head.cell(N_ROWS))
    is_number_of_rows = first + n_rows - 1 > SIZES[int(head.cell(N_WELLS))][0]
    return n_rows - first + 1 if is_number_of_rows else n_rows


def _starts(header: Row, n_columns: int) -> list[int]:
    """Return the places of the columns 1 of the grids of a header; none if it does not number every column."""
    starts = [index for index, cell in enumerate(header.cells) if index > 1 and cell.strip() == "1"]
    numbers = [str(number) for number in range(1, n_columns + 1)]
    is_whole = all([header.cell(start + i) for i in range(n_columns)] == numbers for start in starts)
    return starts if is_whole else []


def _beyond(sheet: Sheet, rest: Sequence[Row], *, n_rows: int, is_reduced: bool, announced: str) -> list[Fault]:
    """Refuse what stands behind the readings, but for a header with one table of reduced values."""
    if not rest or (is_reduced and len(rest) - 1 <= n_rows):
        return []
    first = rest[1 + n_rows] if is_reduced else rest[0]
    text = f"The plate announces {announced}; this line stands behind them and is neither that nor reduced values."
    return [Fault(sheet.where(first), text)]


def _header_at(rows: Sequence[Row]) -> int | None:
    return next((index for index, row in enumerate(rows) if not row.is_blank), None)


def _grid(rows: Sequence[Row], start: int, n_columns: int, first_row: int) -> dict[str, Reading]:
    return {
        f"{row_letter(first_row - 1 + offset)}{column + 1}": Reading(row.cell(start + column), row.line)
        for offset, row in enumerate(rows)
        for column in range(n_columns)
        if row.cell(start + column)
    }
