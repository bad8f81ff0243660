"""Luminex INTELLIFLEX exports: one row a well, and for each bead region columns such as ``R25: RP1 MEDIAN``.

Every statistic of a reporter channel is a measurement (``RP1 MEDIAN``), every bead region an analyte: by the name that
the export gives it (``R25: RP1 ANALYTE NAME``), else ``R25``, of which the plate map and the run sheet say what it
carries. Counts, the status of a well and whatever else the instrument writes of it are kept beside the signals. The
signature below a signed export is no row of a well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.formats.intelliflex_columns import (
    COUNT,
    KNOWN,
    PLATE,
    SAMPLE,
    WELL,
    IntelliflexColumns,
    columns_of,
    name_analytes,
)
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.headers.dilution_cell import dilution_cell
from schemas.headers.number_cell import number_cell
from schemas.plates.analyte_wells import AnalyteWell, analyte_plates
from schemas.plates.plate import Block, Plate, named, well_of
from schemas.plates.plate_words import ExportWell, PlateWords, WellKey
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_Table = tuple[IntelliflexColumns, list["Row"]]
"""A header and the rows of wells below it."""
_SIGNATURE = "--DOCUMENT SIGNATURE--"


class IntelliflexReader:
    """Read Luminex INTELLIFLEX exports."""

    name = "intelliflex"
    version = "2"
    is_plate = True
    instrument = "Luminex INTELLIFLEX"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a row names the well location and measurements of bead regions."""
        return Claim.STRUCTURE if _sheet_of(source) is not None else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate; one block for each measurement and analyte, named ``RP1 MEDIAN R25``."""
        sheet = _sheet_of(source)
        if sheet is None:
            raise ReaderError(f"'{source.path.name}' is no INTELLIFLEX export: no row names '{WELL}' and a reporter.")
        faults = list(sheet.faults)
        tables = _tables(sheet, faults)
        wells = [well for table in tables for well in _wells(sheet, table, faults)]
        plates = analyte_plates(wells, faults)
        dilutions = {
            row.line: dilution_cell(sheet, row, columns.dilution, faults) for columns, rows in tables for row in rows
        }
        if not plates and not faults:
            faults.append(Fault("", "There is no row of a well below the header."))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole INTELLIFLEX export.", faults)
        _tell(sheet, tables, account)
        regions = {analyte: key[1] for columns, _ in tables for key, analyte in columns.analytes.items()}
        return named([_with_words(plate, tables, regions, dilutions) for plate in plates], source.stem)


def _sheet_of(source: Source) -> Sheet | None:
    return next((sheet for sheet in source.sheets if any(columns_of(row) for row in sheet.rows[:60])), None)


def _tables(sheet: Sheet, faults: list[Fault]) -> list[_Table]:
    tables: list[_Table] = []
    for row in sheet.rows:
        if row.cell(0) == _SIGNATURE:
            break
        columns = columns_of(row)
        if columns is not None:
            tables.append((columns, []))
            kinds = list(columns.measured.values())
            faults += [
                Fault(sheet.where(row), f"Column '{region}: {kind}' stands twice in the header.")
                for kind, region in sorted({key for key in kinds if kinds.count(key) > 1})
            ]
        elif tables and not row.is_blank:
            tables[-1][1].append(row)
    for columns, rows in tables:
        name_analytes(sheet, columns, rows, faults)
    return tables


def _wells(sheet: Sheet, table: _Table, faults: list[Fault]) -> Iterator[AnalyteWell]:
    columns, rows = table
    for row in rows:
        where, written = sheet.where(row), columns.text_of(row, WELL)
        well = well_of(written)
        if not well:
            faults.append(Fault(where, f"'{written}' in column '{WELL}' is not a well; expected a form like A1."))
        elif len(row.cells) <= columns.last:
            faults.append(Fault(where, f"The row of well {well} is cut short: it has {len(row.cells)} cells."))
        elif row.width > len(columns.header.cells):
            text = f"The row of well {well} has {row.width} cells, the header has {len(columns.header.cells)}."
            faults.append(Fault(where, text))
        else:
            sample, plate = columns.text_of(row, SAMPLE), columns.text_of(row, PLATE)
            for place, (kind, region) in columns.measured.items():
                analyte = columns.analytes.get((kind.partition(" ")[0], region), region)
                if kind.partition(" ")[2] == COUNT:
                    number_cell(sheet, row, place, faults, what="number of beads")
                yield AnalyteWell(kind, analyte, plate, well, sample, row.cell(place), row.line, where)


def _tell(sheet: Sheet, tables: Sequence[_Table], account: Account) -> None:
    for columns, rows in tables:
        account.use_table(sheet, columns.header, rows, columns.used, known=KNOWN, ignored=columns.own)
        for row in rows:
            for place in columns.remarked(row):
                account.flag(sheet, row, place, word="the instrument says this of its wells")
    signed = [row for row in sheet.rows if row.cell(0) == _SIGNATURE]
    for row in sheet.rows if signed else ():
        if row.line >= signed[0].line:
            account.leave(sheet, row, reason="signature of the instrument, which is not verified here")


def _with_words(
    plate: Plate, tables: Sequence[_Table], regions: dict[str, str], dilutions: Mapping[int, float | None]
) -> Plate:
    remarks, n_beads, layout = dict[WellKey, tuple[str, ...]](), dict[WellKey, int](), list[ExportWell]()
    for columns, row in [(columns, row) for columns, rows in tables for row in rows]:
        well = well_of(columns.text_of(row, WELL))
        if columns.text_of(row, PLATE) != plate.name:
            continue
        layout.append(
            ExportWell(well=well, line=row.line, name=columns.text_of(row, SAMPLE), role=columns.role(row),
                     dilution=dilutions[row.line])
        )  # fmt: skip
        for region, remark in columns.remarks(row):
            names = {analyte for (_, own), analyte in columns.analytes.items() if own == region} or {region}
            for analyte in names:
                remarks[analyte, well] = (*remarks.get((analyte, well), ()), remark)
        for key, n in _counts(columns, row, well):
            n_beads[key] = min(n, n_beads.get(key, n))
    words = PlateWords(remarks=remarks, n_beads=n_beads, export_wells=tuple(layout))
    return replace(plate, words=words, blocks=tuple(_with_region(block, regions) for block in plate.blocks))


def _counts(columns: IntelliflexColumns, row: Row, well: str) -> Iterator[tuple[WellKey, int]]:
    for place, (kind, region) in columns.measured.items():
        reporter, _, what = kind.partition(" ")
        number = number_of(row.cell(place), ".") if what == COUNT else None
        if number is not None and number >= 0:
            yield (columns.analytes.get((reporter, region), region), well), int(number)


def _with_region(block: Block, regions: dict[str, str]) -> Block:
    return replace(block, region=regions.get(block.analyte, ""))


READER = IntelliflexReader()
