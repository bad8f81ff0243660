"""Plates of exports that list one analyte of one well at a time: each measurement of each analyte is a block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schemas.errors import Fault, ReaderError
from schemas.plates.plate import Block, Plate, Reading, format_for
from schemas.text_tables.numerals import decimal_mark


@dataclass(frozen=True, slots=True)
class AnalyteWell:
    """One measurement of one analyte in one well."""

    kind: str
    """Measurement as the file writes it, such as ``Signal``."""
    analyte: str
    """Analyte, or bead region, as the file writes it."""
    plate: str
    """Plate as the file names it; empty for none."""
    well: str
    """Well such as ``A1``."""
    sample: str
    """What the file calls the sample."""
    text: str
    """Reading as written."""
    line: int
    """Line of the file."""
    where: str
    """Place for a fault."""


def analyte_plates(wells: Sequence[AnalyteWell], faults: list[Fault]) -> list[Plate]:
    """Put the wells of each plate together.

    Parameters
    ----------
    wells : sequence of AnalyteWell
        Wells as the rows of the file give them.
    faults : list of Fault
        A well that stands twice for one measurement of one analyte is added to it.

    Returns
    -------
    list of Plate
        Plates in order of the file; a block is named by its measurement and its analyte: ``Signal TNF-alpha``.
    """
    plates = []
    for name in dict.fromkeys(well.plate for well in wells):
        own = [well for well in wells if well.plate == name]
        readings: dict[tuple[str, str], dict[str, Reading]] = {}
        for well in own:
            block = readings.setdefault((well.kind, well.analyte), {})
            if well.well in block:
                text = f"Well {well.well} stands twice for '{well.kind}' of analyte '{well.analyte}'."
                faults.append(Fault(well.where, text))
            block.setdefault(well.well, Reading(well.text, well.line))
        mark = decimal_mark(reading.text for block in readings.values() for reading in block.values())
        blocks = [
            Block(f"{kind} {analyte}".strip(), block, mark, analyte=analyte)
            for (kind, analyte), block in readings.items()
        ]
        n_rows, n_columns = format_for([well.well for well in own])
        samples = {well.well: well.sample for well in own}
        plates.append(Plate(name, tuple(blocks), n_rows, n_columns, samples=samples))
    return plates


def with_analytes(plates: Sequence[Plate], analytes: Mapping[str, str]) -> tuple[Plate, ...]:
    """Call the analytes of an export by what the run sheet says that they are.

    Parameters
    ----------
    plates : sequence of Plate
        Plates of the file.
    analytes : mapping of str to str
        Analyte by what the export calls it; empty leaves everything as it is.

    Returns
    -------
    tuple of Plate
        Plates with the blocks of the named analytes alone, and with those of no analyte.

    Raises
    ------
    ReaderError
        If a name is in no block, or two of them are one analyte.
    """
    if not analytes:
        return tuple(plates)
    names = {
        name.casefold(): block.analyte
        for plate in plates
        for block in plate.blocks
        for name in (block.region, block.analyte)
        if name
    }
    faults = [
        Fault(f"key 'analytes.{name}'", f"'{name}' is none of what the export measures: {', '.join(_known(plates))}.")
        for name in analytes
        if name.casefold() not in names
    ]
    faults += [
        Fault(f"key 'analytes.{name}'", f"Analyte '{analyte}' is named for two of what the export measures.")
        for name, analyte in analytes.items()
        if list(analytes.values()).count(analyte) > 1
    ]
    if faults:
        raise ReaderError("The run sheet does not fit the export.", faults)
    ours = {names[name.casefold()].casefold(): analyte for name, analyte in analytes.items()}
    return tuple(
        replace(plate, blocks=_renamed(plate.blocks, ours), words=plate.words.renamed(ours)) for plate in plates
    )


def _known(plates: Sequence[Plate]) -> list[str]:
    return sorted({block.analyte for plate in plates for block in plate.blocks if block.analyte})


def _renamed(blocks: Sequence[Block], ours: Mapping[str, str]) -> tuple[Block, ...]:
    own_blocks = [block for block in blocks if not block.analyte or block.analyte.casefold() in ours]
    return tuple(
        block
        if not block.analyte
        else replace(
            block,
            analyte=ours[block.analyte.casefold()],
            name=f"{block.name.removesuffix(block.analyte)}{ours[block.analyte.casefold()]}",
        )
        for block in own_blocks
    )
