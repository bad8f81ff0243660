"""The door: bytes in, an Intake or a ReaderError out, and nothing else.

A file format is a module of this folder with an object ``READER``. The formats are found by walking the folder; each
is asked whether it recognises the file, and exactly one must.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, TypeGuard

from qc.readers.formats.known_makers import maker_sentence
from qc.readers.intake import Intake
from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.text.header import unknown_table
from qc.readers.text.table_columns import frame
from schemas.errors import ReaderError

if TYPE_CHECKING:
    from qc.readers.plates.plate import Plate
    from qc.readers.plates.plate_map import MapWell
    from qc.readers.text.source import Source
    from schemas.run import Run


class Reader(Protocol):
    """What every reader offers."""

    @property
    def name(self) -> str:
        """Name of the reader."""

    @property
    def version(self) -> str:
        """Version of the reader."""

    @property
    def is_plate(self) -> bool:
        """Whether it reads plate exports."""

    def recognises(self, source: Source) -> bool:
        """Tell whether the file is of its format.

        Parameters
        ----------
        source : Source
            File to look at.

        Returns
        -------
        bool
            True if so.
        """


class TableReader(Reader, Protocol):
    """A reader whose files need nothing but perhaps a run sheet."""

    def read(self, source: Source, run_sheet: RunSheet | None) -> Intake:
        """Read the file.

        Parameters
        ----------
        source : Source
            File to read.
        run_sheet : RunSheet, optional
            What the file does not say.

        Returns
        -------
        Intake
            What it holds.
        """


class PlateReader(Reader, Protocol):
    """A reader of plate exports, which need a plate map."""

    @property
    def instrument(self) -> str:
        """Software or instrument that writes the format; empty for many."""

    def plates(self, source: Source) -> tuple[Plate, ...]:
        """Read the plates.

        Parameters
        ----------
        source : Source
            File to read.

        Returns
        -------
        tuple of Plate
            Plates in order of the file.
        """


class SelfMappedReader(PlateReader, Protocol):
    """A reader of plate exports that say themselves what sits in which well; a plate map that is given wins."""

    def own_map(self, source: Source) -> tuple[MapWell, ...]:
        """Read what the export says of its wells.

        Parameters
        ----------
        source : Source
            File to read.

        Returns
        -------
        tuple of MapWell
            One entry for each well, or for each well and analyte.
        """

    def own_run(self, source: Source, run: Run) -> Run:
        """Fill in what the export says of its run.

        Parameters
        ----------
        source : Source
            File to read.
        run : Run
            What the run sheet says; it wins.

        Returns
        -------
        Run
            The run.
        """


def readers() -> Mapping[str, Reader]:
    """Find every reader of this folder.

    Returns
    -------
    mapping of str to Reader
        Reader by name, in order of name.
    """
    import qc.readers.formats

    found: dict[str, Reader] = {}
    for module in pkgutil.iter_modules(qc.readers.formats.__path__, "qc.readers.formats."):
        reader: Reader | None = getattr(import_module(module.name), "READER", None)
        if reader is not None:
            found[reader.name] = reader
    return dict(sorted(found.items()))


def sniff(source: Source) -> Reader:
    """Return the only reader that recognises a file.

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
        If none or more than one recognises it, or it is empty, an archive or no text.
    """
    matching = [reader for reader in readers().values() if reader.recognises(source)]
    if not matching:
        sentence = maker_sentence(source)
        if sentence:
            raise ReaderError(f"'{source.path.name}' {sentence}")
        raise unknown_table(source.sheets, source.path.name)
    if len(matching) > 1:
        names = " and ".join(f"'{reader.name}'" for reader in matching)
        raise ReaderError(f"'{source.path.name}' is recognised by {names}. Say which reader is meant.")
    return matching[0]


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
    chosen = _chosen(source, reader)
    sheet = run_sheet or RunSheet()
    if _is_table_reader(chosen):
        return chosen.read(source, run_sheet)
    if not _is_plate_reader(chosen):
        raise ReaderError(f"Reader '{chosen.name}' reads neither tables nor plates.")
    plates = chosen.plates(source)
    if plate_map is None and not is_self_mapped(chosen):
        text = f"'{source.path.name}' is a plate export; a plate map is needed to say what sits in which well."
        hint = f" Put '{source.stem}.map.csv' beside it with the columns well, role, name, conc and dilution."
        raise ReaderError(text + hint)
    return _plate_intake(chosen, source, plates, sheet, plate_map)


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
    chosen = _chosen(source, reader)
    if not _is_plate_reader(chosen):
        raise ReaderError(f"'{source.path.name}' is a table and not a plate export.")
    return chosen.plates(source)


def _is_plate_reader(reader: Reader) -> TypeGuard[PlateReader]:
    return reader.is_plate


def is_self_mapped(reader: Reader) -> TypeGuard[SelfMappedReader]:
    """Tell whether a reader gives the plate map as well.

    Parameters
    ----------
    reader : Reader
        Reader of a file.

    Returns
    -------
    bool
        True if so.
    """
    return hasattr(reader, "own_map")


def _is_table_reader(reader: Reader) -> TypeGuard[TableReader]:
    return not reader.is_plate


def _chosen(source: Source, name: str | None) -> Reader:
    if name is None:
        return sniff(source)
    known = readers()
    if name not in known:
        raise ReaderError(f"Reader '{name}' is not known. Known readers: {', '.join(known)}.")
    return known[name]


def _plate_intake(
    reader: PlateReader, source: Source, plates: tuple[Plate, ...], sheet: RunSheet, plate_map: Source | None
) -> Intake:
    from qc.readers.plates.analyte_wells import with_analytes
    from qc.readers.plates.plate_map import read_plate_map
    from qc.readers.plates.wells import well_rows

    if sheet.plate and len(plates) == 1:
        plates = (replace(plates[0], name=sheet.plate),)
    plates = with_analytes(plates, sheet.analytes)
    run = sheet.run_for(source.stem)
    if is_self_mapped(reader):
        run = reader.own_run(source, run)
    wells = read_plate_map(plate_map, sheet.standards) if plate_map else _own_map(reader, source)
    ours = {name.casefold(): analyte for name, analyte in sheet.analytes.items()}
    named = [replace(well, analyte=ours.get(well.analyte.casefold(), well.analyte)) for well in wells]
    rows = well_rows(plates, named, run, signal=sheet.signal, reference_signal=sheet.reference_signal)
    instrument = run.instrument or reader.instrument
    return Intake("plate", reader.name, reader.version, instrument, (run,), {"wells": frame("wells", rows)})


def _own_map(reader: PlateReader, source: Source) -> tuple[MapWell, ...]:
    return reader.own_map(source) if is_self_mapped(reader) else ()
