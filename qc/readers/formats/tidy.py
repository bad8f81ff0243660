"""Tidy tables: results, sample, subject, control, event and bridging sheet, as CSV, TSV, XLSX, XLS or Parquet.

The kind is told by the columns. A workbook may hold a table on each of its sheets; sheets of results are runs of their
own, called by file and sheet, unless a column names them. Columns that are not known and lines around the table are
left aside by name. All faults of a file are told at once. A value is never judged here: ``<0.5``, ``***``, ``NA``,
``OOR <``, an empty cell and ``19 but poor collection`` all pass as the text they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qc.readers.intake import Intake
from qc.readers.lab_sheets.analyte_names import called
from qc.readers.lab_sheets.doubtful_rows import doubtful_rows
from qc.readers.lab_sheets.expiry_columns import expiry_columns, with_expiry_marks, with_marks
from qc.readers.lab_sheets.header_units import header_unit, with_header_units
from qc.readers.lab_sheets.matrix_column import with_matrix
from qc.readers.lab_sheets.result_rows import reported_rows, runs_of, wide_rows
from qc.readers.lab_sheets.run_columns import runs_of_table
from qc.readers.lab_sheets.sheet_rows import number_titles, refuse_unsaid, sheet_rows
from qc.readers.lab_sheets.sheet_tables import SheetTable, faults_between
from qc.readers.lab_sheets.unread_columns import misspelt_columns, outvoted_columns, remark_columns
from qc.readers.protocol import Claim
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.headers.beside import columns_beside
from schemas.headers.cells import Cells
from schemas.headers.column_names import (
    doubtful_columns,
    doubtful_value,
    header_faults,
    known_titles,
    ragged_faults,
    titles_for,
    units_of,
)
from schemas.headers.header import Header, find_headers, needs
from schemas.headers.only_header import table_headers
from schemas.headers.swallowed_lines import swallowed_lines
from schemas.headers.table_body import headings, repeated_headers
from schemas.headers.unknown_table import likely_column
from schemas.run import Run
from schemas.tables.column import sheet_columns
from schemas.tables.sheets import SHEETS
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.written_number import parts_thousands, two_ways

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.lab_words import LabWords


class TidyReader:
    """Read one table whose first known header row names its columns."""

    name = "tidy"
    version = "1"
    is_plate = False
    surest_claim = Claim.TABLE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where at least one sheet or delimiter gives the header of a known table."""
        return Claim.TABLE if find_headers(source.sheets, source.words) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read the table, or one of each sheet of a workbook, with the runs that they name."""
        headers = table_headers(source.sheets, source.path.name, source.words)
        tables = [_table(header, source, run, run_sheet, account) for header, run in _runs(headers, source, run_sheet)]
        faults = [*(fault for table in tables for fault in table.faults), *faults_between(tables)]
        if faults:
            n = len(faults)
            raise ReaderError(f"'{source.path.name}' has {n} fault{'s' * (n > 1)}; nothing was taken in.", faults)
        return _intake(tables)


def _intake(tables: Sequence[SheetTable]) -> Intake:
    runs = tuple(run for table in tables for run in table.runs)
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in tables:
        rows.setdefault(SHEETS[table.kind].table, []).extend(table.rows)
    kinds = [table.kind for table in tables]
    return Intake(
        kind="results" if "results" in kinds else kinds[0],
        reader=READER.name,
        reader_version=READER.version,
        instrument=next((run.instrument for run in runs if run.instrument), ""),
        runs=runs,
        tables={name: frame(name, own) for name, own in rows.items()},
        remarks=tuple(remark for table in tables for remark in table.remarks),
    )


def _runs(headers: Sequence[Header], source: Source, run_sheet: RunSheet | None) -> list[tuple[Header, Run]]:
    """Return each table with its run: where several sheets hold results, each is one by itself."""
    run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
    is_one = sum(header.kind == "results" for header in headers) < 2
    return [(header, run if is_one else replace(run, run=f"{run.run} {header.sheet.name}")) for header in headers]


def _table(header: Header, source: Source, run: Run, run_sheet: RunSheet | None, account: Account) -> SheetTable:
    header = with_matrix(header, titles_for("tidy", source.words), source.words)
    _refuse_headings(header, source)
    titles = _own_titles(header, source.words)
    used = _use(header, titles, account)
    has_analyte = "analyte" in header.columns or header.wide or run.analyte
    if header.kind == "results" and not has_analyte:
        text = f"There is no column 'analyte', and the run sheet names none: {needs()['results']}.{_likely(header)}"
        raise ReaderError(f"'{source.path.name}' lacks a column.", [Fault(header.sheet.where(header.row), text)])
    cells = _cells(header, source, titles)
    doubts = doubtful_rows(source, header, account, cells.faults)
    rows, runs = _rows(header, cells, run, run_sheet.run if run_sheet else {})
    if run_sheet and header.kind == "results":
        rows, faults = called(rows, run_sheet)
        cells.faults += faults
    rows = with_expiry_marks(rows, header, runs, account, cells.faults)
    if header.kind == "results":
        rows = [with_marks(row, doubts.get(row["line"], ())) for row in rows]
    remarks = (*misspelt_columns(header, titles, used), *outvoted_columns(header, titles, used))
    return SheetTable(header, rows, runs, remarks, tuple(cells.faults))


def _refuse_headings(header: Header, source: Source) -> None:
    faults = [
        Fault(
            header.sheet.where(row),
            f"'{row.cells[0].strip()}' stands alone in its row: a heading over the rows below? Write what it says into "
            "a column of each of them.",
        )
        for row in headings(header.row, header.rows)
    ]
    if faults:
        raise ReaderError(f"'{source.path.name}' has headings among its rows; nothing was taken in.", faults)


def _likely(header: Header) -> str:
    known = known_titles("tidy")
    found = next((cell.strip() for cell in header.row.cells if likely_column(cell, known) == "analyte"), "")
    return f" Is column '{found}' meant? Say so in words.toml of the lab, or in the run sheet." if found else ""


def _own_titles(header: Header, words: LabWords) -> Mapping[str, str]:
    """Return the titles that a table of its kind reads, by bare title; all others are columns that nobody reads."""
    from schemas.tables.run_columns import RunColumns

    own = {one.title for one in SHEETS[header.kind].columns}
    own |= {one.title for one in sheet_columns(RunColumns)} if header.kind == "results" else set()
    own |= {"subject"} if any(one.visit for one in header.wide.values()) else set()
    return {word: title for word, title in titles_for("tidy", words).items() if title in own}


def _use(header: Header, titles: Mapping[str, str], account: Account) -> set[int]:
    own = set(titles.values())
    columns = [index for ours, index in header.columns.items() if ours in own]
    used = {*columns, *header.wide, *remark_columns(header), *expiry_columns(header)}
    account.use_table(header.sheet, header.row, header.rows, used, known=titles)
    at = header.sheet.rows.index(header.row)
    for above in header.sheet.rows[at + 1 - header.sheet.n_header_rows : at]:
        account.use(header.sheet, above)
    mark = decimal_mark(row.cell(index) for row in header.rows for index in _value_columns(header))
    for index in _value_columns(header):
        for row in header.rows:
            if parts_thousands(row.cell(index), "," if mark == "," else "."):
                number = number_of(row.cell(index), mark)
                account.flag(header.sheet, row, index, word=f"read as {number:.15g}: its other mark parts thousands")
    return used


def _value_columns(header: Header) -> list[int]:
    return [*([header.columns["value"]] if "value" in header.columns else []), *header.wide]


def _cells(header: Header, source: Source, titles: Mapping[str, str]) -> Cells:
    cells = Cells(header.sheet, header.row, header.columns, words=source.words, faults=_form_faults(header, titles))
    cells.faults += doubtful_value(header.row) if header.kind == "results" and not header.wide else []
    cells.mark = _decimal_mark(cells, header)
    return cells


def _form_faults(header: Header, titles: Mapping[str, str]) -> list[Fault]:
    faults = [*swallowed_lines(header.sheet), *header.sheet.faults, *header_faults(header.sheet, header.row)]
    if not header.rows:
        faults.append(Fault(header.sheet.where(header.row), "There is no row below the header."))
    faults += doubtful_columns(header.row, titles)
    faults += columns_beside(header.sheet, header.row, header.rows, header.columns, header.kind)
    faults += repeated_headers(header.sheet, header.row, header.rows)
    return faults + ragged_faults(header.sheet, header.row, header.rows)


def _decimal_mark(cells: Cells, header: Header) -> str:
    columns = number_titles(header.kind)
    texts = [cells.text(row, column) for row in header.rows for column in columns]
    texts += [row.cell(index) for row in header.rows for index in header.wide]
    mark = decimal_mark(texts)
    if mark == "?" and header.kind == "results":
        doubtful = next((row for row in header.rows if two_ways(cells.text(row, "value"))), None)
        text = (
            "The decimal mark is not clear: numbers with a comma may be decimals or thousands, or both marks are used."
        )
        example = f" {two_ways(cells.text(doubtful, 'value'))}" if doubtful else _two_marks(cells, header, columns)
        where = header.sheet.where(doubtful or header.row)
        cells.faults.append(Fault(where, f"{text}{example} Write every number with a decimal point."))
    return mark


def _two_marks(cells: Cells, header: Header, columns: Sequence[str]) -> str:
    """Quote the first cell that reads with a decimal comma alone, and the first that reads with a point alone."""
    written = [(cells.text(row, column), row.line) for row in header.rows for column in columns]
    written += [(row.cell(index), row.line) for row in header.rows for index in header.wide]
    first = [
        next(((text, line) for text, line in written if mark in text and decimal_mark([text]) == mark), None)
        for mark in ",."
    ]
    quoted = [f"'{one[0]}' in line {one[1]}" for one in first if one is not None]
    return f" Look at {' and '.join(quoted)}." if quoted else ""


def _rows(
    header: Header, cells: Cells, run: Run, sheet_keys: Mapping[str, object]
) -> tuple[list[dict[str, Any]], tuple[Run, ...]]:
    if header.kind != "results":
        units = units_of(header.row, header.columns)
        rows = with_header_units(sheet_rows(header.kind, cells, header.rows), units, header, cells)
        refuse_unsaid(header.kind, cells, rows)
        return rows, ()
    runs = runs_of_table(cells, header.rows, run, sheet_keys)
    if header.wide:
        rows = wide_rows(cells, header.rows, run, header.wide)
    else:
        unit = header_unit(header, cells)
        rows = reported_rows(cells, header.rows, replace(run, unit=unit) if unit else run)
    lots = {one.run: one.reagent_lot for one in runs_of(rows, run)}
    return rows, tuple(replace(one, reagent_lot=lots.get(one.run, one.reagent_lot)) for one in runs)


READER = TidyReader()
