"""The door: bytes in, an Intake or a ReaderError out, and nothing else.

Each reader is asked for its claim on a file; the surest one reads it, and two that are equally sure are refused.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qc.readers.contradictions.account_tables import contradictions
from qc.readers.formats.known_makers import maker_sentence
from qc.readers.known_readers import readers
from qc.readers.lab_sheets.inapplicable_keys import refuse_inapplicable
from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.peel import close
from qc.readers.plate_run import notes_of, plate_intake
from qc.readers.plates.cut_end import cut_end
from qc.readers.plates.moved_readings import with_moved_readings
from qc.readers.plates.plate_map import read_plate_map
from qc.readers.protocol import Claim, is_plate_reader, is_sealed, is_self_mapped, is_table_reader, surest_claim
from schemas.errors import ReaderError
from schemas.file_seal import NO_SEAL
from schemas.headers.unknown_table import unknown_table
from schemas.plates.map_disagreements import with_export_wells
from schemas.plates.own_layout import own_layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qc.readers.account import Account
    from qc.readers.closed_account import ClosedAccount
    from qc.readers.intake import Intake
    from qc.readers.protocol import PlateReader, Reader
    from qc.readers.text.source import Source
    from schemas.file_remark import FileRemark
    from schemas.file_seal import FileSeal
    from schemas.plates.map_well import MapWell
    from schemas.plates.plate import Plate


def sniff(source: Source) -> Reader:
    """Return the reader whose claim on a file is the highest.

    Parameters
    ----------
    source : Source
        File to look at.

    Returns
    -------
    Reader
        The reader.

    Raises
    ------
    ReaderError
        If none claims it, or two are equally sure, or it is empty, an archive or no text.
    """
    by_claim: dict[Claim, list[Reader]] = {}
    # Layouts that many programs write come last: their header words load every table model, and with them pandas,
    # which takes three times as long as all else that a file signed by its maker needs.
    for reader in sorted(readers().values(), key=surest_claim, reverse=True):
        if by_claim and surest_claim(reader) < max(by_claim):
            break
        claim = reader.claim(source)
        if claim:
            by_claim.setdefault(claim, []).append(reader)
    if not by_claim:
        raise _unknown(source)
    surest = by_claim[max(by_claim)]
    if len(surest) > 1:
        names = " and ".join(sorted(f"'{reader.name}'" for reader in surest))
        raise ReaderError(f"'{source.path.name}' is recognised by {names}. Say which reader is meant.")
    return surest[0]


def _unknown(source: Source) -> ReaderError:
    sentence = maker_sentence(source)
    return (
        ReaderError(f"'{source.path.name}' {sentence}")
        if sentence
        else unknown_table(source.sheets, source.path.name, source.words)
    )


def chosen_reader(source: Source, name: str | None) -> Reader:
    """Return the reader of a name, or the one that is surest of a file.

    Parameters
    ----------
    source : Source
        File to look at.
    name : str or None
        Name of the reader; None means the one found by the content.

    Returns
    -------
    Reader
        The reader.

    Raises
    ------
    ReaderError
        If there is no reader of that name, or none can be told.
    """
    if name is None:
        return sniff(source)
    if name not in readers():
        raise ReaderError(f"Reader '{name}' is not known. Known readers: {', '.join(readers())}.")
    return readers()[name]


def read(
    source: Source,
    *,
    run_sheet: RunSheet | None = None,
    plate_map: Source | None = None,
    reader: str | None = None,
) -> Intake:
    """Read one file, with its run sheet and plate map.

    Parameters
    ----------
    source : Source
        File to read.
    run_sheet : RunSheet, optional
        What the file does not say of its run.
    plate_map : Source, optional
        Which sample sits in which well; a plate export needs it.
    reader : str, optional
        Name of the reader; found by the content without it.

    Returns
    -------
    Intake
        What the file holds.

    Raises
    ------
    ReaderError
        With every fault of the file; never anything else, whatever the bytes are.
    """
    chosen = chosen_reader(source, reader)
    if run_sheet is not None:
        refuse_inapplicable(run_sheet, source, plate_map, is_plate=is_plate_reader(chosen))
    return replace(_read(chosen, source, run_sheet, plate_map), seals=seals_of(chosen, source))


def seals_of(reader: Reader, source: Source) -> tuple[FileSeal, ...]:
    """Recompute what a file says of itself.

    Parameters
    ----------
    reader : Reader
        Reader of the file.
    source : Source
        File to look at; it may be damaged.

    Returns
    -------
    tuple of FileSeal
        One for each kind of proof that the format knows; one that says so where it knows none.
    """
    return tuple(reader.seals(source)) if is_sealed(reader) else (NO_SEAL,)


def _read(chosen: Reader, source: Source, run_sheet: RunSheet | None, plate_map: Source | None) -> Intake:
    accounts = {"main": source.new_account()}
    if is_table_reader(chosen):
        return _closed(_with_known_tables(chosen.read(source, run_sheet, accounts["main"])), accounts)
    if not is_plate_reader(chosen):
        raise ReaderError(f"Reader '{chosen.name}' reads neither tables nor plates.")
    plates, own_wells = _plates(chosen, source, accounts["main"])
    sheet = run_sheet or RunSheet()
    if plate_map is not None:
        accounts["plate_map"] = plate_map.new_account()
        wells = read_plate_map(plate_map, sheet.standards, accounts["plate_map"])
    else:
        wells = own_wells or own_layout(plates, sheet.standards, has_analytes=bool(sheet.analytes))
    if not wells and not is_self_mapped(chosen):
        raise _without_map(source)
    run = sheet.run_for(source.stem)
    run = chosen.own_run(source, run, accounts["main"]) if is_self_mapped(chosen) else run
    intake = plate_intake(chosen, run, plates, wells, sheet)
    return _closed(replace(intake, remarks=(*intake.remarks, *cut_end(source, plates))), accounts)


def _without_map(source: Source) -> ReaderError:
    text = f"'{source.path.name}' is a plate export; a plate map is needed to say what sits in which well."
    hint = f" Put '{source.stem}.map.csv' beside it with the columns well, role, name, conc and dilution,"
    way = f"'qc new run {source.path.name}' writes one with all that the export says."
    return ReaderError(f"{text}{hint} for controls also material, level and lot; {way}")


def _plates(reader: PlateReader, source: Source, account: Account) -> tuple[tuple[Plate, ...], tuple[MapWell, ...]]:
    """Read the plates of an export, with what it says itself of its wells, even where a plate map wins over it."""
    plates = tuple(map(with_moved_readings, reader.plates(source, account)))
    own = reader.own_map(source, account) if is_self_mapped(reader) else ()
    return with_export_wells(plates, own), own


def _closed(intake: Intake, accounts: Mapping[str, Account]) -> Intake:
    told = [remark for account in accounts.values() for remark in contradictions(account)]
    closed = {part: close(account, intake.reader) for part, account in accounts.items()}
    return replace(intake, accounts=closed, remarks=(*intake.remarks, *told))


def _with_known_tables(intake: Intake) -> Intake:
    from schemas.tables.models import MODELS

    unknown = sorted(set(intake.tables) - set(MODELS))
    if unknown:
        text = f"Reader '{intake.reader}' gives a table '{unknown[0]}' that is not known."
        raise ReaderError(f"{text} Known tables: {', '.join(MODELS)}.")
    return intake


@dataclass(frozen=True, slots=True)
class ReadPlates:
    """The plates of an export, before a plate map is laid over them."""

    plates: tuple[Plate, ...]
    """Plates with their blocks."""
    own_wells: tuple[MapWell, ...]
    """What the export says itself of its wells; empty where it says nothing."""
    account: ClosedAccount
    """What became of its cells."""
    remarks: tuple[FileRemark, ...] = ()
    """What it says against itself."""


def read_plate(source: Source, *, reader: str | None = None) -> tuple[Plate, ...]:
    """Read the plates of an export without a map.

    Parameters
    ----------
    source : Source
        File to read.
    reader : str, optional
        Name of the reader; found by the content without it.

    Returns
    -------
    tuple of Plate
        Plates with their blocks.

    Raises
    ------
    ReaderError
        If it is no plate export, or with every fault of it.
    """
    return read_plates(source, chosen_reader(source, reader)).plates


def read_plates(source: Source, chosen: Reader) -> ReadPlates:
    """Read the plates of an export with its account.

    Parameters
    ----------
    source : Source
        File to read.
    chosen : Reader
        Reader of it.

    Returns
    -------
    ReadPlates
        Plates, what the export says of its wells, and the account.

    Raises
    ------
    ReaderError
        If it is no plate export, or with every fault of it.
    """
    if not is_plate_reader(chosen):
        raise ReaderError(f"'{source.path.name}' is a table and not a plate export.")
    account = source.new_account()
    plates, own_wells = _plates(chosen, source, account)
    if is_self_mapped(chosen):
        chosen.own_run(source, RunSheet().run_for(source.stem), account)
    notes: list[FileRemark] = [note for plate in plates for note in notes_of(plate)]
    notes += [*cut_end(source, plates), *contradictions(account)]
    return ReadPlates(plates, own_wells, close(account, chosen.name), tuple(notes))
