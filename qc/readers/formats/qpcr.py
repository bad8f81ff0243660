"""Tables of Cq values of real-time PCR: QuantStudio and Design & Analysis (text, workbook), CFX Maestro.

One row a well and target. The Cq is the signal, one block for each target, named ``Cq <target>``; sample, task and the
quantity of a standard are taken from the table. A value that was left out by the analyst (``Omit``) is marked. Curves
and settings of the instrument are left aside by their section. A target that the setup names and the results lack is
told: the file may have been cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qc.readers.formats.qpcr_doubts import RESULTS, SECTION, lacking_rows, name_notes, section_of, title_notes
from qc.readers.protocol import Claim
from qc.readers.text.remark_columns import remarks_of
from schemas.errors import Fault, ReaderError
from schemas.headers.number_cell import number_cell
from schemas.plates.analyte_wells import AnalyteWell, analyte_plates
from schemas.plates.plate import Plate, named, well_of
from schemas.plates.plate_words import ExportWell, PlateWords, WellKey
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row, Sheet

_TITLES = {
    "well": ("well position", "well"),
    "target": ("target name", "target", "snp assay name", "detector name"),
    "dye": ("fluor", "reporter", "dye"),
    "sample": ("sample name", "sample"),
    "task": ("task", "content"),
    "quantity": ("quantity", "starting quantity (sq)"),
    "omit": ("omit",),
}
_CQ = re.compile(r"(?P<allele>allele ?\d )?(c[t\u0442]|crt|cq)\Z", re.IGNORECASE)
_ROLES = {"standard": "calibrator", "std": "calibrator", "unknown": "sample", "unkn": "sample",
          "ntc": "blank", "neg ctrl": "blank", "nrt": "blank"}  # fmt: skip
"""Role by the word of the software; any other task is a control."""
_TRUE = frozenset({"true", "yes", "1"})
_FLAGS = {
    "AMPNC": "amplification in a negative control", "BADROX": "bad signal of the passive reference",
    "BLFAIL": "no baseline found", "CTFAIL": "no Cq found", "DRNMIN": "falling baseline signal",
    "EXPFAIL": "no exponential phase found", "HIGHSD": "replicates far apart", "HIGHQT": "high Cq",
    "MTP": "several melting peaks", "NOAMP": "no amplification", "NOISE": "noise above others",
    "NOSIGNAL": "no signal", "OFFSCALE": "signal beyond the scale", "OUTLIERRG": "outlier among replicates",
    "PRFDROP": "the passive reference drops", "PRFLOW": "low passive reference", "SPIKE": "spikes in the curve",
    "THOLDFAIL": "no threshold found",
}  # fmt: skip
"""Columns in which QuantStudio and StepOne raise flags for a well (Applied Biosystems, QC flags of the software)."""
_SET = frozenset({"y", "yes", "true", "1"})
_WIDTH_OF_A_SETTING = 2
"""Cells of a line below the table that names a setting."""


@dataclass(frozen=True, slots=True)
class _Table:
    """Rows of Cq values below their header."""

    sheet: Sheet
    header: Row
    columns: Mapping[str, int]
    cqs: Mapping[int, str]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Cq:
    """One Cq with what it belongs to."""

    row: Row
    well: str
    target: str
    text: str
    sample: str
    role: str
    quantity: float | None
    is_omitted: bool


class QpcrReader:
    """Read tables of Cq values."""

    name = "qpcr"
    version = "1"
    is_plate = True
    instrument = ""
    surest_claim = Claim.STRUCTURE

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where a table names well, target or dye, and Cq."""
        return Claim.STRUCTURE if _tables(source) else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read the plate; one block for each target."""
        tables = _tables(source)
        table = tables[0]
        if any(table.sheet.name == other.sheet.name for other in tables[1:]):
            raise ReaderError(
                f"'{source.path.name}' holds {len(tables)} tables of Cq values; give each as its own file."
            )
        faults: list[Fault] = list(table.sheet.faults)
        found = [one for row in table.rows for one in _cqs(table, row, faults)]
        wells = [AnalyteWell("Cq", one.target, "", one.well, one.sample, one.text, one.row.line,
                             table.sheet.where(one.row)) for one in found]  # fmt: skip
        plates = analyte_plates(wells, faults)
        if not plates and not faults:
            faults.append(Fault(table.sheet.where(table.header), "No row below the header names a target and a Cq."))
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole table of Cq values.", faults)
        _account(source, tables, account)
        words = _words(table, found, _doses(tables[1:]))
        return named([replace(plate, words=words, masked=frozenset(_masked(found))) for plate in plates], source.stem,
                     {0: frozenset(_masked(found))})  # fmt: skip


def _tables(source: Source) -> list[_Table]:
    """Return the tables of Cq values, the one called Results first."""
    if source.form not in ("text", "workbook"):
        return []
    found = [table for sheet in source.sheets for table in _of_sheet(sheet)]
    if source.form == "text" and found:
        most = max(found, key=lambda table: len(table.columns))
        found = [table for table in found if table.sheet.delimiter == most.sheet.delimiter]
    return sorted(found, key=lambda table: table.sheet.name not in ("", RESULTS))


def _of_sheet(sheet: Sheet) -> Iterator[_Table]:
    for at, header in enumerate(sheet.rows):
        if header.width < 4:
            continue
        titles = [" ".join(cell.split()).casefold() for cell in header.cells]
        columns = {key: titles.index(word) for key, words in _TITLES.items()
                   if (word := next((word for word in words if word in titles), ""))}  # fmt: skip
        cqs = {place: (match["allele"] or "") for place, title in enumerate(titles) if (match := _CQ.match(title))}
        if "well" in columns and cqs and {"target", "dye"} & set(columns) and {"task", "sample"} & set(columns):
            yield _Table(sheet, header, columns, cqs, tuple(_below(sheet.rows[at + 1 :])))


def _below(rows: Sequence[Row]) -> Iterator[Row]:
    for row in rows:
        if row.width <= _WIDTH_OF_A_SETTING or SECTION.match(row.cell(0)):
            return
        yield row


def _cqs(table: _Table, row: Row, faults: list[Fault]) -> Iterator[_Cq]:
    word = {key: row.cell(place) for key, place in table.columns.items()}
    well = well_of(word["well"])
    if not well:
        faults.append(Fault(table.sheet.where(row), f"'{word['well']}' is not a well; expected a form like A1."))
        return
    if row.width <= max(table.cqs) or row.width > table.header.width:
        text = f"The row has {row.width} cells, the header has {table.header.width}; a cell is lost or doubled."
        faults.append(Fault(table.sheet.where(row), text))
        return
    if number_of(word.get("task", ""), ".") is not None:
        text = f"'{word['task']}' stands where the task of the well does: is a cell out of place?"
        faults.append(Fault(table.sheet.where(row), text))
    target, role = word.get("target") or word.get("dye", ""), _role(word.get("task", ""))
    at = table.columns.get("quantity", -1) if role in ("", "calibrator") else -1
    quantity = number_cell(table.sheet, row, at, faults, what="quantity", has_thousands=True)
    for place, allele in table.cqs.items():
        name = " ".join(part for part in (target, allele.strip()) if part)
        if row.cell(place) and name:
            is_omitted = word.get("omit", "").casefold() in _TRUE
            yield _Cq(row, well, name, row.cell(place), word.get("sample", ""), role, quantity, is_omitted)


def _role(task: str) -> str:
    word = re.sub(r"-\d+\Z", "", task.casefold())
    return _ROLES.get(word, "control") if word else ""


def _doses(tables: Sequence[_Table]) -> dict[tuple[str, str], float]:
    """Return the quantities that a second sheet gives, by well and target."""
    own = [one for table in tables if "quantity" in table.columns for row in table.rows for one in _cqs(table, row, [])]
    return {(one.well, one.target): one.quantity for one in own if one.quantity is not None}


def _words(table: _Table, found: Sequence[_Cq], doses: Mapping[tuple[str, str], float]) -> PlateWords:
    titles = {place: cell for place, cell in enumerate(table.header.cells) if place not in table.columns.values()}
    remarks: dict[WellKey, tuple[str, ...]] = {}
    for one in found:
        said = [text for _, text in _said(one.row, titles)] + (["omitted by the analyst"] if one.is_omitted else [])
        if said:
            remarks[one.target, one.well] = tuple(said)
    content = [
        ExportWell(well=one.well, line=one.row.line, analyte=one.target, name=one.sample, role=one.role,
                 conc=doses.get((one.well, one.target), one.quantity) if one.role == "calibrator" else None)
        for one in found
    ]  # fmt: skip
    return PlateWords(remarks=remarks, export_wells=tuple(content), notes=tuple(_notes(table, found)))


def _notes(table: _Table, found: Sequence[_Cq]) -> Iterator[str]:
    sheet, where = table.sheet, table.sheet.where(table.header)
    has_standards = any(one.role == "calibrator" for one in found)
    yield from lacking_rows(sheet, {one.well for one in found})
    lacks_quantity = has_standards and "quantity" not in table.columns and not sheet.name
    yield from title_notes(where, table.header, lacks_quantity=lacks_quantity)
    standards = [one for one in found if one.role == "calibrator"]
    lacking = sorted({one.well for one in standards if one.quantity is None})
    if not sheet.name and len(lacking) < len({one.well for one in standards}):
        yield from (f"{where}: {well} is a standard without a quantity, and others have one." for well in lacking)
    target = table.columns.get("target")
    targets = {row.cell(target) for row in table.rows} - {""} if target is not None else set()
    yield from name_notes(sheet, where, {one.sample for one in found}, targets, _TITLES["target"])


def _said(row: Row, titles: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Yield what the software says of a well: in columns of remarks, and by a flag that is set."""
    yield from remarks_of(row, titles)
    for place, title in titles.items():
        if title.strip() in _FLAGS and row.cell(place).casefold() in _SET:
            yield place, f"flag {title.strip()}: {_FLAGS[title.strip()]}"


def _masked(found: Sequence[_Cq]) -> set[str]:
    return {one.well for one in found if one.is_omitted} - {one.well for one in found if not one.is_omitted}


def _alike(table: _Table) -> list[int]:
    return [table.columns[key] for key in ("sample", "target", "task") if key in table.columns]


def _account(source: Source, tables: Sequence[_Table], account: Account) -> None:
    table = tables[0]
    columns = {*table.columns.values(), *table.cqs}
    titles = {place: cell for place, cell in enumerate(table.header.cells) if place not in columns}
    said = {place for row in table.rows for place, _ in _said(row, titles)}
    account.use_table(table.sheet, table.header, table.rows, columns | said, alike=_alike(table))
    for row in table.rows:
        for place, words in _said(row, titles):
            account.flag(table.sheet, row, place, word=words)
    for sheet in source.sheets if source.form == "workbook" else ():
        if sheet.name != table.sheet.name:
            for row in sheet.rows:
                account.leave(sheet, row, reason="setup, curves and summaries of the software")
    for row in table.sheet.rows:
        match = SECTION.match(row.cell(0))
        if match and match["name"] != RESULTS:
            rows = section_of(table.sheet, match["name"])
            for one in [one for one in rows if one.width <= rows[0].width]:
                account.leave(table.sheet, one, reason=f"section {match['name']} of the software")


READER = QpcrReader()
