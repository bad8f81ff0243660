"""``qc try read``: what a reader makes of a file, without a lab."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: JSON values of every kind

from qc.readers.closed_account import ClosedAccount
from qc.readers.lab_sheets.run_sheet import RunSheet, read_run_sheet
from qc.readers.read import chosen_reader, read_plates, seals_of
from qc.readers.read import read as read_tables
from qc.readers.read_values import read_value, unread_sentence, value_words
from qc.readers.text.least_beads import least_beads
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.file_mapping import FileMapping
from schemas.file_remark import FileRemark, RemarkKind
from schemas.file_seal import FileSeal, SealState
from schemas.finding import Verdict
from schemas.json_model import JsonModel
from schemas.lab_words import LabWords
from schemas.plates.plate import flag_of
from schemas.run import Run
from schemas.text_tables.numerals import number_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from schemas.plates.map_well import MapWell
    from schemas.plates.plate import Plate


@dataclass(frozen=True, slots=True)
class NamedPlate(JsonModel):
    """A plate that was read."""

    run: str
    """Its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWell(JsonModel):
    """One measurement of a well, as it was read."""

    json_keys = "plate well block role name analyte conc dilution? signal text flags"

    plate: str
    """Name of the plate."""
    well: str
    """Place on the plate."""
    block: str
    """Block of the export."""
    role: str | None
    """What the well holds, where the export says it."""
    name: str | None
    """Sample, where the export says it."""
    analyte: str | None
    """Analyte, where the export says it."""
    conc: float | None
    """Concentration of a standard, where the export says it."""
    dilution: float | None
    """Dilution factor; left out where the export has no map of its own."""
    signal: float | None
    """Signal; None if it is no number."""
    text: str
    """Signal as it stands in the file."""
    flags: list[str]
    """Marks of the instrument."""


@dataclass(frozen=True, slots=True)
class ReadFault(JsonModel):
    """One fault of a file."""

    where: str
    """Place in the file."""
    sentence: str
    """What is wrong."""
    verdict: Verdict = Verdict.REJECT
    """``reject``; ``not_evaluable`` for a seal that cannot be read."""

    json_keys = "where verdict sentence"


@dataclass(frozen=True, slots=True)
class ReadRow(JsonModel):
    """One row of a table; its cells stand under the names of their columns."""

    json_keys = "table read_as? *cells"

    table: str
    """Name of the table."""
    read_as: str | None
    """What the result cell is read as, in words; left out for a table without results."""
    cells: Mapping[str, Any]
    """Cells; Any: of any type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAnswer(JsonModel):
    """What a reader makes of a file."""

    reader: str | None = None
    """Name of the reader; None if none knows the file."""
    instrument: str | None = None
    """Instrument, where it is known."""
    runs: list[NamedPlate] | list[Run] = field(default_factory=list)
    """Runs of a table, or plates of an export."""
    wells: list[ReadWell] = field(default_factory=list)
    """Wells of a plate export, one entry a measurement."""
    rows: list[ReadRow] = field(default_factory=list)
    """Rows of a table."""
    findings: list[ReadFault] = field(default_factory=list)
    """Every fault of a file that cannot be read; of one that was read, every seal that does not hold."""
    seals: list[FileSeal] = field(default_factory=list)
    """What the file carries to prove itself, recomputed."""
    remarks: list[FileRemark] = field(default_factory=list)
    """What the file says against itself as a whole."""
    account: ClosedAccount | None = None
    """What became of every cell of the file; None if it cannot be read."""
    error: str | None = None
    """Why it cannot be read."""


def read(
    file: Path, *, reader: str | None = None, words: LabWords | None = None, mapping: FileMapping | None = None
) -> dict[str, Any]:
    """Show what a reader makes of a file.

    Parameters
    ----------
    file : Path
        File to read.
    reader : str, optional
        Name of the reader; None means the one that recognises the file.
    words : LabWords, optional
        What a laboratory calls columns and analytes. The run sheet beside a file (``P1.run.toml``) is read too.
    mapping : FileMapping, optional
        What the columns of a foreign table are.

    Returns
    -------
    dict
        ``reader``, ``instrument``, ``runs``, ``wells`` and ``findings``; ``rows`` for tables. A plate export gives its
        wells as they were read, one entry for each measurement. A file that cannot be read gives no wells, a finding
        for every fault, and ``error``.
    """
    answer = ReadAnswer()
    try:
        run_sheet = _run_sheet_beside(file)
        run_sheet = (run_sheet or RunSheet()).with_mapping(mapping) if mapping else run_sheet
        known = run_sheet.own_words.over(words or LabWords()) if run_sheet else words or LabWords()
        source = Source(Path(file.name), file.read_bytes(), known, mapping.fits if mapping else None)
        reader = reader or ("tidy" if mapping else None)
        chosen = chosen_reader(source, reader)
        answer = ReadAnswer(reader=chosen.name, instrument=getattr(chosen, "instrument", "") or None)
        seals = list(seals_of(chosen, source))
        answer = replace(answer, seals=seals, findings=_seal_faults(seals))
        answer = _plates(answer, source, reader) if chosen.is_plate else _tables(answer, source, reader, run_sheet)
        answer = replace(answer, findings=answer.findings + _unread(answer.account, answer.remarks))
    except OSError as error:
        answer = replace(answer, error=f"'{file}' cannot be opened: {error.strerror}.")
    except ReaderError as error:
        faults = [ReadFault(fault.where, fault.text) for fault in error.faults]
        answer = replace(answer, findings=answer.findings + faults, error=error.message)
    return answer.as_json()


def _run_sheet_beside(file: Path) -> RunSheet | None:
    beside = file.with_name(f"{file.stem}.run.toml")
    if not beside.is_file() or beside == file:
        return None
    try:
        return read_run_sheet(beside.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ReaderError(f"Run sheet '{beside.name}' is not UTF-8 text at byte {error.start}.") from error


_VERDICTS = {SealState.BROKEN: Verdict.REJECT, SealState.UNREADABLE: Verdict.NOT_EVALUABLE}


def _seal_faults(seals: Iterable[FileSeal]) -> list[ReadFault]:
    return [ReadFault(seal.kind, seal.sentence, _VERDICTS[seal.state]) for seal in seals if seal.state in _VERDICTS]


def _unread(account: ClosedAccount | None, remarks: Iterable[FileRemark]) -> list[ReadFault]:
    """Warn of columns that nobody read and whose titles are near to one that is known, and of flagged cells."""
    if account is None:
        return []
    said = [remark.sentence.casefold() for remark in remarks]
    columns = [
        ReadFault(one.where, f"The column is not read ({one.n_cells - 1} cells): {one.why}", Verdict.WARN)
        for one in account.left_aside
        if one.near and not any(one.where.casefold() in remark for remark in said)
    ]
    flags = [ReadFault(one.where, f"{one.why[:1].upper()}{one.why[1:]}.", Verdict.WARN) for one in account.flagged]
    return columns + flags


def _plates(answer: ReadAnswer, source: Source, reader: str | None) -> ReadAnswer:
    read = read_plates(source, chosen_reader(source, reader))
    own = {(well.well, well.analyte): well for well in read.own_wells}
    wells = [well for plate in read.plates for well in _wells(plate, own)]
    runs = [NamedPlate(plate.name) for plate in read.plates]
    findings = answer.findings + _remark_faults(read.remarks)
    return replace(answer, runs=runs, wells=wells, account=read.account, remarks=list(read.remarks), findings=findings)


def _remark_faults(remarks: Iterable[FileRemark]) -> list[ReadFault]:
    verdicts = {RemarkKind.INSTRUMENT: Verdict.WARN, RemarkKind.MAP: Verdict.WARN}
    told = [one for one in remarks if one.kind is not RemarkKind.CHOICE]
    return [ReadFault(one.where, one.sentence, verdicts.get(one.kind, Verdict.NOT_EVALUABLE)) for one in told]


def _few_beads(plate: Plate, analyte: str, well: str) -> set[str]:
    """Return how many beads were counted where they are fewer than the file and the shipped profile ask for."""
    n_beads, asked = plate.words.n_beads_of(analyte, well), plate.words.n_beads_asked_of(analyte) or 0
    if n_beads is None or n_beads >= max(asked, least_beads()):
        return set()
    return {f"{n_beads} bead{'' if n_beads == 1 else 's'}"}


def _wells(plate: Plate, own: Mapping[tuple[str, str], MapWell]) -> list[ReadWell]:
    wells: list[ReadWell] = []
    layout = {(one.well, one.analyte): one for one in plate.words.export_wells} if not own else {}
    for block in plate.blocks:
        for well, reading in block.readings.items():
            signal = number_of(reading.text, block.mark)
            marks = {flag_of(reading.text)} if signal is None else set()
            if "masked" in marks:
                signal = number_of(reading.text.strip("*"), block.mark)
            marks |= {"masked"} if well in plate.masked else set()
            marks |= {remark} if (remark := plate.words.remark_of(block.analyte, well)) else set()
            marks |= _few_beads(plate, block.analyte, well)
            mapped = own.get((well, block.analyte))
            said = layout.get((well, "")) or layout.get((well, block.analyte))
            dose = layout.get((well, block.analyte)) or said
            wells.append(
                ReadWell(
                    plate=plate.name,
                    well=well,
                    block=block.name,
                    role=mapped.role if mapped else (said.role or None) if said else None,
                    name=mapped.name if mapped else plate.samples.get(well) or (said.name if said else "") or None,
                    analyte=block.analyte or None,
                    conc=mapped.conc if mapped else dose.conc if dose else None,
                    dilution=mapped.dilution if mapped else said.dilution if said else None,
                    signal=signal,
                    text=reading.text,
                    flags=sorted(marks),
                )
            )
    return wells


def _tables(answer: ReadAnswer, source: Source, reader: str | None, run_sheet: RunSheet | None) -> ReadAnswer:
    intake = read_tables(source, reader=reader, run_sheet=run_sheet)
    rows, findings = list[ReadRow](), list[ReadFault]()
    for name, table in intake.tables.items():
        for row in table.iter_rows(named=True):
            value = read_value(row, source.words.value_words)
            rows.append(ReadRow(name, None if value is None else value_words(value), row))
            if value is not None and (sentence := unread_sentence(value)):
                findings.append(ReadFault(f"line {row['line']}", sentence, Verdict.WARN))
    answer = replace(answer, instrument=intake.instrument or None, runs=list(intake.runs), rows=rows)
    remarks = list(intake.remarks)
    findings += _remark_faults(remarks)
    return replace(answer, account=intake.accounts["main"], remarks=remarks, findings=answer.findings + findings)
