"""What an xPONENT export is made of: a head, a table for each ``DataType:``, and the footer with its CRC."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from qc.readers.plates.documents import Document
from schemas.errors import Fault
from schemas.plates.plate import well_of
from schemas.text_tables.numerals import number_of
from schemas.text_tables.sheet import Row, Sheet

FOOTER = "-- CRC --"
"""Line above the CRC, the last but one that xPONENT writes."""
LOCATION, SAMPLE = 0, 1
"""Columns of every table of wells."""
_PLACE = re.compile(r"\s*(?:\d+\s*\(\s*)?(\d+)\s*,\s*([A-Za-z]{1,2}\d{1,2})\s*\)?\s*\Z")
_EVENTS = "total events"
"""Title, in lower case, of the column that counts what was measured in a well."""
NO_ANALYTE = frozenset({"", "total events", "notes"})
"""Titles, in lower case, that name no analyte."""
_HEADS = frozenset({"Location", "Analyte:"})
_UNITS = "Units"
_BEGINNING = frozenset({"Location", "DataType:"})
_LEAST_ALIKE = 3
_ROUNDED = 0.051
"""Units of fluorescence by which a difference of two numbers with one decimal is rounded."""
_MAY_LACK = frozenset({"notes"})


@dataclass(slots=True)
class XponentTable:
    """One table: its kind, its header and the rows below it, none blank."""

    kind: str
    """Data type: ``Median``, ``Count``."""
    head: Row
    """Row that names the data type."""
    header: Row | None = None
    """Row of titles; None for a table without any row."""
    rows: list[Row] = field(default_factory=list)
    """Rows below it."""

    @property
    def places(self) -> dict[str, int]:
        """Column by analyte."""
        cells = self.header.cells if self.header else ()
        first = SAMPLE + 1 if self.lists_wells else 1
        titles = {cell.strip(): place for place, cell in enumerate(cells) if place >= first}
        return {title: place for title, place in titles.items() if title.casefold() not in NO_ANALYTE}

    @property
    def analytes(self) -> list[str]:
        """Analytes that its header names; none for a table of other things."""
        is_list = self.header is not None and self.header.cell(0) in _HEADS
        return list(self.places) if is_list else []

    @property
    def lists_wells(self) -> bool:
        """Whether it has one row a well."""
        return self.header is not None and self.header.cell(LOCATION) == "Location"


@dataclass(slots=True)
class XponentExport:
    """One export of one batch."""

    sheet: Sheet
    """Sheet that it stands in."""
    head: list[Row] = field(default_factory=list)
    """Rows above the first table, none blank."""
    tables: list[XponentTable] = field(default_factory=list)
    """Tables in order."""
    footer: list[Row] = field(default_factory=list)
    """Rows from ``-- CRC --`` on, none blank."""
    last_line: int = 0
    """Line of its last row."""

    def text_of(self, word: str, column: int = 1) -> str:
        """Return what the head says behind a word; empty if it says nothing."""
        return next((row.cell(column) for row in self.head if row.cell(0) == word), "")

    def table(self, kind: str) -> XponentTable | None:
        """Return the table of a kind."""
        return next((table for table in self.tables if table.kind == kind), None)

    @property
    def document(self) -> Document:
        """What it is called when there are several."""
        batch = self.text_of("Batch")
        begun = " ".join(row for row in (self.text_of("Date"), self.text_of("Date", 2)) if row)
        title = f"batch '{batch}'" if batch else "a batch without a name"
        return Document(f"{title} of {begun}" if begun else title, self.head[0].line, self.last_line)


def is_begin(row: Row) -> bool:
    """Tell whether a row begins an export."""
    return row.cell(0) == "Program" and row.cell(1).casefold() == "xponent"


def exports_of(sheet: Sheet) -> list[XponentExport]:
    """Cut a sheet into the exports that it holds; rows above the first one are left out."""
    exports: list[XponentExport] = []
    for row in sheet.rows:
        if is_begin(row):
            exports.append(XponentExport(sheet))
        if exports and not row.is_blank:
            _take(exports[-1], row)
    return exports


def _take(export: XponentExport, row: Row) -> None:
    export.last_line = row.line
    if row.cell(0) == FOOTER or export.footer:
        export.footer.append(row)
    elif row.cell(0) == "DataType:":
        export.tables.append(XponentTable(row.cell(1), row))
    elif not export.tables:
        export.head.append(row)
    elif export.tables[-1].header is None:
        export.tables[-1].header = row
    else:
        export.tables[-1].rows.append(row)


def place_of_row(row: Row) -> tuple[str, str] | None:
    """Return the number of the plate and the well of a location such as ``1(1,A1)`` or ``1,A1``; None for no well."""
    match = _PLACE.match(row.cell(LOCATION))
    well = well_of(match[2]) if match else ""
    return (match[1], well) if match and well else None


def table_faults(export: XponentExport, measured: Iterable[str]) -> list[Fault]:
    """Name what makes the tables of an export less than whole.

    Parameters
    ----------
    measured : iterable of str
        Kinds of tables that hold one row for each well that was measured.

    Returns
    -------
    list of Fault
        A table that stands twice, rows that are cut short or too long, wells that one table has and another lacks.
    """
    sheet = export.sheet
    kinds = [table.kind for table in export.tables]
    faults = [
        Fault(sheet.where(table.head), f"Table '{table.kind}' stands {kinds.count(table.kind)} times in one export.")
        for index, table in enumerate(export.tables)
        if table.kind in kinds[:index]
    ]
    if faults:
        return faults
    wells = [table for table in export.tables if table.kind in set(measured) and table.lists_wells]
    faults += [fault for table in wells for fault in (*_width_faults(sheet, table), *_event_faults(sheet, table))]
    faults += _untitled_faults(export)
    faults += _analyte_faults(sheet, [*wells, *(table for table in export.tables if table.kind == _UNITS)])
    return faults + _well_faults(sheet, wells) + _count_faults(export, wells) + _footer_faults(export)


def _untitled_faults(export: XponentExport) -> list[Fault]:
    """Name the headers of wells and the words of a table that do not stand where a table begins."""
    rows = [*export.head, *(row for table in export.tables for row in table.rows)]
    text = (
        "'{}' stands here, and no line 'DataType:' with the name of the table right above it: a line is lost or moved."
    )
    return [
        Fault(export.sheet.where(row), text.format(next(cell for cell in row.cells[:2] if cell in _BEGINNING)))
        for row in rows
        if _BEGINNING & set(row.cells[:2])
    ]


def _width_faults(sheet: Sheet, table: XponentTable) -> list[Fault]:
    titles = [cell.strip() for cell in table.header.cells] if table.header else []
    needed = max(
        (place + 1 for place, title in enumerate(titles) if title and title.casefold() not in _MAY_LACK), default=0
    )
    return [
        Fault(sheet.where(row), f"The row has {row.width} cells, the header of table '{table.kind}' has {needed}.")
        for row in table.rows
        if len(row.cells) < needed or row.width > max(needed, len(titles))
    ]


def _event_faults(sheet: Sheet, table: XponentTable) -> list[Fault]:
    """Name counts of events that are no whole number: a cell was shifted or swapped with its neighbour."""
    titles = [cell.strip().casefold() for cell in table.header.cells] if table.header else []
    columns = [place for place, title in enumerate(titles) if title == _EVENTS]
    text = "'{}' is no whole number, and events are counted: are cells of this row shifted or swapped?"
    return [
        Fault(sheet.where(row, place, "Total Events"), text.format(row.cell(place)))
        for row in table.rows
        for place in columns
        if (number := number_of(row.cell(place), ".")) is not None and not number.is_integer()
    ]


def _well_faults(sheet: Sheet, tables: Sequence[XponentTable]) -> list[Fault]:
    """Compare every table with the first one: the same wells, and the same sample in each."""
    if not tables:
        return []
    first = {place_of_row(row): row.cell(SAMPLE) for row in tables[0].rows}
    faults = []
    for table in tables[1:]:
        own = {place_of_row(row): row for row in table.rows}
        for named, among, other in ((first, own, table), (own, first, tables[0])):
            lacking = [place[1] for place in named if place and place not in among]
            if lacking:
                text = f"Table '{other.kind}' lacks {len(lacking)} wells that another table has: {_few(lacking)}."
                faults.append(Fault(sheet.where(other.head), text))
        for place, row in own.items():
            if place in first and row.cell(SAMPLE) != first[place]:
                text = f"Table '{table.kind}' calls this well '{row.cell(SAMPLE)}', table '{tables[0].kind}'"
                faults.append(Fault(sheet.where(row), f"{text} calls it '{first[place]}'."))
    return faults


def _analyte_faults(sheet: Sheet, tables: Sequence[XponentTable]) -> list[Fault]:
    """Name the analytes that one table has and another lacks: a column was deleted, or a title changed."""
    own = {table.kind: (table, table.analytes) for table in tables if table.header and table.analytes}
    everywhere = dict.fromkeys(name for _, names in own.values() for name in names)
    moved = [
        Fault(
            sheet.where(table.header or table.head), f"Table '{kind}' has its analytes in another order than the first."
        )
        for kind, (table, names) in own.items()
        if names != (first := next(iter(own.values()))[1]) and sorted(names) == sorted(first)
    ]
    return moved + [
        Fault(
            sheet.where(table.header or table.head), f"Table '{kind}' lacks {_few(lacking)}, which another table has."
        )
        for kind, (table, names) in own.items()
        if (lacking := [name for name in everywhere if name not in names])
    ]


def net_remarks(export: XponentExport) -> tuple[str, ...]:
    """Name the wells whose net signal is not their signal less what it is less in most wells, analyte by analyte."""
    median, net = export.table("Median"), export.table("Net MFI")
    if median is None or net is None or not (median.lists_wells and net.lists_wells):
        return ()
    rows = {place_of_row(row): row for row in net.rows}
    pairs = [(row, rows[place]) for row in median.rows if (place := place_of_row(row)) in rows]
    return tuple(
        f"{export.sheet.where(other)}: The net signal of '{name}' is not the median less the {usual:g} of other wells."
        f" A cell is out of place or was changed: export it again."
        for name, at in median.places.items()
        if name in net.places
        for usual, other in _unlike(pairs, at, net.places[name])
    )


def _unlike(pairs: Sequence[tuple[Row, Row]], at: int, other: int) -> list[tuple[float, Row]]:
    numbers = [(number_of(a.cell(at), "."), number_of(b.cell(other), "."), b) for a, b in pairs]
    less = [(round(a - b, 3), row) for a, b, row in numbers if a is not None and b is not None and b != 0]
    (usual, n), *_ = [*Counter(difference for difference, _ in less).most_common(1), (0.0, 0)]
    unlike = [(usual, row) for difference, row in less if abs(difference - usual) > _ROUNDED]
    return unlike if n >= max(_LEAST_ALIKE, len(less) / 2) else []


def _few(wells: Sequence[str]) -> str:
    return ", ".join(wells[:6]) + (" and more" if len(wells) > 6 else "")


def _count_faults(export: XponentExport, tables: Sequence[XponentTable]) -> list[Fault]:
    """An export without its footer must hold as many wells as its head announces: else it was cut at a line end."""
    announced = export.text_of("Samples")
    n_wells = max((len(table.rows) for table in tables), default=0)
    if export.footer or not announced.isdecimal() or n_wells >= int(announced):
        return []
    text = f"The head announces {announced} samples, the file holds {n_wells} wells and ends without its footer"
    return [Fault(f"line {export.last_line}", f"{text}: it was cut off.")]


def _footer_faults(export: XponentExport) -> list[Fault]:
    return [
        Fault(
            export.sheet.where(row),
            f"'{row.cell(0)}' stands below the CRC, which is the last line that xPONENT writes.",
        )
        for row in export.footer[2:]
    ]
