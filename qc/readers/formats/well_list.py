"""Well lists: one row a well, with a column ``Well`` (or ``Well Row`` and ``Well Col``) and columns of readings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from qc.readers.plates.plate import Block, Plate, Reading, flag_of, format_for, named, row_index, row_letter, well_of
from qc.readers.protocol import Claim
from qc.readers.text.column_names import bare, header_faults, known_titles, positions, ragged_faults
from qc.readers.text.header import find_headers
from schemas.errors import Fault, ReaderError
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source

_NO_SIGNAL = frozenset({"content", "line", "cycle", "time", "temperature", "temp"})


@dataclass(frozen=True, slots=True)
class _List:
    """A sheet with its header and its columns of readings."""

    sheet: Sheet
    header: Row
    columns: Mapping[str, int]
    signals: Mapping[int, str]
    rows: tuple[Row, ...] = field(repr=False)
    rest: tuple[Row, ...] = field(repr=False)


class WellListReader:
    """Read one row a well."""

    name = "well_list"
    version = "1"
    is_plate = True
    instrument = ""
    surest_claim = Claim.TABLE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the file lists wells with at least one column of numbers, and is no table of results."""
        is_ours = bool(_lists(source.sheets)) and not find_headers(source.sheets, source.words)
        return Claim.TABLE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate of the file; a column of readings is a block."""
        lists = _lists(source.sheets)
        if len(lists) != 1:
            raise ReaderError(f"'{source.path.name}' holds {len(lists)} lists of wells; one is expected.")
        wells = lists[0]
        faults = [*wells.sheet.faults, *header_faults(wells.sheet, wells.header)]
        faults += ragged_faults(wells.sheet, wells.header, wells.rows)
        readings = _readings(wells, faults)
        if faults:
            raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", faults)
        plates = [_plate(name, blocks) for name, blocks in readings.items()]
        return named(plates, source.stem)


def _lists(sheets: tuple[Sheet, ...]) -> list[_List]:
    titles = known_titles("map")
    found = []
    for sheet in sheets:
        for row in [row for row in sheet.rows if not row.is_blank][:30]:
            columns = positions(row, titles)
            if "well" not in columns and not {"row", "col"} <= set(columns):
                continue
            below = [below for below in sheet.rows if below.line > row.line]
            rows = tuple(itertools.takewhile(partial(_names_a_well, columns), below))
            if not rows or not _well(columns, rows[0]):
                continue
            signals = {
                index: cell.strip()
                for index, cell in enumerate(row.cells)
                if cell.strip()
                and bare(cell) not in titles
                and bare(cell) not in _NO_SIGNAL
                and _is_signal(rows, index)
            }
            if signals:
                rest = tuple(row for row in below[len(rows) :] if not row.is_blank)
                found.append(_List(sheet, row, columns, signals, rows, rest))
                break
    return found


def _names_a_well(columns: Mapping[str, int], row: Row) -> bool:
    return bool(row.cell(columns["well" if "well" in columns else "row"]))


def _is_signal(rows: tuple[Row, ...], index: int) -> bool:
    texts = [row.cell(index) for row in rows if row.cell(index)]
    numbers = [text for text in texts if number_of(text, ".") is not None or number_of(text, ",") is not None]
    rest = [text for text in texts if text not in numbers]
    return bool(numbers) and all(flag_of(text) != "not_a_number" or set(text) <= set("?-") for text in rest)


def _readings(wells: _List, faults: list[Fault]) -> dict[str, dict[str, dict[str, Reading]]]:
    plates: dict[str, dict[str, dict[str, Reading]]] = {}
    for row in wells.rest:
        if _well(wells.columns, row):
            text = "A well stands below the end of the list; delete the rows between that name no well."
            faults.append(Fault(wells.sheet.where(row), text))
    names = {row.cell(wells.columns["plate"]) for row in wells.rows} - {""} if "plate" in wells.columns else set()
    only_name = names.pop() if len(names) == 1 else ""
    for row in wells.rows:
        well = _well(wells.columns, row)
        if not well:
            shown = " ".join(row.cell(wells.columns[c]) for c in ("well", "row", "col") if c in wells.columns)
            faults.append(Fault(wells.sheet.where(row), f"'{shown}' is not a well; expected a form like A1."))
            continue
        plate = only_name or (row.cell(wells.columns["plate"]) if "plate" in wells.columns else "")
        if names and not plate:
            faults.append(Fault(wells.sheet.where(row), "The row names no plate, though others name more than one."))
        blocks = plates.setdefault(plate, {title: {} for title in wells.signals.values()})
        for index, title in wells.signals.items():
            if well in blocks[title]:
                faults.append(Fault(wells.sheet.where(row), f"Well {well} stands twice; each may stand once a plate."))
                break
            blocks[title][well] = Reading(row.cell(index), row.line)
    return plates


def _well(columns: Mapping[str, int], row: Row) -> str:
    if "well" in columns:
        return well_of(row.cell(columns["well"]))
    index, column = row_index(row.cell(columns["row"])), row.cell(columns["col"])
    return well_of(f"{row_letter(index)}{column}") if index is not None else ""


def _plate(name: str, blocks: Mapping[str, Mapping[str, Reading]]) -> Plate:
    n_rows, n_columns = format_for([well for readings in blocks.values() for well in readings])
    return Plate(
        name,
        tuple(
            Block(title, readings, decimal_mark(reading.text for reading in readings.values()))
            for title, readings in blocks.items()
        ),
        n_rows,
        n_columns,
    )


READER = WellListReader()
