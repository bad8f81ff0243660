"""Signals and map together: the wells of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from schemas.errors import Fault, ReaderError
from schemas.plates.map_well import MapWell
from schemas.plates.plate import Plate, place_of
from schemas.plates.signal import Signal, analyte_signals, signals
from schemas.run import Run


def well_rows(
    plates: Sequence[Plate], wells: Sequence[MapWell], run: Run, *, signal: str, reference_signal: str
) -> list[dict[str, Any]]:
    """Join the plates of an export with their map.

    Parameters
    ----------
    plates : sequence of Plate
        Plates of the file.
    wells : sequence of MapWell
        Wells of the map; without a plate name they hold for every plate.
    run : Run
        The run that was measured.
    signal : str
        Name of the signal that the run sheet asks for; empty for the only one.
    reference_signal : str
        Name of the signal that is taken off; empty for none.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``wells``. A well that was measured and is not in the map is ``empty``.

    Raises
    ------
    ReaderError
        With every fault: a map for a plate that is not there, a well outside the plate, a mapped well without a
        reading, a well without an analyte.
    """
    faults: list[Fault] = []
    by_plate = wells_by_plate(plates, wells, faults)
    rows: list[dict[str, Any]] = []
    for plate in plates:
        own = by_plate[plate.name]
        try:
            several = analyte_signals(plate, signal) if not run.analyte else {}
            of_run = {} if several else _one_signal(plate, run, signal, reference_signal)
        except ReaderError as error:  # told together with what else has to be said of the run
            faults += [*error.faults, *_without_analyte(own, run)]
            continue
        for analyte, by_well in several.items():
            rows += _plate_rows(plate, _wells_of(own, analyte), replace(run, analyte=analyte), by_well, faults)
        if not several:
            rows += _plate_rows(plate, own, run, of_run, faults)
    if faults:
        raise ReaderError("Plate export, map and run sheet do not fit together.", faults)
    return rows


def _without_analyte(wells: Sequence[MapWell], run: Run) -> list[Fault]:
    """Name the first well that is mapped and of which nobody says what is measured in it."""
    open_wells = [well for well in wells if well.role != "empty" and not (well.analyte or run.analyte)]
    text = "Well {} has no analyte: set analyte in [run] of the run sheet, or in a column of the map."
    return [Fault(f"plate map, line {well.line}", text.format(well.well)) for well in open_wells[:1]]


def _one_signal(plate: Plate, run: Run, signal: str, reference_signal: str) -> Mapping[str, Signal]:
    # A run of one analyte on a plate of several reads the block of that analyte.
    several = analyte_signals(plate, signal) if any(block.analyte for block in plate.blocks) else {}
    named = {name.casefold(): by_well for name, by_well in several.items()}
    if several and run.analyte.casefold() not in named:
        text = f"Analyte '{run.analyte}' of the run is none of the plate's: {', '.join(several)}."
        raise ReaderError("The analyte is not found.", [Fault(f"plate '{plate.name}'", text)])
    return named[run.analyte.casefold()] if several else signals(plate, signal, reference_signal)


def _wells_of(wells: Sequence[MapWell], analyte: str) -> list[MapWell]:
    """Return what the map says of one analyte: its own rows, and the rows of wells that name none."""
    own = [well for well in wells if well.analyte.casefold() == analyte.casefold()]
    named = {well.well for well in own}
    return own + [well for well in wells if not well.analyte and well.well not in named]


def wells_by_plate(plates: Sequence[Plate], wells: Sequence[MapWell], faults: list[Fault]) -> dict[str, list[MapWell]]:
    """Return what a map says of each plate of an export, by the name of the plate.

    Parameters
    ----------
    plates : sequence of Plate
        Plates of the file.
    wells : sequence of MapWell
        Wells of the map.
    faults : list of Fault
        A plate that the map names and the export does not hold is added to it.
    """
    by_plate: dict[str, list[MapWell]] = {plate.name: [] for plate in plates}
    names = {_squeezed(plate.name): plate.name for plate in plates}
    if not all(plate.is_named for plate in plates):
        # The file does not name its plates apart: a map may count them.
        names |= {f"plate{index}": plate.name for index, plate in enumerate(plates, start=1)}
        names |= {str(index): plate.name for index, plate in enumerate(plates, start=1)}
    for well in wells:
        if not well.plate:
            for plate in plates:
                by_plate[plate.name].append(well)
        elif _squeezed(well.plate) in names:
            by_plate[names[_squeezed(well.plate)]].append(well)
        elif not any(f"'{well.plate}'" in fault.text for fault in faults):
            known = ", ".join(f"'{plate.name}'" for plate in plates)
            text = f"The plate map names plate '{well.plate}', the export has {known}."
            faults.append(Fault(f"plate map, line {well.line}", text))
    return by_plate


def _squeezed(name: str) -> str:
    return "".join(name.split()).casefold()


def _plate_rows(
    plate: Plate, wells: Sequence[MapWell], run: Run, by_well: Mapping[str, Signal], faults: list[Fault]
) -> list[dict[str, Any]]:
    if not wells:
        faults.append(Fault(f"plate '{plate.name}'", "The plate map says nothing of this plate."))
    rows = []
    for well in wells:
        row, column = place_of(well.well)
        read = by_well.get(well.well)
        where = f"plate map, line {well.line}"
        if row >= plate.n_rows or column >= plate.n_columns:
            size = f"{plate.n_rows} rows and {plate.n_columns} columns"
            text = f"Well {well.well} is outside plate '{plate.name}' of {size}."
            faults.append(Fault(where, text))
        elif read is None or read.flag == "not_measured":
            if well.role != "empty":
                text = (
                    f"Well {well.well} of plate '{plate.name}' is mapped as {well.role}, but the export has no reading."
                )
                faults.append(Fault(where, text))
        elif not any("has no analyte" in fault.text for fault in faults):
            faults += _without_analyte([well], run)
        if read is not None:
            rows.append(_row(plate, well, run, read))
    mapped = {well.well for well in wells}
    rest = [MapWell(well=name, line=read.line, role="empty") for name, read in by_well.items() if name not in mapped]
    return rows + [_row(plate, well, run, by_well[well.well]) for well in rest]


def _row(plate: Plate, well: MapWell, run: Run, read: Signal) -> dict[str, Any]:
    return {
        "run": run.run,
        "plate": plate.name,
        "well": well.well,
        "line": read.line,
        "role": well.role,
        "name": well.name,
        "analyte": well.analyte or run.analyte,
        "curve": well.curve,
        "conc": well.conc,
        "dilution": well.dilution,
        "signal": read.value,
        "signal_text": read.text,
        "flag": read.flag,
        "n_beads": read.n_beads,
        "n_beads_asked": read.n_beads_asked,
        "remark": "; ".join(filter(None, (read.remark, well.note))),
        "material": well.material,
        "level": well.level,
        "lot": well.lot,
    }
