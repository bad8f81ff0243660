"""Bio-Plex Manager workbooks: one sheet an analyte, with a preamble, a table of wells and a legend below it.

The workbook says itself what sits in which well, so no plate map is needed; one that is given wins. What the software
calculated from its own curve is left out. A row of two wells (``A1,B1``) holds their mean and is kept as one well, the
first. The blank bead is no analyte and is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from qc.readers.protocol import Claim
from qc.readers.text.remark_columns import is_remark, remarks_of, says_something
from schemas.errors import Fault, ReaderError
from schemas.headers.number_cell import number_cell
from schemas.plates.map_well import MapWell
from schemas.plates.plate import Block, Plate, Reading, format_for, named, well_of
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import decimal_mark, number_of
from schemas.text_tables.sheet import Row, Sheet

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.run import Run

SIGNALS = ("FI", "FI - Bkgd")
"""Columns of signals, each a block of its own: ``FI TNF-alpha``."""
_NEEDED = ("Type", "Well", "Description", "FI", "Obs Conc")
_ROLES = {"S": "calibrator", "C": "control", "X": "sample", "B": "blank"}
_TYPE = re.compile(r"([SCXB])\d*\Z")
_REGION = re.compile(r"\s*\(\d+\)\s*\Z")
_TIMES = ("%d-%b-%Y, %I:%M %p", "%d-%b-%Y, %H:%M", "%d-%b-%Y")
_HEAD = frozenset({"Analyte", "Plate ID", "Reader Serial Number", "Acquisition Date"})
_USED = frozenset({*_NEEDED, "FI - Bkgd", "Exp Conc", "Dilution", "Outlier"} - {"Obs Conc"})
_COUNT = re.compile(r"(bead )?count\Z|# ?beads\Z", re.IGNORECASE)
_ERRORS = "Sampling Errors"
_NO_ANALYTE = frozenset({"blank", "total events"})


class BioPlexReader:
    """Read Bio-Plex Manager result workbooks."""

    name = "bioplex"
    version = "2"
    is_plate = True
    instrument = "Bio-Plex Manager"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a sheet holds the preamble and the table of wells."""
        is_ours = source.form != "message" and any(bioplex_header(sheet) is not None for sheet in source.sheets)
        return Claim.STRUCTURE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read the plate of the workbook: one plate, a block for each signal and analyte."""
        tables = _tables(source)
        for sheet in source.sheets:
            _tell(sheet, account)
        blocks = [block for table in tables for block in _blocks(table)]
        n_rows, n_columns = format_for([row.well for table in tables for row in table.rows])
        samples = {row.well: row.name for table in tables[:1] for row in table.rows}
        remarks = {(table.analyte, row.well): row.remarks for table in tables for row in table.rows if row.remarks}
        plate = Plate(_head_word(tables[0].sheet, "Plate ID"), tuple(blocks), n_rows, n_columns, samples=samples)
        beads = {(table.analyte, row.well): row.n_beads for table in tables for row in table.rows}
        n_beads = {key: number for key, number in beads.items() if number is not None}
        plate = replace(plate, words=PlateWords(remarks=remarks, n_beads=n_beads))
        return named([plate], source.stem)

    def own_map(self, source: Source, account: Account) -> tuple[MapWell, ...]:
        """Read one entry for each well and analyte; a sample is named by its description, else its type (``X1``)."""
        return tuple(_map_well(row, table.analyte) for table in _tables(source) for row in table.rows)

    def own_run(self, source: Source, run: Run, account: Account) -> Run:
        """Fill in serial number and time of acquisition."""
        # The preamble is the same on every sheet, so that no table has to be read again for it.
        sheet = next(sheet for sheet in source.sheets if bioplex_header(sheet))
        serial = _head_word(sheet, "Reader Serial Number")
        started_at = run.started_at or _time_of(_head_word(sheet, "Acquisition Date"))
        return replace(run, instrument=run.instrument or serial or self.instrument, started_at=started_at)


@dataclass(frozen=True, slots=True)
class _Well:
    line: int
    well: str
    role: str
    name: str
    conc: float | None
    dilution: float
    signals: Mapping[str, str]
    remarks: tuple[str, ...]
    n_beads: int | None


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: Sheet
    analyte: str
    rows: tuple[_Well, ...]


def bioplex_header(sheet: Sheet) -> Row | None:
    """Return the header of the wells in a sheet of Bio-Plex Manager.

    Returns
    -------
    Row or None
        Header row; None if the sheet is of another kind.
    """
    if not any(row.cell(0).startswith("Analyte:") for row in sheet.rows[:12]):
        return None
    return next((row for row in sheet.rows[:25] if set(_NEEDED) <= {cell.strip() for cell in row.cells}), None)


def _head_word(sheet: Sheet, word: str) -> str:
    line = next((row.cell(0) for row in sheet.rows[:25] if row.cell(0).startswith(f"{word}:")), "")
    return line.partition(":")[2].strip()


def _time_of(text: str) -> datetime | None:
    for form in _TIMES:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007 - local time of the laboratory
        except ValueError:
            continue
    return None


def _tell(sheet: Sheet, account: Account) -> None:
    header = bioplex_header(sheet)
    if header is None:
        names_wells = any(well_of(cell) for row in sheet.rows for cell in row.cells)
        for row in () if names_wells else sheet.rows:
            account.leave(sheet, row, reason="no sheet of an analyte")
        return
    for row in sheet.rows:
        if row.line < header.line and row.cell(0).partition(":")[0] in _HEAD:
            account.use(sheet, row)
        elif row.line < header.line:
            account.leave(sheet, row, reason="settings of the reader")
    below = [row for row in sheet.rows if row.line > header.line]
    end = next((place for place, row in enumerate(below) if row.is_blank), len(below))
    titles = {place: cell.strip() for place, cell in enumerate(header.cells)}
    used = [place for place, title in titles.items() if title in _USED or is_remark(title) or _COUNT.match(title)]
    account.use_table(sheet, header, below[:end], used, known=_USED)
    for row in below[:end]:
        for place, words in remarks_of(row, titles):
            account.flag(sheet, row, place, word=words)
    for row in below[end:]:
        if row.width == 1:
            account.leave(sheet, row, reason="legend and curve of Bio-Plex Manager")


def _sampling_errors(sheet: Sheet) -> Mapping[str, str]:
    """Return what the numbers in column ``Sampling Errors`` mean, as the legend says."""
    legend = next((row.cell(0) for row in sheet.rows if row.cell(0).startswith(f"{_ERRORS}:")), "")
    pairs = [part.partition(" - ") for part in legend.partition(":")[2].split(",")]
    return {number.strip(): words.strip() for number, _, words in pairs if words}


def _tables(source: Source) -> list[_Table]:
    faults: list[Fault] = []
    found = [(sheet, header) for sheet in source.sheets if (header := bioplex_header(sheet))]
    written = [_head_word(sheet, "Analyte") or sheet.name for sheet, _ in found]
    plain = [_REGION.sub("", name) for name in written]
    names = [short if plain.count(short) == 1 else long for short, long in zip(plain, written, strict=True)]
    tables = [
        _Table(sheet, name, tuple(_rows(sheet, header, faults)))
        for (sheet, header), name, short in zip(found, names, plain, strict=True)
        if short.casefold() not in _NO_ANALYTE
    ]
    faults += _lacking(tables)
    if not any(table.rows for table in tables) and not faults:
        faults.append(Fault("", "No sheet holds wells of an analyte."))
    if faults:
        raise ReaderError(f"'{source.path.name}' is not a whole Bio-Plex export.", faults)
    return tables


def _lacking(tables: Sequence[_Table]) -> list[Fault]:
    """Name the wells that the sheet of one analyte lacks and those of others have."""
    every = dict.fromkeys(row.well for table in tables for row in table.rows)
    faults = []
    for table in tables:
        rest = [well for well in every if well not in {row.well for row in table.rows}]
        if rest and table.rows:
            text = f"The sheet lacks {len(rest)} wells that others have: {', '.join(rest[:6])}."
            faults.append(Fault(f"sheet '{table.sheet.name}'", text))
    return faults


def _rows(sheet: Sheet, header: Row, faults: list[Fault]) -> Iterator[_Well]:
    at = {cell.strip(): place for place, cell in reversed(list(enumerate(header.cells)))}
    below = [row for row in sheet.rows if row.line > header.line]
    end = next((place for place, row in enumerate(below) if row.is_blank), len(below))
    texts = [row.cell(at[word]) for row in below[:end] for word in (*SIGNALS, "Exp Conc", "Dilution") if word in at]
    mark = decimal_mark(texts)
    seen: set[str] = set()
    for row in below[:end]:
        well = _well(sheet, row, at, mark, faults)
        if well is not None and well.well in seen:
            faults.append(Fault(sheet.where(row), f"Well {well.well} stands twice."))
        elif well is not None:
            seen.add(well.well)
            yield well


def _well(sheet: Sheet, row: Row, at: Mapping[str, int], mark: str, faults: list[Fault]) -> _Well | None:
    kind = _TYPE.match(row.cell(at["Type"]).strip())
    wells = [well_of(word) for word in row.cell(at["Well"]).split(",")]
    if kind is None:
        faults.append(Fault(sheet.where(row), f"Type '{row.cell(at['Type'])}' is none of S, C, X and B with a number."))
    if not all(wells):
        faults.append(Fault(sheet.where(row), f"'{row.cell(at['Well'])}' names no wells; expected a form like A1,B1."))
    if kind is None or not all(wells):
        return None
    role = _ROLES[kind[1]]
    conc = _number(sheet, row, at, "Exp Conc", mark, faults) if role == "calibrator" else None
    dilution = _number(sheet, row, at, "Dilution", mark, faults)
    if role == "calibrator" and conc is None:
        faults.append(Fault(sheet.where(row), f"Calibrator '{kind[0]}' has no expected concentration."))
    is_outlier = "Outlier" in at and row.cell(at["Outlier"]).strip() not in ("", "0")
    signals = {word: "---" if is_outlier else row.cell(at[word]) for word in SIGNALS if word in at}
    name = row.cell(at["Description"]).strip() or kind[0]
    # A calibrator's dilution is that of the standard: its expected concentration already stands in the well.
    remarks = tuple(words for place, words in remarks_of(row, {at[title]: title for title in at if title != _ERRORS}))
    if _ERRORS in at and says_something(row.cell(at[_ERRORS])):
        errors = _sampling_errors(sheet)
        numbers = [word.strip() for word in row.cell(at[_ERRORS]).split(",")]
        remarks += (f"sampling error: {', '.join(errors.get(number, number) for number in numbers)}",)
    place = next((at[title] for title in at if _COUNT.match(title)), -1)
    count = number_cell(sheet, row, place, faults, what="number of beads")
    n_beads = int(count) if count is not None else None
    own = 1.0 if role == "calibrator" else dilution or 1.0
    return _Well(row.line, wells[0], role, name, conc, own, signals, remarks, n_beads)


def _number(sheet: Sheet, row: Row, at: Mapping[str, int], title: str, mark: str, faults: list[Fault]) -> float | None:
    text = row.cell(at[title]).strip() if title in at else ""
    number = number_of(text, mark)
    if number is None and text not in ("", "***"):
        faults.append(Fault(sheet.where(row, at[title], title), f"'{text}' is not a number."))
    elif number is not None and (number < 0 or (title == "Dilution" and number == 0)):
        faults.append(Fault(sheet.where(row, at[title], title), f"{text} cannot be; expected a number above 0."))
    return number


def _blocks(table: _Table) -> Iterator[Block]:
    for word in SIGNALS:
        readings = {row.well: Reading(row.signals[word], row.line) for row in table.rows if word in row.signals}
        if readings:
            mark = decimal_mark(reading.text for reading in readings.values())
            yield Block(f"{word} {table.analyte}", readings, mark, analyte=table.analyte)


def _map_well(row: _Well, analyte: str) -> MapWell:
    material = row.name if row.role == "control" else ""
    return MapWell(well=row.well, line=row.line, role=row.role, name=row.name, conc=row.conc, dilution=row.dilution,
                   analyte=analyte, material=material)  # fmt: skip


READER = BioPlexReader()
