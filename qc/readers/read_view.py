"""``qc try read``: what a reader makes of a file, without a lab."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: JSON values of every kind

from qc.readers.plates.plate import flag_of
from qc.readers.read import is_self_mapped, read_plate, readers, sniff
from qc.readers.read import read as read_tables
from qc.readers.text.cells import number_of
from qc.readers.text.source import Source
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qc.readers.plates.plate import Plate
    from qc.readers.plates.plate_map import MapWell


def read(file: Path, *, reader: str | None = None) -> dict[str, Any]:
    """Show what a reader makes of a file.

    Parameters
    ----------
    file : Path
        File to read.
    reader : str, optional
        Name of the reader; None means the one that recognises the file.

    Returns
    -------
    dict
        ``reader``, ``instrument``, ``runs``, ``wells`` and ``findings``; ``rows`` for tables. A plate export gives its
        wells as they were read, one entry for each measurement. A file that cannot be read gives no wells, a finding
        for every fault, and ``error``.
    """
    told: dict[str, Any] = {"reader": None, "instrument": None, "runs": [], "wells": [], "rows": [], "findings": []}
    try:
        source = Source(Path(file.name), file.read_bytes())
        chosen = _chosen(source, reader)
        told |= {"reader": chosen.name, "instrument": getattr(chosen, "instrument", "") or None}
        told |= _plates(source, reader) if chosen.is_plate else _tables(source, reader)
    except OSError as error:
        return told | {"error": f"'{file}' cannot be opened: {error.strerror}."}
    except ReaderError as error:
        findings = [{"where": fault.where, "verdict": "reject", "sentence": fault.text} for fault in error.faults]
        return told | {"findings": findings, "error": error.message}
    return told | {"error": None}


def _chosen(source: Source, reader: str | None) -> Any:  # Any: readers of tables and of plates differ
    if reader is None:
        return sniff(source)
    if reader not in readers():
        raise ReaderError(f"Reader '{reader}' is not known. Known readers: {', '.join(readers())}.")
    return readers()[reader]


def _plates(source: Source, reader: str | None) -> dict[str, Any]:
    plates = read_plate(source, reader=reader)
    chosen = _chosen(source, reader)
    own = {(well.well, well.analyte): well for well in chosen.own_map(source)} if is_self_mapped(chosen) else {}
    wells = [well for plate in plates for well in _wells(plate, own)]
    return {"runs": [{"run": plate.name} for plate in plates], "wells": wells}


def _wells(plate: Plate, own: Mapping[tuple[str, str], MapWell]) -> list[dict[str, Any]]:
    wells: list[dict[str, Any]] = []
    for block in plate.blocks:
        for well, reading in block.readings.items():
            signal = number_of(reading.text, block.mark)
            marks = {flag_of(reading.text)} if signal is None else set()
            if "masked" in marks:
                signal = number_of(reading.text.strip("*"), block.mark)
            marks |= {"masked"} if well in plate.masked else set()
            place: dict[str, Any] = {"plate": plate.name, "well": well, "block": block.name, "role": None}
            place |= {"name": plate.samples.get(well) or None, "analyte": block.analyte or None, "conc": None}
            if mapped := own.get((well, block.analyte)):
                place |= {"role": mapped.role, "name": mapped.name, "conc": mapped.conc, "dilution": mapped.dilution}
            wells.append(place | {"signal": signal, "text": reading.text, "flags": sorted(marks)})
    return wells


def _tables(source: Source, reader: str | None) -> dict[str, Any]:
    intake = read_tables(source, reader=reader)
    rows = [{"table": name, **row} for name, table in intake.tables.items() for row in table.iter_rows(named=True)]
    plain = [{key: _plain(value) for key, value in row.items()} for row in rows]
    runs = [{key: _plain(value) for key, value in asdict(run).items()} for run in intake.runs]
    return {"instrument": intake.instrument or None, "runs": runs, "rows": plain}


def _plain(value: Any) -> Any:  # Any: a cell of any type
    return value.isoformat() if hasattr(value, "isoformat") else value
