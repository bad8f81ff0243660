"""MSD Methodical Mind text: a matrix of counts in which each well has one row a spot, below the row of its letter.

Spots are numbered as the software numbers them, from the top. With several spots a well each of them is an analyte
(``Spot 4``); which assay a spot carries does not stand in the file: the plate map and the run sheet say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from qc.readers.plates.analyte_wells import AnalyteWell, analyte_plates
from qc.readers.plates.plate import Plate, named, row_index
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError

if TYPE_CHECKING:
    from qc.readers.text.source import Source

_Line = tuple[int, list[str]]
"""Number of a line and its cells."""
KIND = "Signal"
"""Name of the only measurement."""
_DATA = re.compile(r"=+Data=+")
_SIGNED = re.compile(r"^Version\s*:\s*MMPR\b", re.MULTILINE)
_SECTION = re.compile(r"=+\w")
_SPOTS = re.compile(r"^(?:Type\b.*Multi-Spot\s+|Spots Per Well\s*:\s*)(\d+)", re.MULTILINE)
_BARCODE = re.compile(r"^Barcode1\s*:\D*?<\*?([^<>*]+)\*?>", re.MULTILINE)


class MethodicalMindReader:
    """Read text files of MSD Methodical Mind."""

    name = "methodical_mind"
    version = "1"
    is_plate = True
    instrument = "MSD Methodical Mind"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where Methodical Mind has signed the file and it holds a section of counts."""
        return Claim.SIGNATURE if _SIGNED.search(source.text) and "==Data==" in source.text else None

    def plates(self, source: Source) -> tuple[Plate, ...]:
        """Read the plate, named by its bar code where there is one; a block for each spot."""
        faults: list[Fault] = []
        wells = list(_wells(source.text, faults))
        if not wells and not faults:
            faults.append(Fault("", "Section 'Data' holds no row of a well."))
        plates = analyte_plates(wells, faults)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole Methodical Mind file.", faults)
        return named(plates, source.stem)


def _wells(text: str, faults: list[Fault]) -> Iterator[AnalyteWell]:
    told, barcode = _SPOTS.search(text), _BARCODE.search(text)
    n_spots, plate = int(told[1]) if told else 1, barcode[1] if barcode else ""
    rows = list(_rows(text.splitlines()))
    if not rows:
        return
    columns = {place: int(cell) for place, cell in enumerate(rows[0][1]) if cell.isdecimal()}
    if not columns or list(columns.values()) != list(range(1, len(columns) + 1)):
        faults.append(Fault(f"line {rows[0][0]}", "Section 'Data' does not begin with the numbers of the columns."))
        return
    for letter, own in _by_letter(rows[1:]):
        begun = f"line {own[0][0]}"
        if row_index(letter) is None:
            faults.append(Fault(begun, f"'{letter}' is not the letter of a plate row."))
        elif len(own) != n_spots:
            words = f"Row {letter} has {len(own)} rows of counts; the file announces {n_spots} spots a well."
            faults.append(Fault(begun, words))
        for spot, (number, cells) in enumerate(own, start=1):
            where, analyte = f"line {number}", f"Spot {spot}" if n_spots > 1 else ""
            if len(cells) <= max(columns) or not all(cells[place] for place in columns):
                faults.append(Fault(where, f"The row has fewer than {len(columns)} counts."))
                continue
            for place, column in columns.items():
                yield AnalyteWell(KIND, analyte, plate, f"{letter}{column}", "", cells[place], number, where)


def _by_letter(rows: Sequence[_Line]) -> list[tuple[str, list[_Line]]]:
    """Return the rows of each plate row; a row without a letter belongs to the one above it."""
    groups: list[tuple[str, list[_Line]]] = []
    for row in rows:
        letter = row[1][0].upper()
        if letter or not groups:
            groups.append((letter, []))
        groups[-1][1].append(row)
    return groups


def _rows(lines: Sequence[str]) -> Iterator[_Line]:
    """Yield number and cells of the lines of the section of counts."""
    is_inside = False
    for number, line in enumerate(lines, start=1):
        if _DATA.match(line):
            is_inside = True
        elif is_inside and _SECTION.match(line):
            return
        elif is_inside and line.strip():
            yield number, [cell.strip() for cell in line.split("\t")]


READER = MethodicalMindReader()
