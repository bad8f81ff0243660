"""MSD Discovery Workbench exports: one row a spot of a well, with its assay, nominal concentration and signal.

The export says itself what sits in which well, so no plate map is needed; one that is given wins. ``Concentration`` is
what a standard was said to hold, never a result; what the software calculated from its own curve is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.readers.protocol import Claim
from qc.readers.text.remark_columns import is_remark, remarks_of
from schemas.errors import Fault, ReaderError
from schemas.headers.cells import is_blank
from schemas.headers.row_words import kind_of_words
from schemas.plates.map_well import MapWell
from schemas.plates.plate import Block, Plate, Reading, format_for, named, well_of
from schemas.plates.plate_words import PlateWords
from schemas.text_tables.numerals import decimal_mark, number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.run import Run
    from schemas.text_tables.sheet import Row, Sheet

_NEEDED = ("Sample", "Assay", "Well", "Spot", "Concentration", "Signal")
_MOST_OF_A_LINE = 2
_RANGE, _IN_RANGE = "Detection Range", re.compile(r"in\b", re.IGNORECASE)
_REPLICATES = ("Sample", "Assay", "Dilution")
_STANDARD = re.compile(r"S(?:TD)?[ _\-]?\d+\Z", re.IGNORECASE)


class MsdReader:
    """Read MSD Discovery Workbench exports."""

    name = "msd"
    version = "2"
    is_plate = True
    instrument = "MSD Discovery Workbench"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a row names sample, assay, well, spot, concentration and signal."""
        is_ours = source.form == "text" and any(msd_header(sheet) is not None for sheet in source.sheets)
        return Claim.STRUCTURE if is_ours else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate of the export; one block for each assay, named ``Signal <assay>``."""
        spots = _spots(source)
        _tell(next(sheet for sheet in source.sheets if msd_header(sheet)), account)
        plates = [_plate(name, [spot for spot in spots if spot.plate == name]) for name in _names(spots)]
        return named(plates, source.stem)

    def own_map(self, source: Source, account: Account) -> tuple[MapWell, ...]:
        """Read one entry for each well and assay.

        A row with a nominal concentration is a calibrator if its sample is called like a standard (``S001``), else a
        control; a row without one is a sample.
        """
        spots = _spots(source)
        has_names = all(_names(spots)) and len(_names(spots)) > 1
        return tuple(_map_well(spot, spot.plate if has_names else "") for spot in spots)

    def own_run(self, source: Source, run: Run, account: Account) -> Run:
        """Return the run as it is: the export says nothing of it, not even a time."""
        return run


@dataclass(frozen=True, slots=True)
class _Spot:
    line: int
    plate: str
    well: str
    sample: str
    assay: str
    conc: float | None
    dilution: float
    signal: str
    mark: str
    remarks: tuple[str, ...]
    has_dilution: bool


def msd_header(sheet: Sheet) -> Row | None:
    """Return the first header of a Discovery Workbench export.

    Returns
    -------
    Row or None
        Header row; None if the file is of another kind.
    """
    return next((row for row in sheet.rows[:30] if _is_header(row)), None)


def _is_header(row: Row) -> bool:
    return set(_NEEDED) <= {cell.strip() for cell in row.cells}


def _names(spots: list[_Spot]) -> list[str]:
    return list(dict.fromkeys(spot.plate for spot in spots))


def _spots(source: Source) -> list[_Spot]:
    sheet = next(sheet for sheet in source.sheets if msd_header(sheet))
    faults: list[Fault] = [*sheet.faults]
    spots = list(_read(sheet, faults))
    seen: set[tuple[str, str, str]] = set()
    for spot in spots:
        key = (spot.plate, spot.well, spot.assay)
        if key in seen:
            faults.append(Fault(f"line {spot.line}", f"Assay '{spot.assay}' stands twice in well {spot.well}."))
        seen.add(key)
    faults += _lacking(spots) + _undiluted(spots) + _two_concs(spots)
    if not spots and not faults:
        faults.append(Fault("", "There is no row below the header."))
    if faults:
        raise ReaderError(f"'{source.path.name}' is not a whole Discovery Workbench export.", faults)
    return spots


def _lacking(spots: list[_Spot]) -> list[Fault]:
    """Name the one well of a plate that lacks a spot which every other has: it was cut, or a cell is out of place."""
    faults = []
    for plate in _names(spots):
        by_well: dict[str, list[_Spot]] = {}
        for spot in (one for one in spots if one.plate == plate):
            by_well.setdefault(spot.well, []).append(spot)
        sets = {well: frozenset(spot.assay for spot in own) for well, own in by_well.items()}
        usual = max(set(sets.values()), key=list(sets.values()).count)
        odd = [well for well, assays in sets.items() if assays != usual]
        if len(sets) > 2 and len(odd) == 1 and usual - sets[odd[0]]:
            lacking = ", ".join(repr(one) for one in sorted(usual - sets[odd[0]]))
            text = f"Well {odd[0]} has no row for {lacking}, which every other well has: cut, or a cell out of place."
            faults.append(Fault(f"line {by_well[odd[0]][-1].line}", text))
    return faults


def _two_concs(spots: list[_Spot]) -> list[Fault]:
    """Name each standard that is said to hold two concentrations of one assay, or one in one well only."""
    first: dict[tuple[str, str, str], _Spot] = {}
    faults = []
    for spot in (one for one in spots if _STANDARD.match(one.sample)):
        one = first.setdefault((spot.plate, spot.sample, spot.assay), spot)
        if one.conc != spot.conc:
            text = f"'{spot.sample}' holds {_conc_words(spot)} of '{spot.assay}' here"
            other = f"and {_conc_words(one)} in line {one.line}: is a cell out of place?"
            faults.append(Fault(f"line {spot.line}", f"{text} {other}"))
    return faults


def _conc_words(spot: _Spot) -> str:
    return "no concentration" if spot.conc is None else f"{spot.conc:g}"


def _undiluted(spots: list[_Spot]) -> list[Fault]:
    """Name each row without a dilution where every other row of a sample has one: a cell is out of place."""
    own = [spot for spot in spots if not _STANDARD.match(spot.sample)]
    without = [spot for spot in own if not spot.has_dilution]
    if len(without) != 1 or len(own) < 3:
        return []
    text = f"The row of well {without[0].well} has no dilution, all others have: is a cell out of place?"
    return [Fault(f"line {without[0].line}", text)]


def _body(sheet: Sheet) -> Iterator[Row]:
    """Yield the rows of the plates, without the lines that close an export, such as a signature."""
    is_closed = False
    for row in sheet.rows:
        is_short = row.width <= _MOST_OF_A_LINE and not _is_header(row)
        is_closed = is_short and (is_closed or bool(kind_of_words(row.cell(0))))
        if not is_closed:
            yield row


def _tell(sheet: Sheet, account: Account) -> None:
    header: Row | None = None
    rows: list[Row] = []
    for row in [*_body(sheet), None]:
        if row is None or _is_header(row):
            if header is not None:
                titles = {place: cell.strip() for place, cell in enumerate(header.cells)}
                used = [place for place, title in titles.items() if title in (*_NEEDED, "Dilution") or is_remark(title)]
                account.use_table(sheet, header, rows, used, known=[*_NEEDED, "Dilution"],
                                  alike=[place for place, title in titles.items() if title in _REPLICATES])  # fmt: skip
                for own in rows:
                    for place, words in (*remarks_of(own, titles), *_ranges(own, titles)):
                        account.flag(sheet, own, place, word=words)
            header, rows = row, []
        elif row.width == 1:
            account.use(sheet, row)
        elif not row.is_blank:
            rows.append(row)


def _ranges(row: Row, titles: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Yield where the software says that a well lies beyond its own curve: told, since our curve judges it anew."""
    for place, title in titles.items():
        word = row.cell(place).strip()
        if title == _RANGE and word and not _IN_RANGE.match(word):
            yield place, f"{title.lower()}: {word}"


def _read(sheet: Sheet, faults: list[Fault]) -> Iterator[_Spot]:
    at: Mapping[str, int] = {}
    plate = ""
    texts = [cell for row in sheet.rows for cell in row.cells]
    mark = decimal_mark(text for text in texts if not is_blank(text.strip()))
    for row in _body(sheet):
        if _is_header(row):
            at = {cell.strip(): place for place, cell in reversed(list(enumerate(row.cells)))}
        elif row.width == 1 and row.cell(0).strip():
            plate = row.cell(0).strip().removeprefix("Plate_")
        elif at and not row.is_blank:
            spot = _spot(sheet, row, at, plate, mark, faults)
            if spot is not None:
                yield spot


def _spot(sheet: Sheet, row: Row, at: Mapping[str, int], plate: str, mark: str, faults: list[Fault]) -> _Spot | None:
    cells = {title: row.cell(at[title]).strip() for title in _NEEDED}
    well = well_of(cells["Well"])
    if len(row.cells) <= max(at[title] for title in _NEEDED):
        text = f"The row ends after {len(row.cells)} cells, before those that are needed: cells are lost."
        faults.append(Fault(sheet.where(row), text))
        return None
    if not well:
        faults.append(Fault(sheet.where(row), f"'{cells['Well']}' is not a well; expected a form like A1."))
    faults += [
        Fault(sheet.where(row), f"The row names no {title.lower()}.")
        for title in ("Sample", "Assay")
        if not cells[title]
    ]
    conc = _number(sheet, row, at, "Concentration", mark, faults)
    dilution = _number(sheet, row, at, "Dilution", mark, faults) if "Dilution" in at else None
    if not (well and cells["Sample"] and cells["Assay"]):
        return None
    titles = {place: title for title, place in at.items()}
    return _Spot(row.line, plate, well, cells["Sample"], cells["Assay"], conc, dilution or 1.0, cells["Signal"], mark,
                 tuple(words for _, words in remarks_of(row, titles)), dilution is not None)  # fmt: skip


def _number(sheet: Sheet, row: Row, at: Mapping[str, int], title: str, mark: str, faults: list[Fault]) -> float | None:
    text = row.cell(at[title]).strip()
    if is_blank(text):
        return None
    number = number_of(text, mark)
    if number is None or number < 0:
        faults.append(Fault(sheet.where(row, at[title], title), f"'{text}' is not a number of 0 or more."))
    return number


def _plate(name: str, spots: list[_Spot]) -> Plate:
    readings: dict[str, dict[str, Reading]] = {}
    for spot in spots:
        readings.setdefault(spot.assay, {})[spot.well] = Reading(spot.signal, spot.line)
    blocks = tuple(
        Block(f"Signal {assay}", by_well, spots[0].mark, analyte=assay) for assay, by_well in readings.items()
    )
    n_rows, n_columns = format_for([spot.well for spot in spots])
    remarks = {(spot.assay, spot.well): spot.remarks for spot in spots if spot.remarks}
    samples = {spot.well: spot.sample for spot in spots}
    return Plate(name, blocks, n_rows, n_columns, samples=samples, words=PlateWords(remarks=remarks))


def _map_well(spot: _Spot, plate: str) -> MapWell:
    nominal = "calibrator" if _STANDARD.match(spot.sample) else "control"
    role = "sample" if spot.conc is None else nominal
    return MapWell(
        well=spot.well,
        line=spot.line,
        role=role,
        name=spot.sample,
        plate=plate,
        conc=spot.conc if role == "calibrator" else None,
        dilution=1.0 if role == "calibrator" else spot.dilution,
        analyte=spot.assay,
        material=spot.sample if role == "control" else "",
    )


READER = MsdReader()
