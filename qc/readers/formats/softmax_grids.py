"""The readings of one ``Plate:`` section of a SoftMax Pro export, in PlateFormat or TimeFormat.

Both announce how many rows they hold and how often each well was read; what follows the readings may only be one table
of reduced values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from qc.readers.formats.softmax_head import PlateHead
from qc.readers.formats.softmax_sections import Section
from schemas.errors import Fault
from schemas.plates.plate import Reading, row_letter, well_of
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

Readings = Mapping[str, dict[str, Reading]]
"""Readings by well, by name of the block."""
_LABEL, _TEMPERATURE, _NO_TEMPERATURE = 0, 1, "NaN"
_FIRST = 2
"""Place of the first column of readings, behind label and temperature."""
_COLDEST, _WARMEST = 4.0, 70.0
"""Degrees Celsius of a plate: readers warm to 66 at most (SpectraMax i3x, user guide); 0 stands for unread."""
_PART_OF_A_GAP = 0.5
"""Part of the cells of the header that a blank row between two grids has, at most; a row without a reading has more."""


def time_format(sheet: Sheet, section: Section, head: PlateHead, faults: list[Fault]) -> Readings:
    """Read one row of readings for each wavelength and point, below a row that names the wells."""
    at = _header_at(section.rows)
    header = section.rows[at] if at is not None else section.head
    wells = {index: well_of(cell) for index, cell in enumerate(header.cells) if well_of(cell)}
    if not wells or len(set(wells.values())) != len(wells):
        faults.append(Fault(sheet.where(header), "Expected a row of well names A1, A2, ..., each once."))
        return {}
    odd = next((cell for cell in header.cells[min(wells) : max(wells)] if cell.strip() and not well_of(cell)), "")
    if odd:
        faults.append(Fault(sheet.where(header), f"'{odd}' stands among the names of wells: is a cell out of place?"))
    below = [row for row in section.rows[(at or 0) + 1 :] if not row.is_blank]
    n = head.n_points * len(head.measures)
    rows, rest = below[:n], below[n:]
    if len(rows) < n:
        faults.append(Fault(sheet.where(section.head), f"{_announced(head)}, but {_counted(len(rows))} follow."))
    for row in rows:
        if len(row.cells) <= max(wells) or row.width > max(wells) + 1:
            n_cells = max(0, len(row.cells) - min(wells))
            text = f"The header names {len(wells)} wells, but this row has {n_cells} readings."
            faults.append(Fault(sheet.where(row), text))
    is_reduced = bool(rest) and [well_of(cell) for cell in rest[0].cells if well_of(cell)] == list(wells.values())
    faults += _beyond(sheet, rest, n_rows=1, is_reduced=is_reduced, announced=_announced(head))
    named = [(head.measures[index // head.n_points], row) for index, row in enumerate(rows)]
    faults += _label_faults(sheet, head, named)
    return {
        head.block_name(measure, row.cell(0)): {
            w: Reading(row.cell(i), row.line) for i, w in wells.items() if row.cell(i)
        }
        for measure, row in named
    }


def _announced(head: PlateHead) -> str:
    n = len(head.measures)
    words = "1 wavelength is" if n == 1 else f"{n} wavelengths are"
    return f"{words} announced" if head.n_points == 1 else f"{words} announced, read {head.n_points} times"


def _counted(n: int) -> str:
    return "1 row of readings" if n == 1 else f"only {n} rows of readings"


def _label_faults(sheet: Sheet, head: PlateHead, named: Sequence[tuple[str, Row]]) -> list[Fault]:
    """Name the rows whose time, wavelength or place is lacking or came before."""
    if head.n_points == 1:
        return []
    seen: set[tuple[str, str]] = set()
    faults = []
    for measure, row in named:
        if not row.cell(0) or (measure, row.cell(0)) in seen:
            text = f"'{row.cell(0)}' is expected to say when or where these readings were taken, each once."
            faults.append(Fault(sheet.where(row), text))
        seen.add((measure, row.cell(0)))
    return faults


def plate_format(sheet: Sheet, section: Section, head: PlateHead, faults: list[Fault]) -> Readings:
    """Read a grid for each wavelength, side by side below the numbers of the columns, one below the other by point."""
    at = _header_at(section.rows)
    header = section.rows[at] if at is not None else section.head
    n_columns = head.size[1]
    starts = _starts(header, n_columns)
    if starts and starts[0] != _FIRST:
        text = "Column 1 does not stand right behind the temperature: is a cell of this line doubled, lost or moved?"
        faults.append(Fault(sheet.where(header), text))
    if len(starts) != len(head.measures):
        text = f"Expected column numbers 1 to {n_columns} for each of {len(head.measures)} wavelengths."
        faults.append(Fault(sheet.where(header), text))
        return {}
    chunks = _chunks(section.rows[(at or 0) + 1 :], len(header.cells))
    grids, rest = chunks[: head.n_points], [row for rows in chunks[head.n_points :] for row in rows]
    if len(grids) < head.n_points:
        text = f"The plate announces {head.n_points} readings of each well, but {len(grids)} follow."
        faults.append(Fault(sheet.where(section.head), text))
    rows = [row for grid in grids for row in grid]
    faults += _row_faults(sheet, section.head, head, grids)
    faults += [fault for row in rows for fault in _outside(sheet, row, starts, head)]
    faults += [fault for grid in grids for fault in _beside(sheet, grid, head)]
    is_reduced = bool(rest) and len(_starts(rest[0], n_columns)) == 1
    rest = [row for row in rest if not row.is_blank]
    faults += _beyond(sheet, rest, n_rows=head.size[0], is_reduced=is_reduced, announced=f"{len(head.rows)} rows")
    faults += _label_faults(sheet, head, [("", grid[0]) for grid in grids])
    return {
        head.block_name(measure, grid[0].cell(0)): _grid(grid, start, head)
        for start, measure in zip(starts, head.measures, strict=True)
        for grid in grids
    }


def _row_faults(sheet: Sheet, at: Row, head: PlateHead, grids: Sequence[Sequence[Row]]) -> list[Fault]:
    """Name the grids that hold neither the rows that are announced nor all rows of the plate."""
    n_rows = len(head.rows)
    return [
        Fault(sheet.where(at), f"The plate announces {n_rows} rows, but {len(grid)} rows of readings follow.")
        for grid in grids
        if len(grid) not in (n_rows, head.size[0])
    ]


def _outside(sheet: Sheet, row: Row, starts: Sequence[int], head: PlateHead) -> list[Fault]:
    faults = []
    n_columns = head.size[1]
    gaps = [i for s in starts[1:] for i in range(s - 1, s)] + list(range(starts[-1] + n_columns, row.width))
    gaps += range(_TEMPERATURE + 1, starts[0])  # the numbers of the columns begin further right than the readings
    unread = [i + s for s in starts for i in range(n_columns) if i + 1 not in head.columns]
    if any(row.cell(index) for index in (*gaps, *unread)):
        faults.append(Fault(sheet.where(row), "A reading stands outside the columns that the header numbers."))
    if len(row.cells) < starts[-1] + 1:
        faults.append(Fault(sheet.where(row), f"The row has {len(row.cells)} cells and ends before its readings."))
    return faults


def _beside(sheet: Sheet, grid: Sequence[Row], head: PlateHead) -> Iterator[Fault]:
    """Name what stands left of the readings and is neither their label nor a temperature: both stand once a grid."""
    first = next((number for number, row in enumerate(grid) if not row.is_blank), 0)
    is_everywhere = all(row.cell(_TEMPERATURE) for row in grid)
    for number, row in enumerate(grid):
        label, warmth = row.cell(_LABEL), row.cell(_TEMPERATURE)
        if label and (number > first or head.n_points == 1):
            yield Fault(sheet.where(row), f"'{label}' stands left of the readings, where no label is expected.")
        if warmth and number > first and not is_everywhere:
            text = f"'{warmth}' stands where the temperature would, which is stated once above these readings."
            yield Fault(sheet.where(row), f"{text} Is a cell out of place?")
        elif warmth and not _is_warmth(warmth):
            text = f"'{warmth}' is no temperature of a plate, {_COLDEST:g} to {_WARMEST:g} \u00b0C:"
            yield Fault(sheet.where(row), f"{text} is a cell out of place?")


def _is_warmth(text: str) -> bool:
    number = 0.0 if text == _NO_TEMPERATURE else number_of(text, "," if "," in text else ".")
    return number is not None and (number == 0 or _COLDEST <= number <= _WARMEST)


def uneven_rows(sheet: Sheet, section: Section, head: PlateHead) -> tuple[str, ...]:
    """Tell of rows with more or fewer cells than the others: where a plate was read in part, they may be shifted.

    A row whose last reading stands where those of the others stand lacks or has blank cells at its end alone.
    """
    if head.form == "PlateFormat":
        rows = [row for grid in _grids(section)[: head.n_points] for row in grid]
    else:
        rows = [row for row in section.rows if not row.is_blank]
    (usual, n), *_ = [*Counter(len(row.cells) for row in rows).most_common(1), (0, 0)]
    last, _ = Counter(row.width for row in rows if len(row.cells) == usual).most_common(1)[0] if n else (0, 0)
    return tuple(
        f"{sheet.where(row)}: The row has {len(row.cells)} cells, the others have {usual}; its readings may be shifted."
        for row in rows
        if len(row.cells) != usual and row.width != last and n > len(rows) / 2
    )


def _grids(section: Section) -> list[list[Row]]:
    at = _header_at(section.rows) or 0
    return _chunks(section.rows[at + 1 :], len(section.rows[at].cells)) if section.rows else []


def _chunks(rows: Sequence[Row], n_cells: int) -> list[list[Row]]:
    """Cut rows into grids at short blank rows; a blank row as wide as the grid is a row without a reading."""
    chunks: list[list[Row]] = [[]]
    for row in rows:
        if not row.is_blank or len(row.cells) > n_cells * _PART_OF_A_GAP:
            chunks[-1].append(row)
        elif chunks[-1]:
            chunks.append([])
    return [chunk for chunk in chunks if chunk]


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


def _grid(rows: Sequence[Row], start: int, head: PlateHead) -> dict[str, Reading]:
    first_row = 1 if len(rows) == head.size[0] else head.rows.start
    return {
        f"{row_letter(first_row - 1 + offset)}{column + 1}": Reading(row.cell(start + column), row.line)
        for offset, row in enumerate(rows)
        for column in range(head.size[1])
        if row.cell(start + column)
    }
