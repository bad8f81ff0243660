"""Archive files of the Roche Cedex Bio and Cedex Bio HT analysers: one record a line, cut at tabs, without a header.

Records of results carry the code 40; others hold no result and are left out. The columns stand in two orders, told by
their number: sample first (13 cells, software 6) or test first (12 cells, software 5); empty cells behind a record, as
a spreadsheet writes them, do not count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qc.readers.intake import Intake
from qc.readers.lab_sheets.analyte_names import with_own_names
from qc.readers.protocol import Claim
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.run import Run
from schemas.text_tables.sheet import Row
from schemas.written_time import time_of

if TYPE_CHECKING:
    from datetime import datetime

    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Sheet

_ARCHIVE, _RESULT = "#ARC-FILE#", "40"
_ORDERS = {13: {"sample": 2, "role": 4, "test": 6}, 12: {"test": 2, "sample": 5, "role": 6}}
_DILUTIONS = {13: (7,), 12: (3, 4)}
"""Places where a dilution may stand, by the number of cells."""
_DECIMALS = 5
"""Decimals of a signal."""
_DILUTION = re.compile(r"(\d+(?:\.\d+)?)\s*[/:]\s*(\d+(?:\.\d+)?)\Z")
_ROLES = {"SAM": "sample", "QC": "control", "CON": "control", "CTL": "control", "CTRL": "control"}


class CedexReader:
    """Read archive files of Cedex Bio analysers."""

    name = "cedex"
    version = "3"
    is_plate = False

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where the first line is the header of an archive file."""
        return Claim.SIGNATURE if _archive(source) is not None else None

    def read(self, source: Source, run_sheet: RunSheet | None, account: Account) -> Intake:
        """Read one row of ``reported`` for each record of a result.

        The test stands as its code, the value as written (``< 20.00`` is below the range of the test), with the flag
        of the instrument.
        """
        sheet = _archive(source)
        if sheet is None:
            raise ReaderError(f"'{source.path.name}' is no archive file of a Cedex Bio analyser.")
        faults: list[Fault] = []
        run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
        records = [row for row in sheet.rows[1:] if row.cell(0).strip() == _RESULT]
        rows = [row for record in records if (row := _result(sheet, record, run, faults))]
        faults += [*_head_faults(sheet), *_widths(sheet, records), *_moved_values(sheet, records)]
        if not records:
            faults.append(Fault("", "The file holds no result: there is no record with the code 40."))
        rows, unknown = with_own_names(rows, run_sheet.analytes if run_sheet else {}, {})
        faults += unknown
        if faults:
            raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", faults)
        head = sheet.rows[0]
        instrument = run.instrument or f"{head.cell(6).strip()} {head.cell(7).strip()}".strip()
        run = replace(run, instrument=instrument, started_at=run.started_at or min(_times(records), default=None))
        _say(account, sheet, records)
        return Intake("results", self.name, self.version, instrument, (run,), {"reported": frame("reported", rows)})


def _widths(sheet: Sheet, records: list[Row]) -> Iterator[Fault]:
    width = _n_cells(records[0]) if records else 0
    for record in records:
        n_cells = _n_cells(record)
        if n_cells in _ORDERS and n_cells != width:
            text = f"The record has {n_cells} cells, the first of the file {width}: a cell is lost or doubled."
            yield Fault(sheet.where(record), text)


def _head_faults(sheet: Sheet) -> Iterator[Fault]:
    """Name what the first line says of the analyser and cannot: a cell of another line."""
    maker, version = sheet.rows[0].cell(6).strip(), sheet.rows[0].cell(8).strip()
    if not maker.casefold().startswith("cedex"):
        yield Fault(sheet.where(sheet.rows[0]), f"'{maker}' stands where the first line names the analyser, a CEDEX.")
    if not version[:1].isdigit():
        yield Fault(sheet.where(sheet.rows[0]), f"'{version}' stands where the first line gives the version.")


def _moved_values(sheet: Sheet, records: list[Row]) -> Iterator[Fault]:
    """Name values that stand behind or in place of their signal, which has five decimals and is below no range."""
    if not all(_n_cells(record) in _ORDERS for record in records):
        return
    cells = [(record, record.cell(_n_cells(record) - 3), record.cell(_n_cells(record) - 2)) for record in records]
    is_signal = [len(value.strip().partition(".")[2]) == _DECIMALS for _, value, _ in cells]
    if cells and all(is_signal) and not any(len(s.strip().partition(".")[2]) == _DECIMALS for _, _, s in cells):
        yield Fault(sheet.where(records[0]), "The values are written as signals are: are two columns swapped?")
    for record, _, signal in cells:
        if signal.strip()[:1] in ("<", ">"):
            text = f"'{signal.strip()}' stands where the signal does: is a cell out of place?"
            yield Fault(sheet.where(record), text)


def _say(account: Account, sheet: Sheet, records: list[Row]) -> None:
    """Say which cells of the archive became a result, and call the others by what they are."""
    account.use(sheet, sheet.rows[0], 0, 2, 6, 7)
    account.leave(sheet, sheet.rows[0], reason="version, dates and user of the archive: not stored")
    lines = {record.line for record in records}
    titles = tuple(f"cell {n}" for n in range(1, max(map(_n_cells, records)) + 1))
    read = {*_ORDERS[_n_cells(records[0])].values(), *range(len(titles) - 5, len(titles) - 2)} - {len(titles) - 4}
    account.compare(sheet, Row(sheet.rows[0].line, titles), records, read)
    for row in sheet.rows[1:]:
        if row.line not in lines:
            account.leave(sheet, row, reason=f"record {row.cell(0).strip() or 'without a code'}, which holds no result")
            continue
        n, flag = _n_cells(row), _n_cells(row) - 4
        account.use(sheet, row, 0, 1, *_ORDERS[n].values(), *_DILUTIONS[n], *range(n - 5, n - 2))
        account.leave(sheet, row, n - 2, reason="signal that the value was calculated from")
        account.leave(sheet, row, n - 1, reason="kind of the measurement")
        value = row.cell(n - 3).strip()
        if value[:1] in ("<", ">") and not row.cell(flag).strip():
            account.flag(
                sheet, row, n - 3, word="no mark of the analyser says that it is beyond its range, as for others"
            )
        if row.cell(flag).strip():
            account.flag(sheet, row, flag, word=row.cell(flag).strip())


def _archive(source: Source) -> Sheet | None:
    is_archive = _ARCHIVE in source.text[:400]
    found = [sheet for sheet in source.sheets if sheet.rows and sheet.rows[0].cell(2) == _ARCHIVE] if is_archive else []
    return found[0] if found else None


def _result(sheet: Sheet, row: Row, run: Run, faults: list[Fault]) -> dict[str, Any] | None:
    where = sheet.where(row)
    n_cells = _n_cells(row)
    order = _ORDERS.get(n_cells)
    if order is None:
        faults.append(Fault(where, f"The record has {n_cells} cells; expected 12 or 13."))
        return None
    sample, test, word = (row.cell(order[name]).strip() for name in ("sample", "test", "role"))
    role = _ROLES.get(word.upper(), "")
    if not role:
        faults.append(Fault(where, f"Type '{word}' is not known; expected SAM, or QC for a control."))
    if time_of(row.cell(1).strip())[0] is None:
        faults.append(Fault(where, f"'{row.cell(1)}' stands where the time does; is a cell out of place?"))
    if not sample:
        faults.append(Fault(where, "The record names no sample."))
    if not test:
        faults.append(Fault(where, "The record names no test."))
    unit, flag, value = (row.cell(n_cells + place).strip() for place in (-5, -4, -3))
    dilution = _dilution(sheet, row, n_cells, faults)
    return {
        "run": run.run,
        "line": row.line,
        "role": role,
        "sample": sample if role == "sample" else "",
        "material": sample if role == "control" else "",
        "analyte": test,
        "matrix": run.matrix,
        "text": value,
        "unit": unit or run.unit,
        "dilution": dilution,
        "method": run.method,
        "flag": flag,
        "decimal_comma": False,
    }


def _n_cells(row: Row) -> int:
    """Count the cells of a record without the empty ones that a spreadsheet put behind it."""
    return len(row.cells) if len(row.cells) in _ORDERS else row.width


def _dilution(sheet: Sheet, row: Row, n_cells: int, faults: list[Fault]) -> float:
    """Return the factor of a dilution as the analyser writes it: ``1/5`` is 5; an empty cell is 1."""
    for place in _DILUTIONS[n_cells]:
        written = row.cell(place)
        match = _DILUTION.match(written)
        if match and float(match[1]) and float(match[2]):
            return float(match[2]) / float(match[1])
        if written:
            text = f"'{written}' stands where the dilution does; expected a form like 1/5."
            faults.append(Fault(sheet.where(row, place, "dilution"), text))
    return 1.0


def _times(records: list[Row]) -> Iterator[datetime]:
    for record in records:
        time, _ = time_of(record.cell(1).strip())
        if time is not None:
            yield time


READER = CedexReader()
