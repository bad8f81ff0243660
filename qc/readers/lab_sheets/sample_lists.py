"""Lists of instruments with one row a sample and a column a measurement, whose titles and units the maker has fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any  # Any: a row of the table ``reported``

from qc.readers.intake import Intake
from qc.readers.lab_sheets.analyte_names import with_own_names
from qc.readers.lab_sheets.expiry_columns import expiry_marks, expiry_titles, with_marks
from qc.readers.lab_sheets.list_titles import lone_name, title_faults
from qc.readers.text.remark_columns import is_remark, remarks_of
from qc.readers.text.table_columns import frame
from schemas.errors import Fault, ReaderError
from schemas.headers.column_names import ragged_faults
from schemas.headers.dilution_cell import dilution_cell
from schemas.headers.file_end import open_end
from schemas.headers.number_cell import number_cell
from schemas.headers.row_words import kind_of_words
from schemas.headers.table_body import repeated_headers
from schemas.result_marks import IN_DOUBT
from schemas.run import Run
from schemas.value import ValueState, parse_value
from schemas.written_time import time_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_SAMPLES = frozenset({"", "sample", "unknown", "specimen"})
"""Words for what a patient gave; any other kind of a sample is a control."""
_FAILED = "no result"
Remarks = tuple[tuple[int, str], ...]
"""What the instrument says in a row, by column."""
_NO_END = "the file ends without a line end: whether this cell is whole cannot be known"


_MOST_OF_A_LINE = 2
"""Cells of a line that closes a list, such as ``Signed by`` and a name."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One column of values."""

    column: int
    """Its place, counted from 0."""
    analyte: str
    """What it measures; empty where a column of the row names it."""
    unit: str = ""
    """Its unit; empty where a column of the row names it."""
    unit_column: int | None = None
    """Place of the unit of each row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleList:
    """A list of samples as its reader found it."""

    sheet: Sheet
    """Sheet of the list."""
    header: Row
    """Row of the titles."""
    rows: tuple[Row, ...]
    """Rows of samples below it, none blank."""
    sample: int
    """Place of the name of the sample."""
    values: tuple[Measured, ...]
    """Columns of values."""
    analyte: int | None = None
    """Place of the name of the test, for values that name none."""
    role: int | None = None
    """Place of the kind of the sample; anything but a sample is a control of the maker."""
    lod: int | None = None
    """Place of the limit of detection of the value."""
    dilution: int | None = None
    """Place of the factor by which the sample was diluted; the value carries it already."""
    vessel: tuple[int, ...] = ()
    """Places of what names a vessel: rows alike in them are replicates; empty if each row is a result of its own."""
    tells_blanks: bool = False
    """Whether an empty cell of a value is a result without a number, and no mere gap in a table."""
    name_of: Callable[[str], str] = str
    """How a name of a test becomes that of an analyte."""
    calibrators: frozenset[str] = frozenset()
    """Kinds of a sample, in small letters, whose rows made the instrument's curve and are no results."""
    times: tuple[int, ...] = ()
    """Places of date and time of day of the measurement."""
    order: tuple[str, ...] = ()
    """Titles in small letters in the order in which the maker writes them; empty where it is not known."""
    beside: int | None = None
    """Place of another name of what was measured, beside ``analyte``."""
    faults: tuple[Fault, ...] = ()
    """What its reader found to be wrong with its titles."""
    more: tuple[Row, ...] = ()
    """Other rows that were read, such as one of units."""


def list_intake(
    reader: str, version: str, instrument: str, listed: SampleList, source: Source, run_sheet: RunSheet | None,
    account: Account,
) -> Intake:  # fmt: skip
    """Make results of a list of samples.

    Returns
    -------
    Intake
        One run with a row of ``reported`` for each filled cell of a column of values; an empty cell is no result.

    Raises
    ------
    ReaderError
        With every row that does not fit the header or names no sample.
    """
    run = run_sheet.run_for(source.stem) if run_sheet else Run(run=source.stem)
    sheet = listed.sheet
    faults = [*sheet.faults, *repeated_headers(sheet, listed.header, listed.rows)]
    if faults:  # what stands below it is none of this list
        raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", faults)
    faults += [*listed.faults, *ragged_faults(sheet, listed.header, listed.rows)]
    faults += _lacking_units(listed)
    units = [one.unit_column for one in listed.values if one.unit_column is not None]
    own = (sheet, listed.header, listed.rows)
    faults += title_faults(*own, analyte=listed.analyte, role=listed.role, units=list(dict.fromkeys(units)))
    doubts = _doubts(source, listed, account, faults)
    titles = _remark_titles(listed)
    remarks = {line.line: tuple(remarks_of(line, titles)) for line in listed.rows}
    aside = {line.line: why for line in listed.rows if (why := _why_left_aside(listed, line, remarks))}
    lines = [line for line in listed.rows if line.line not in aside]
    times = [time for row in listed.rows if (time := time_of(_time(listed, row))[0]) is not None]
    run = replace(run, instrument=run.instrument or instrument, started_at=run.started_at or min(times, default=None))
    rows = [row for line in lines for row in _rows(listed, line, run, doubts, remarks, faults)]
    rows = _with_expiry(listed, rows, run, account, faults)
    rows = [row | {"replicate": mark} for row, mark in zip(rows, _replicates(listed, lines, rows), strict=True)]
    if not rows and not faults:
        faults.append(Fault(sheet.where(listed.header), "No row below the header holds a value."))
    rows, unknown = with_own_names(rows, run_sheet.analytes if run_sheet else {}, {})
    if faults or unknown:
        wide = _too_wide(listed) if faults else []
        raise ReaderError(f"'{source.path.name}' has faults; nothing was taken in.", [*wide, *faults, *unknown])
    _tell_times(listed, lines, account)
    _tell_titles(listed, account)
    _account(listed, titles, remarks, aside, account)
    return Intake("results", reader, version, instrument, (run,), {"reported": frame("reported", rows)})


def _too_wide(listed: SampleList) -> list[Fault]:
    """Name the rows with more cells than the header, blank ones counted: the likely cause of other faults."""
    sheet, n = listed.sheet, len(listed.header.cells)
    text = "The row has {} cells, the header has {}: is a cell too many in it?"
    return [
        Fault(sheet.where(row), text.format(len(row.cells), n))
        for row in listed.rows
        if not sheet.name and len(row.cells) > n
    ]


def _lacking_units(listed: SampleList) -> list[Fault]:
    """Name the columns without a unit where a row gives one to all others."""
    lacking = [one for one in listed.values if not one.unit and one.unit_column is None]
    text = "The row of units gives none for column '{}', and one for others: is a cell lost or shifted?"
    return [
        Fault(listed.sheet.where(row, one.column), text.format(listed.header.cell(one.column)))
        for row in listed.more
        for one in lacking
        if len(lacking) < len(listed.values)
    ]


def _tell_times(listed: SampleList, lines: Sequence[Row], account: Account) -> None:
    """Flag what is no time where other rows have one; times of which none can be read are left aside."""
    untimed = [line for line in lines if time_of(_time(listed, line))[0] is None and _time(listed, line).strip()]
    for line in untimed if listed.times else ():
        if len(untimed) < len(lines):
            account.flag(listed.sheet, line, *listed.times, word="it is no time, as in other rows")
        else:
            account.leave(listed.sheet, line, *listed.times, reason="times of a form that is not read")


def _tell_titles(listed: SampleList, account: Account) -> None:
    """Flag titles in another order than the maker writes, and a name that all rows share."""
    titles = titles_of(listed.header)
    known = [title for title in titles if title in listed.order]
    at = next((at for at, title in enumerate(sorted(known, key=listed.order.index)) if known[at] != title), None)
    if at is not None:
        word = "it does not stand where the maker of the instrument writes it: are titles or columns swapped"
        account.flag(listed.sheet, listed.header, titles.index(known[at]), word=word)
    tests = {row.cell(listed.analyte) for row in listed.rows} - {""} if listed.analyte is not None else set()
    for row in [row for row in listed.rows if row.cell(listed.sample) in tests]:
        word = "this name of a sample is also that of a test: are two cells swapped"
        account.flag(listed.sheet, row, listed.sample, word=word)
    other = listed.beside if listed.beside is not None else listed.analyte
    if word := lone_name(listed.header, listed.rows, listed.sample, other):
        account.flag(listed.sheet, listed.header, listed.sample, word=word)


def _expiry(listed: SampleList) -> tuple[int, ...]:
    return expiry_titles(listed.header, {listed.sample, *(one.column for one in listed.values)})


def _with_expiry(
    listed: SampleList, rows: Sequence[dict[str, Any]], run: Run, account: Account, faults: list[Fault]
) -> list[dict[str, Any]]:
    columns, lines = _expiry(listed), {line.line: line for line in listed.rows}
    marks = {
        line: expiry_marks(listed.sheet, lines[line], columns, run.started_at, account, faults)
        for line in dict.fromkeys(row["line"] for row in rows)
    }
    return [with_marks(row, marks[row["line"]]) for row in rows]


def _why_left_aside(listed: SampleList, row: Row, remarks: Mapping[int, Remarks]) -> str:
    """Say why a row is no result; empty for one that is."""
    if listed.role is not None and row.cell(listed.role).casefold() in listed.calibrators:
        return "calibrators of the instrument's own curve"
    is_silent = bool(listed.vessel) and not any(row.cell(one.column) for one in listed.values)
    return "means of replicates" if is_silent and not remarks[row.line] else ""


def _replicates(listed: SampleList, lines: Sequence[Row], rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Number the results of one vessel and analyte from 1; empty where it has one."""
    vessels = {line.line: tuple(line.cell(place) for place in listed.vessel) for line in lines}
    keys = [(vessels[row["line"]], row["sample"], row["material"], row["analyte"]) for row in rows]
    counts, seen = Counter(keys), Counter[tuple[Any, ...]]()
    marks = []
    for key in keys:
        seen[key] += 1
        marks.append(str(seen[key]) if listed.vessel and counts[key] > 1 else "")
    return marks


def _time(listed: SampleList, row: Row) -> str:
    return " ".join(row.cell(place) for place in listed.times)


def _doubts(source: Source, listed: SampleList, account: Account, faults: list[Fault]) -> dict[int, str]:
    """Refuse a last cell that was cut off, and mark the row of one of which nobody can be sure."""
    end = open_end(source.text, listed.rows)
    if end is None:
        return {}
    if end.is_short:
        where = listed.sheet.where(end.row, end.column, listed.header.cell(end.column))
        faults.append(Fault(where, "The file ends within this cell, which is shorter than all others of its column."))
    account.flag(listed.sheet, end.row, end.column, word=_NO_END)
    return {end.row.line: f"{IN_DOUBT}: {_NO_END}".replace(",", ";")}


def _rows(
    listed: SampleList,
    row: Row,
    run: Run,
    doubts: Mapping[int, str],
    remarks: Mapping[int, Remarks],
    faults: list[Fault],
) -> Iterator[dict[str, Any]]:
    sample = row.cell(listed.sample)
    if not sample:
        faults.append(Fault(listed.sheet.where(row, listed.sample), "The row names no sample."))
        return
    flags = [text for _, text in remarks[row.line]]
    flag = ", ".join([*(text.replace(",", ";") for text in flags), *filter(None, [doubts.get(row.line, "")])])
    for one in listed.values:
        # An instrument that gives an error in place of a replicate has measured it all the same.
        is_told = listed.tells_blanks or (bool(listed.vessel) and bool(flags))
        text = row.cell(one.column) or (_FAILED if is_told else "")
        if text and any(map(str.isdigit, text)) and parse_value(text).state is ValueState.TEXT:
            where = listed.sheet.where(row, one.column, listed.header.cell(one.column))
            faults.append(Fault(where, f"'{text}' is neither a number nor a word for none; is a cell out of place?"))
        elif text:
            unit = row.cell(one.unit_column) if one.unit_column is not None else one.unit
            written = row.cell(listed.analyte) if listed.analyte is not None else ""
            analyte = one.analyte or listed.name_of(written) or run.analyte
            kind = row.cell(listed.role) if listed.role is not None else ""
            lod = number_cell(listed.sheet, row, listed.lod, faults, what="limit of detection")
            dilution = dilution_cell(listed.sheet, row, listed.dilution, faults)
            result = _result(row.line, sample, analyte, text, unit or run.unit, flag, run)
            yield result | _content(sample, kind) | {"lod": lod, "dilution": dilution or 1.0}


def _result(line: int, sample: str, analyte: str, text: str, unit: str, flag: str, run: Run) -> dict[str, Any]:
    return {"run": run.run, "line": line, "role": "sample", "sample": sample, "material": "", "analyte": analyte,
            "matrix": run.matrix, "text": text, "unit": unit, "dilution": 1.0, "method": run.method, "flag": flag,
            "decimal_comma": False}  # fmt: skip


def _content(sample: str, kind: str) -> dict[str, str]:
    if kind.casefold() in _SAMPLES:
        return {"role": "sample", "sample": sample, "material": ""}
    return {"role": "control", "sample": "", "material": sample}


def _remark_titles(listed: SampleList) -> dict[int, str]:
    own = {listed.sample, *(one.column for one in listed.values)}
    return {
        place: cell.replace("_", " ")
        for place, cell in enumerate(listed.header.cells)
        if place not in own and is_remark(cell.replace("_", " "))
    }


def _account(
    listed: SampleList,
    titles: Mapping[int, str],
    remarks: Mapping[int, Remarks],
    aside: Mapping[int, str],
    account: Account,
) -> None:
    units = {one.unit_column for one in listed.values if one.unit_column is not None}
    has_time = any(time_of(_time(listed, row))[0] is not None for row in listed.rows)
    own = {listed.sample, *units, *(listed.times if has_time else ()), *(one.column for one in listed.values)}
    named = (listed.analyte, listed.role, listed.lod, listed.dilution, *listed.vessel)
    own |= {place for place in named if place is not None}
    read = [row for row in listed.rows if row.line not in aside]
    account.use_table(
        listed.sheet, listed.header, read, {*own, *titles, *_expiry(listed)}, known=(), alike=_alike(listed)
    )
    for row in listed.rows:
        if row.line in aside:
            account.leave(listed.sheet, row, reason=aside[row.line])
    for row in read:
        for place, words in remarks[row.line]:
            account.flag(listed.sheet, row, place, word=words)
    for row in listed.more:
        account.use(listed.sheet, row)


def _alike(listed: SampleList) -> list[int]:
    named = (listed.sample, listed.analyte, listed.role, listed.dilution, *listed.vessel)
    return [place for place in named if place is not None]


def titles_of(row: Row) -> list[str]:
    """Return the titles of a header in small letters, without outer and doubled spaces, quotes and marks of makers."""
    return [" ".join(cell.replace("\ufeff", "").replace("\u00ae", "").split()).casefold() for cell in row.cells]


def rows_below(sheet: Sheet, header: Row) -> tuple[Row, ...]:
    """Return the rows below a header up to the first blank one, or to a line such as a signature or a page number."""
    rows: list[Row] = []
    for row in sheet.rows:
        if row.line > header.line:
            if row.is_blank or (row.width <= _MOST_OF_A_LINE and kind_of_words(row.cell(0))):
                break
            rows.append(row)
    return tuple(rows)


def first_header(sheets: Sequence[Sheet], *needed: str, within: int = 30) -> tuple[Sheet, Row, list[str]] | None:
    """Find the first row that holds every needed title.

    Returns
    -------
    tuple of Sheet, Row and list of str, or None
        Sheet, header and its titles as :func:`titles_of` gives them.
    """
    for sheet in sheets:
        for row in sheet.rows[:within]:
            titles = titles_of(row)
            if set(needed) <= set(titles):
                return sheet, row, titles
    return None
