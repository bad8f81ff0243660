"""A plate export, its run sheet and its plate map put together to a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.intake import Intake
from qc.readers.text.table_columns import frame
from schemas.file_remark import FileRemark, RemarkKind
from schemas.plates.analyte_wells import with_analytes
from schemas.plates.map_disagreements import disagreements
from schemas.plates.signal import taken_signal
from schemas.plates.wells import well_rows, wells_by_plate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.protocol import PlateReader
    from schemas.plates.map_well import MapWell
    from schemas.plates.plate import Plate
    from schemas.run import Run


def plate_intake(
    reader: PlateReader, run: Run, plates: Sequence[Plate], wells: Sequence[MapWell], sheet: RunSheet
) -> Intake:
    """Put the plates of an export together with what is said of them.

    Parameters
    ----------
    reader : PlateReader
        Reader of the export.
    run : Run
        What run sheet and export say of the run.
    plates : sequence of Plate
        What it holds.
    wells : sequence of MapWell
        What sits in which well: by the plate map, else by the export itself.
    sheet : RunSheet
        What the export does not say of its run.

    Returns
    -------
    Intake
        One run with its wells.

    Raises
    ------
    ReaderError
        With every fault of export and map together.
    """
    if sheet.plate and len(plates) == 1:
        plates = (replace(plates[0], name=sheet.plate),)
    ours = {name.casefold(): analyte for name, analyte in sheet.analytes.items()}
    called = [replace(well, analyte=ours.get(well.analyte.casefold(), well.analyte)) for well in wells]
    called = [_as_named(well, sheet) for well in called]
    plates = with_analytes(plates, sheet.analytes)
    rows = well_rows(plates, called, run, signal=sheet.signal, reference_signal=sheet.reference_signal)
    run = _with_kit(run, plates)
    instrument = run.instrument or reader.instrument
    tables = {"wells": frame("wells", rows)}
    return Intake(
        "plate", reader.name, reader.version, instrument, (run,), tables, remarks=_remarks(plates, called, sheet)
    )


def _with_kit(run: Run, plates: Sequence[Plate]) -> Run:
    """Return a run with lot and last day of the kit that its export names, where the run sheet is silent."""
    lots = {plate.words.reagent_lot for plate in plates}
    days = [plate.words.reagent_expires_on for plate in plates if plate.words.reagent_expires_on is not None]
    return replace(
        run,
        reagent_lot=run.reagent_lot or (next(iter(lots)) if len(lots) == 1 else ""),
        reagent_expires_on=run.reagent_expires_on or min(days, default=None),
    )


def _remarks(plates: Sequence[Plate], wells: Sequence[MapWell], sheet: RunSheet) -> tuple[FileRemark, ...]:
    """Return what was taken as the signal, what the instrument says of whole plates, and where the map contradicts."""
    by_plate = wells_by_plate(plates, wells, [])
    choices = [] if sheet.signal or sheet.reference_signal else [one for plate in plates for one in _choice(plate)]
    return (*choices, *_said(plates, by_plate))


def _choice(plate: Plate) -> Iterator[FileRemark]:
    taken, others = taken_signal(plate)
    if taken:
        beside = ", ".join(f"'{name}'" for name in others)
        text = f"'{taken}' was taken as the signal, of which {beside} are made; set signal in [plate] for another."
        yield FileRemark(RemarkKind.CHOICE, f"plate '{plate.name}'", text)


def _said(plates: Sequence[Plate], by_plate: Mapping[str, Sequence[MapWell]]) -> tuple[FileRemark, ...]:
    return tuple(
        remark
        for plate in plates
        for remark in (*notes_of(plate), *disagreements(plate.name, plate.words.export_wells, by_plate[plate.name]))
    )


def notes_of(plate: Plate) -> tuple[FileRemark, ...]:
    """Return what the instrument says of a plate as a whole.

    Parameters
    ----------
    plate : Plate
        Plate of an export.

    Returns
    -------
    tuple of FileRemark
        One for each thing that it says.
    """
    return tuple(FileRemark(RemarkKind.INSTRUMENT, f"plate '{plate.name}'", note) for note in plate.words.notes)


def _as_named(well: MapWell, sheet: RunSheet) -> MapWell:
    """Return a control well with the material, level and lot that the run sheet gives its name, unless the map does."""
    control = sheet.controls.get(well.name) if well.role == "control" and not (well.level or well.lot) else None
    if control is None:
        return well
    return replace(well, material=control.material, level=control.level, lot=control.lot)
