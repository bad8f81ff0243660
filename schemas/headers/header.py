"""Which table a file holds: told by the columns of its header, wherever the header stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property

from schemas.headers.column_names import positions, titles_for
from schemas.headers.header_rows import MAX_TITLE_ROWS
from schemas.headers.table_body import table_body
from schemas.headers.wide_table import looks_wide, wide_columns
from schemas.lab_words import LabWords, WideColumn
from schemas.tables.sheets import SHEETS
from schemas.tables.sheets import Sheet as TableSheet
from schemas.text_tables.sheet import Row, Sheet

NO_WORDS = LabWords()
"""No word of a laboratory."""
_RESULTS_NEED = "a results table needs value, analyte and sample (or material and level for controls)"


_NAMING = {
    "results": ("value", "sample", "material"),
    "controls": ("material", "target"),
    "events": ("happened_at", "event"),
    "bridgings": ("bridged_from", "bridged_to"),
    "samples": ("sample", "subject"),
    "subjects": ("subject", "sex", "birth_year", "arm"),
}
"""Columns by which a table is told; at most one of them is filled in a line that is none of its rows."""


@dataclass(frozen=True)
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
    wide: Mapping[int, WideColumn] = field(default_factory=dict)
    """Analyte by index, in a table with one column an analyte."""

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """Rows of the table: those below it that are not blank, without the lines that follow the table."""
        needed = [self.columns[title] for title in _NAMING[self.kind] if title in self.columns]
        return table_body(self.sheet, self.row, [*needed, *self.wide])


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


def find_headers(sheets: Sequence[Sheet], words: LabWords = NO_WORDS) -> list[Header]:
    """Find the header of each sheet that has one.

    Parameters
    ----------
    sheets : sequence of Sheet
        Sheets of the file; of a text one for each delimiter that cuts it.
    words : LabWords
        What the laboratory calls columns.

    Returns
    -------
    list of Header
        At most one for each sheet: the first row that names what a kind of table needs.
    """
    titles = titles_for("tidy", words)
    found = []
    for sheet in sheets:
        headers = (header_of(sheet, row, titles, words) for row in first_rows(sheet))
        first = next((header for header in headers if header is not None), None)
        found += [first] if first else []
    return found


def header_of(sheet: Sheet, row: Row, titles: Mapping[str, str], words: LabWords = NO_WORDS) -> Header | None:
    """Return the header that a row is; None if it is none.

    Parameters
    ----------
    sheet : Sheet
        Sheet that the rows stand in.
    row : Row
        Row that may be a header.
    titles : mapping of str to str
        Our column by bare title.
    words : LabWords
        What the laboratory calls columns.
    """
    columns = positions(row, titles)
    wide = wide_columns(row, words) if words.wide and "value" not in columns else {}
    named_by = {"sample", "material"} | ({"subject"} if all(one.visit for one in wide.values()) else set())
    if wide and columns.keys() & named_by:
        own = {ours: index for ours, index in columns.items() if index not in wide}
        return Header("results", sheet, row, own, wide)
    kind = kind_of(columns)
    if not kind or (kind == "samples" and "visit" not in columns and looks_wide(sheet, row, columns)):
        return None
    return Header(kind, sheet, row, columns)


def first_rows(sheet: Sheet) -> list[Row]:
    """Return the rows that may be the header, none blank; the one that a mapping says, where it says one.

    Parameters
    ----------
    sheet : Sheet
        Sheet that may hold a table.
    """
    if sheet.header_line:
        return [row for row in sheet.rows if row.line == sheet.header_line]
    rows: list[Row] = []
    for row in sheet.rows:
        if not row.is_blank:
            rows.append(row)
        if len(rows) > MAX_TITLE_ROWS:
            break
    return rows


def kind_of(columns: Mapping[str, int]) -> str:
    """Tell the kind of a table by its columns.

    Parameters
    ----------
    columns : mapping of str to int
        Index by our column name; only the names count.

    Returns
    -------
    str
        ``results``, ``controls``, ``samples``, ``subjects``, ``events``, ``bridgings``, or empty.
    """
    has = set(columns)
    if "value" in has and has & {"sample", "material"}:
        return "results"
    if "material" in has and has & {"target", "target_from"}:
        return "controls"
    if {"happened_at", "event"} <= has:
        return "events"
    if {"bridged_from", "bridged_to"} <= has:
        return "bridgings"
    if {"sample", "subject"} <= has:
        return "samples"
    if "subject" in has and has & {"sex", "birth_year", "arm"}:
        return "subjects"
    return ""
