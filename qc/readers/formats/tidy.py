"""Tidy tables: results, sample, subject, control, event and bridging sheet, as CSV, TSV, XLSX, XLS or Parquet.

The kind is told by the columns. Title rows may stand above the header. Columns that are not known are left out.
All faults of a file are told at once. A value is never judged here: ``<0.5``, ``***``, ``NA``, ``OOR <``, an empty
cell and ``19 but poor collection`` all pass as the text they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qc.readers.intake import Intake
from qc.readers.lab_sheets.result_rows import reported_rows, runs_of
from qc.readers.lab_sheets.sheet_rows import number_titles, sheet_rows
from qc.readers.protocol import Claim
from qc.readers.text.cells import Cells
from qc.readers.text.column_names import doubtful_value, header_faults, known_titles, ragged_faults
from qc.readers.text.header import Header, find_headers, needs, the_header
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.run import Run
from schemas.tables.sheets import SHEETS
from schemas.text_tables.numerals import decimal_mark

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source


class TidyReader:
    """Read one table whose first known header row names its columns."""

    name = "tidy"
    version = "1"
    is_plate = False
    surest_claim = Claim.TABLE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where at least one sheet or delimiter gives the header of a known table."""
        return Claim.TABLE if find_headers(source.sheets) else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read the table, with the runs that it names."""
        header = the_header(source.sheets, source.path.name)
        known = known_titles("tidy").values()
        account.use_table(header.sheet, header.row, header.rows, header.columns.values(), known=known)
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        if header.kind == "results" and "analyte" not in header.columns and not run.analyte:
            text = f"There is no column 'analyte', and the run sheet names none: {needs()['results']}."
            raise ReaderError(f"'{source.path.name}' lacks a column.", [Fault(header.sheet.where(header.row), text)])
        cells = Cells(header.sheet, header.row, header.columns, faults=_form_faults(header))
        cells.faults += doubtful_value(header.row) if header.kind == "results" else []
        cells.mark = _decimal_mark(cells, header)
        rows, runs = _rows(header, cells, run)
        if cells.faults:
            n = len(cells.faults)
            raise ReaderError(f"'{source.path.name}' has {n} fault{'s' * (n > 1)}; nothing was taken in.", cells.faults)
        table = SHEETS[header.kind].table
        return Intake(header.kind, self.name, self.version, run.instrument, runs, {table: frame(table, rows)})


def _form_faults(header: Header) -> list[Fault]:
    faults = [*header.sheet.faults, *header_faults(header.sheet, header.row)]
    if not header.rows:
        faults.append(Fault(header.sheet.where(header.row), "There is no row below the header."))
    return faults + ragged_faults(header.sheet, header.row, header.rows)


def _decimal_mark(cells: Cells, header: Header) -> str:
    columns = number_titles(header.kind)
    mark = decimal_mark(cells.text(row, column) for row in header.rows for column in columns)
    if mark == "?" and header.kind == "results":
        text = (
            "The decimal mark is not clear: numbers with a comma may be decimals or thousands, or both marks are used."
        )
        cells.faults.append(Fault(header.sheet.where(header.row), text + " Write every number with a decimal point."))
    return mark


def _rows(header: Header, cells: Cells, run: Run) -> tuple[list[dict[str, Any]], tuple[Run, ...]]:
    if header.kind == "results":
        rows = reported_rows(cells, header.rows, run)
        return rows, runs_of(rows, run)
    return sheet_rows(header.kind, cells, header.rows), ()


READER = TidyReader()
