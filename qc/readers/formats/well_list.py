"""Well lists: one row a well, with a column ``Well`` (or ``Well Row`` and ``Well Col``) and columns of readings."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from qc.readers.plates.plate_map import ROLE_BY_WORD
from qc.readers.protocol import Claim
from qc.readers.text.remark_columns import is_remark, remarks_of
from schemas.errors import Fault, ReaderError
from schemas.headers.column_names import bare, header_faults, known_titles, positions, ragged_faults
from schemas.headers.dilution_cell import dilution_cell
from schemas.headers.header import find_headers
from schemas.headers.number_cell import number_cell
from schemas.plates.announced_size import announced, size_faults
from schemas.plates.plate import Block, Plate, Reading, flag_of, format_for, named, row_index, row_letter, well_of
from schemas.plates.plate_words import ExportWell, PlateWords
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source

_COMPARED = frozenset({"name", "role", "conc", "dilution"})
"""Columns of the plate map that a list may hold too: they are compared with it."""
_NO_SIGNAL = frozenset({"content", "line", "cycle", "time", "temperature", "temp"})
_CHANNELS = frozenset({"ledfilter"})
"""Titles, bare of spaces, of the column in which Mabtech Apex names the filter of a row: LED Filter."""


_MOST_SETTINGS = 3
"""Rows without a number that may stand between the titles and the first well."""


@dataclass(frozen=True, slots=True)
class _List:
    """A sheet with its header and its columns of readings."""

    sheet: Sheet
    header: Row
    columns: Mapping[str, int]
    signals: Mapping[int, str]
    rows: tuple[Row, ...] = field(repr=False)
    rest: tuple[Row, ...] = field(repr=False)

    @property
    def channel(self) -> int:
        """Column of the filter through which a row was read; -1 for none. Such rows stand once a well and filter."""
        return next((place for place, cell in enumerate(self.header.cells) if bare(cell) in _CHANNELS), -1)


class WellListReader:
    """Read one row a well."""

    name = "well_list"
    version = "3"
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
            list_headers = ", ".join(one.sheet.where(one.header) for one in lists)
            raise ReaderError(
                f"'{source.path.name}' holds {len(lists)} lists of wells; one is expected. See {list_headers}."
            )
        wells = lists[0]
        faults = [*wells.sheet.faults, *header_faults(wells.sheet, wells.header)]
        faults += ragged_faults(wells.sheet, wells.header, wells.rows)
        readings, export_wells = _readings(wells, faults), _export_wells(wells, faults)
        if faults:
            raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", faults)
        faults = _size_faults(wells, readings)
        if faults:
            raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", faults)
        _tell(wells, account)
        remarks = _remarks(wells)
        plates = [_with_words(_plate(name, blocks), remarks, export_wells) for name, blocks in readings.items()]
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
            below = below[_n_settings(columns, below) :]
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


def _n_settings(columns: Mapping[str, int], rows: Sequence[Row]) -> int:
    """Count the rows of times, temperatures and sizes that Magellan writes between the titles and the first well."""
    settings = itertools.takewhile(lambda row: not _well(columns, row) and not _has_number(row), rows[:_MOST_SETTINGS])
    return len(list(settings))


def _has_number(row: Row) -> bool:
    return any(number_of(cell, mark) is not None for cell in row.cells for mark in ".,")


def _size_faults(wells: _List, readings: Mapping[str, Mapping[str, Mapping[str, Reading]]]) -> list[Fault]:
    lines = frozenset(row.line for row in (wells.header, *wells.rows))
    n_wells = [len(next(iter(blocks.values()), ())) for blocks in readings.values()]
    numbers = frozenset([*n_wells, sum(n_wells), *(rows * columns for rows, columns in _sizes(readings))])
    return size_faults(wells.sheet, list(announced(wells.sheet, lines)), {"wells": numbers})


def _sizes(readings: Mapping[str, Mapping[str, Mapping[str, Reading]]]) -> list[tuple[int, int]]:
    # A plate that is announced by its size may be read in part only if its last wells are there.
    sizes = []
    for blocks in readings.values():
        own = [well for block in blocks.values() for well in block]
        n_rows, n_columns = format_for(own)
        if f"{row_letter(n_rows - 1)}{n_columns}" in own:
            sizes.append((n_rows, n_columns))
    return sizes


def _tell(wells: _List, account: Account) -> None:
    own = {place for word, place in wells.columns.items() if word in ("well", "row", "col", "plate")}
    said = {place for place, cell in enumerate(wells.header.cells) if is_remark(cell) and place not in own}
    mapped = {place for word, place in wells.columns.items() if word in _COMPARED}
    columns = {*own, *wells.signals, *said, *mapped} | ({wells.channel} - {-1})
    account.use_table(wells.sheet, wells.header, wells.rows, columns, known=known_titles("map"))
    titles = {place: wells.header.cell(place) for place in said}
    for row in wells.rows:
        for place, words in remarks_of(row, titles):
            account.flag(wells.sheet, row, place, word=words)


def _export_wells(wells: _List, faults: list[Fault]) -> dict[str, list[ExportWell]]:
    """Return what the list says sits in its wells, by plate as written."""
    export_wells: dict[str, list[ExportWell]] = {}
    at = {word: place for word, place in wells.columns.items() if word in _COMPARED}
    for row in wells.rows if at else ():
        plate = row.cell(wells.columns["plate"]) if "plate" in wells.columns else ""
        words = {word: row.cell(place) for word, place in at.items()}
        role = ROLE_BY_WORD.get(words.get("role", "").casefold(), "")
        dose = at.get("conc") if role == "calibrator" else None
        conc = number_cell(wells.sheet, row, dose, faults, what="dose")
        dilution = dilution_cell(wells.sheet, row, at.get("dilution"), faults)
        one = ExportWell(well=_well(wells.columns, row), line=row.line, name=words.get("name", ""), role=role,
                       conc=conc, dilution=dilution)  # fmt: skip
        export_wells.setdefault(plate, []).append(one)
    return export_wells


def _remarks(wells: _List) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return what the list says of its wells, by plate as written and well."""
    titles = {place: cell for place, cell in enumerate(wells.header.cells) if place not in wells.columns.values()}
    said: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in wells.rows:
        plate = row.cell(wells.columns["plate"]) if "plate" in wells.columns else ""
        words = tuple(text for place, text in remarks_of(row, titles) if place not in wells.signals)
        if words:
            said[plate, _well(wells.columns, row)] = words
    return said


def _with_words(
    plate: Plate, said: Mapping[tuple[str, str], tuple[str, ...]], export_wells: Mapping[str, Sequence[ExportWell]]
) -> Plate:
    own = {("", well): words for (name, well), words in said.items() if name in ("", plate.name)}
    wells = (*export_wells.get("", ()), *(export_wells.get(plate.name, ()) if plate.name else ()))
    return replace(plate, words=PlateWords(remarks=own, export_wells=tuple(wells)))


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
        channel = f" {row.cell(wells.channel)}" if wells.channel >= 0 and row.cell(wells.channel) else ""
        blocks = plates.setdefault(plate, {title: {} for title in wells.signals.values() if wells.channel < 0})
        for index, own_title in wells.signals.items():
            title = own_title + channel
            if wells.channel >= 0 and not row.cell(index):
                continue  # what was read through another filter
            if well in blocks.setdefault(title, {}):
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
