"""Which table a file holds: told by the columns of its header, wherever the header stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from qc.readers.text.column_names import header_faults, known_titles, looks_like_data, positions, ragged_faults
from schemas.errors import Fault, ReaderError
from schemas.tables.sheets import SHEETS
from schemas.tables.sheets import Sheet as TableSheet
from schemas.text_tables.delimited import DELIMITER_NAMES, plainest
from schemas.text_tables.sheet import Row, Sheet

MAX_TITLE_ROWS = 30
"""Rows above the header that may hold titles."""
_MOST_FAULTS = 20
_RESULTS_NEED = "a results table needs value, analyte and sample (or material and level for controls)"


@dataclass(frozen=True, slots=True)
class Header:
    """A header row that was recognised."""

    kind: str
    """Kind of table."""
    sheet: Sheet
    """Sheet it stands in."""
    row: Row
    """The row."""
    columns: Mapping[str, int]
    """Index by our column name."""

    @property
    def rows(self) -> tuple[Row, ...]:
        """Rows below it that are not blank."""
        return tuple(row for row in self.sheet.rows if row.line > self.row.line and not row.is_blank)


@cache
def needs() -> Mapping[str, str]:
    """Return what each kind of table needs, in words.

    Returns
    -------
    mapping of str to str
        Clause by kind.
    """
    return {
        kind: f"{sheet.called} needs {_listed(sheet)}" if sheet.is_versioned else _RESULTS_NEED
        for kind, sheet in SHEETS.items()
    }


def _listed(sheet: TableSheet) -> str:
    needed = [one for one in sheet.columns if one.presence != "optional"]
    names = [f"{one.title} (or {one.also})" if one.also else one.title for one in needed]
    return f"{', '.join(names[:-1])} and {names[-1]}"


def find_headers(sheets: Sequence[Sheet]) -> list[Header]:
    """Find the header of each sheet that has one.

    Returns
    -------
    list of Header
        At most one for each sheet: the first row that names what a kind of table needs.
    """
    titles = known_titles("tidy")
    found = []
    for sheet in sheets:
        for row in _first_rows(sheet):
            columns = positions(row, titles)
            kind = kind_of(columns)
            if kind:
                found.append(Header(kind, sheet, row, columns))
                break
    return found


def _first_rows(sheet: Sheet) -> list[Row]:
    rows: list[Row] = []
    for row in sheet.rows:
        if not row.is_blank:
            rows.append(row)
        if len(rows) > MAX_TITLE_ROWS:
            break
    return rows


def kind_of(columns: Mapping[str, int]) -> str:
    """Tell the kind of a table by its columns.

    Returns
    -------
    str
        ``results``, ``controls``, ``samples``, ``subjects``, ``events``, ``bridgings``, or empty.
    """
    has = set(columns)
    if "value" in has and has & {"sample", "material"}:
        return "results"
    if {"material", "target"} <= has:
        return "controls"
    if {"happened_at", "event"} <= has:
        return "events"
    if {"bridged_from", "bridged_to"} <= has:
        return "bridgings"
    if {"sample", "subject"} <= has:
        return "samples"
    if "subject" in has and has & {"sex", "birth_year"}:
        return "subjects"
    return ""


def the_header(sheets: Sequence[Sheet], name: str) -> Header:
    """Return the only header of a file.

    Raises
    ------
    ReaderError
        If there is none, or more than one.
    """
    headers = find_headers(sheets)
    if not headers:
        raise unknown_table(sheets, name)
    if len(headers) > 1 and headers[0].sheet.name:
        names = ", ".join(f"'{header.sheet.name}'" for header in headers)
        raise ReaderError(f"'{name}' has tables on several sheets: {names}. Give one file for each table.")
    if len(headers) > 1:
        names = " and ".join(DELIMITER_NAMES[header.sheet.delimiter] for header in headers)
        raise ReaderError(f"The delimiter of '{name}' is not clear: {names} both give a known header. Use one only.")
    return headers[0]


def unknown_table(sheets: Sequence[Sheet], name: str) -> ReaderError:
    """Return the error for a file that is none of the known tables, with every fault of its form.

    Returns
    -------
    ReaderError
        Error that lists the columns found and what each kind of table needs.
    """
    faults: list[Fault] = []
    for sheet in sheets if sheets and sheets[0].name else [plainest(tuple(sheets))]:
        faults += _faults_of_unknown(sheet)
    clauses = "; ".join(needs().values())
    return ReaderError(f"'{name}' is not a table or a plate export that is known: {clauses}.", faults)


def _faults_of_unknown(sheet: Sheet) -> list[Fault]:
    rows = _first_rows(sheet)
    if not rows:
        return [Fault(f"sheet '{sheet.name}'" if sheet.name else "", "It is empty.")]
    header = next((row for row in rows if row.width > 1), rows[0])
    if looks_like_data(header):
        return [
            Fault(sheet.where(header), "A header is missing: this row holds numbers where column names are expected.")
        ]
    below = [row for row in sheet.rows if row.line > header.line and not row.is_blank]
    titles = ", ".join(f"'{cell.strip()}'" for cell in header.cells if cell.strip())
    faults = [*sheet.faults, Fault(sheet.where(header), f"Columns found: {' '.join(titles.split())}.")]
    if not below:
        faults.append(Fault(sheet.where(header), "There is no row below the header."))
    faults += header_faults(sheet, header) + ragged_faults(sheet, header, below)
    rest = len(faults) - _MOST_FAULTS
    return faults[:_MOST_FAULTS] + ([Fault("", f"{rest} more rows do not fit the header.")] if rest > 0 else [])
