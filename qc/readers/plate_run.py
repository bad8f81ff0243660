"""A plate export, its run sheet and its plate map put together to a run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.intake import Intake
from qc.readers.plates.analyte_wells import with_analytes
from qc.readers.plates.plate_map import read_plate_map
from qc.readers.plates.wells import well_rows
from qc.readers.protocol import is_self_mapped
from qc.readers.text.table_columns import frame

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qc.readers.lab_sheets.run_sheet import RunSheet
    from qc.readers.plates.map_well import MapWell
    from qc.readers.plates.plate import Plate
    from qc.readers.protocol import PlateReader
    from qc.readers.text.source import Source
    from schemas.run import Run


def plate_intake(
    reader: PlateReader, source: Source, plates: Sequence[Plate], sheet: RunSheet, plate_map: Source | None
) -> Intake:
    """Put the plates of an export together with what is said of them.

    Parameters
    ----------
    reader : PlateReader
        Reader of the export.
    source : Source
        The export.
    plates : sequence of Plate
        What it holds.
    sheet : RunSheet
        What the export does not say of its run.
    plate_map : Source, optional
        Which sample sits in which well; it wins over what the export says of it.

    Returns
    -------
    Intake
        One run with its wells.

    Raises
    ------
    ReaderError
        With every fault of the map, or of export and map together.
    """
    if sheet.plate and len(plates) == 1:
        plates = (replace(plates[0], name=sheet.plate),)
    run = _run(reader, source, sheet)
    plates, wells = with_analytes(plates, sheet.analytes), _wells(reader, source, sheet, plate_map)
    rows = well_rows(plates, wells, run, signal=sheet.signal, reference_signal=sheet.reference_signal)
    instrument = run.instrument or reader.instrument
    return Intake("plate", reader.name, reader.version, instrument, (run,), {"wells": frame("wells", rows)})


def _run(reader: PlateReader, source: Source, sheet: RunSheet) -> Run:
    run = sheet.run_for(source.stem)
    return reader.own_run(source, run) if is_self_mapped(reader) else run


def _wells(reader: PlateReader, source: Source, sheet: RunSheet, plate_map: Source | None) -> list[MapWell]:
    """Return what the map says, or the export itself, with the analytes called as the run sheet calls them."""
    if plate_map is not None:
        wells = read_plate_map(plate_map, sheet.standards)
    else:
        wells = reader.own_map(source) if is_self_mapped(reader) else ()
    ours = {name.casefold(): analyte for name, analyte in sheet.analytes.items()}
    return [replace(well, analyte=ours.get(well.analyte.casefold(), well.analyte)) for well in wells]
