"""From files to an intake: the bytes of a delivery, and what a reader makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from qc.ingest.delivery import Delivery, DeliveryPaths, Part, content_of, shown_name
from qc.ingest.delivery_words import words_of_delivery
from qc.ingest.run_settings import run_sheet_with
from qc.lab.mappings import mapping_of
from schemas.errors import ReaderError
from schemas.lab_words import LabWords

if TYPE_CHECKING:
    from qc.readers.intake import Intake
    from qc.readers.text.source import Source
    from schemas.run import Run


def read_parts(files: DeliveryPaths) -> Delivery:
    """Read the files of one delivery.

    Returns
    -------
    Delivery
        Their bytes; settings become part of the run sheet.

    Raises
    ------
    OSError
        If a file cannot be opened.
    ReaderError
        If there are settings and the run sheet is not TOML.
    """
    main = Part("main", shown_name(files.main), content_of(files.main))
    plate_map = Part("plate_map", shown_name(files.plate_map), content_of(files.plate_map)) if files.plate_map else None
    sheet = Part("run_sheet", shown_name(files.run_sheet), content_of(files.run_sheet)) if files.run_sheet else None
    if files.settings:
        sheet = _with_settings(sheet, files)
    return Delivery(main, plate_map, sheet)


def _with_settings(sheet: Part | None, files: DeliveryPaths) -> Part:
    name = sheet.name if sheet else f"{files.main.stem}.run.toml"
    return Part("run_sheet", name, run_sheet_with(sheet.content if sheet else b"", files.settings))


def read_intake(delivery: Delivery, *, default_study: str) -> Intake:
    """Read one delivery and hold its tables to their models.

    Parameters
    ----------
    default_study : str
        Study of rows and runs that name none.

    Raises
    ------
    ReaderError
        If anything is wrong with the delivery; every fault is named.
    """
    intake = read_unchecked(delivery, default_study=default_study)
    refuse_ill_formed(intake)
    return intake


def read_unchecked(delivery: Delivery, *, default_study: str) -> Intake:
    """Read one delivery; its tables are still to be held to their models.

    Parameters
    ----------
    default_study : str
        Study of rows and runs that name none.

    Raises
    ------
    ReaderError
        If a file cannot be read; every fault is named.
    """
    from qc.readers.lab_sheets.run_sheet import RunSheet, read_run_sheet
    from qc.readers.read import read

    sheet = read_run_sheet(_text(delivery.run_sheet)) if delivery.run_sheet else None
    mapping = mapping_of(delivery.mapping.content.decode(), delivery.mapping.name) if delivery.mapping else None
    sheet = (sheet or RunSheet()).with_mapping(mapping) if mapping else sheet
    words = words_of_delivery(delivery)
    known = sheet.own_words.over(words) if sheet else words
    plate_map = _source(delivery.plate_map, known) if delivery.plate_map else None
    main = replace(_source(delivery.main, known), fits=mapping.fits if mapping else None)
    reader = "tidy" if mapping else None
    return _with_study(default_study, read(main, run_sheet=sheet, plate_map=plate_map, reader=reader))


def _source(part: Part, words: LabWords) -> Source:
    from qc.readers.text.source import Source

    return Source(Path(part.name), part.content, words)


def refuse_ill_formed(intake: Intake) -> None:
    """Refuse a delivery with a row that does not fit the model of its table.

    Raises
    ------
    ReaderError
        With every fault of every table.
    """
    from schemas.tables.check import check
    from schemas.tables.models import MODELS

    faults = [fault for name, frame in intake.tables.items() for fault in check(frame, MODELS[name]())]
    if faults:
        raise ReaderError("The file was read, but its tables are not well formed.", faults)


def are_well_formed(intakes: Sequence[Intake]) -> bool:
    """Tell whether the tables of all deliveries fit their models; asked once for each table, not for each delivery.

    Returns
    -------
    bool
        False if any delivery has a fault; :func:`refuse_ill_formed` then says which, and what it is.
    """
    from schemas.tables.check import are_faultless
    from schemas.tables.models import MODELS

    names = {name for intake in intakes for name in intake.tables}
    return all(
        are_faultless([intake.tables[name] for intake in intakes if name in intake.tables], MODELS[name]())
        for name in sorted(names)
    )


def _text(part: Part) -> str:
    try:
        return part.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReaderError(f"Run sheet '{part.name}' is not UTF-8 text at byte {error.start}.") from error


def _with_study(study: str, intake: Intake) -> Intake:
    import polars as pl

    runs: Sequence[Run] = [run if run.study else replace(run, study=study) for run in intake.runs]
    named = pl.when(pl.col("study") == "").then(pl.lit(study)).otherwise(pl.col("study")).alias("study")
    tables = {
        name: frame.with_columns(named) if "study" in frame.columns else frame for name, frame in intake.tables.items()
    }
    without = frozenset(run.run for run in intake.runs if not run.study)
    return replace(intake, runs=tuple(runs), tables=tables, runs_without_study=without)
