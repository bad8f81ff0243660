"""MSD Methodical Mind text: a matrix of counts in which each well has one row a spot, below the row of its letter.

A file may hold several reads, one a spot (``SpotID : 3``), or one read with the rows of all spots. Spots are numbered
as the software numbers them: where fewer rows stand than the plate has spots, the legend says which. With several spots
a well each of them is an analyte (``Spot 4``); which assay a spot carries does not stand in the file: the plate map and
the run sheet say it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.readers.formats.methodical_reads import MethodicalRead, head_faults, read_faults, reads_of
from qc.readers.protocol import Claim
from schemas.errors import Fault, ReaderError
from schemas.plates.analyte_wells import AnalyteWell, analyte_plates
from schemas.plates.plate import Plate, named, row_index
from schemas.plates.plate_words import PlateWords

if TYPE_CHECKING:
    from qc.readers.account import Account
    from qc.readers.text.source import Source
    from schemas.text_tables.sheet import Row

KIND = "Signal"
"""Name of the only measurement."""
_NO_CODE = "The head has no line 'Barcode1', so the plate is called after the file: is a line lost?"
_SIGNED = re.compile(r"^Version\s*:\s*MMPR\b", re.MULTILINE)


class MethodicalMindReader:
    """Read text files of MSD Methodical Mind."""

    name = "methodical_mind"
    version = "2"
    is_plate = True
    instrument = "MSD Methodical Mind"

    def claim(self, source: Source) -> Claim | None:
        """Claim a file where Methodical Mind has signed the file and it holds a section of counts."""
        return Claim.SIGNATURE if _SIGNED.search(source.text) and "==Data==" in source.text else None

    def plates(self, source: Source, account: Account) -> tuple[Plate, ...]:
        """Read every plate, named by its bar code where there is one; a block for each spot."""
        sheet = next((sheet for sheet in source.sheets if sheet.delimiter == "\t"), None)
        if sheet is None:
            raise ReaderError(f"'{source.path.name}' begins like a Methodical Mind file but holds no tabs.")
        faults: list[Fault] = []
        reads = reads_of(sheet, faults)
        faults += [fault for read in reads for fault in head_faults(read)]
        faults += _twice(reads)
        wells = [well for read in reads for well in _wells(read, reads, faults)] if not faults else []
        plates = analyte_plates(wells, faults)
        _tell(reads, account)
        if faults:
            raise ReaderError(f"'{source.path.name}' is not a whole Methodical Mind file.", faults)
        return named([_with_notes(plate, reads) for plate in plates], source.stem)


def _tell(reads: Sequence[MethodicalRead], account: Account) -> None:
    for read in reads:
        for row in (row for row in read.head if read.is_known(row)):
            account.use(read.sheet, row)
        for row in [*([read.begin] if read.begin else []), *read.rows]:
            account.use(read.sheet, row)
        for row in read.rest:
            account.leave(read.sheet, row, reason="settings and statistics of the reader")


def _with_notes(plate: Plate, reads: Sequence[MethodicalRead]) -> Plate:
    own = [read for read in reads if read.barcode == plate.name]
    notes = [_NO_CODE for read in reads[:1] if not read.text_of("Barcode1")]
    notes += [f"The file holds no counts of {read.lacking} of its plate." for read in own[:1] if read.lacking]
    spots = {int(spot) for read in own if (spot := read.text_of("SpotID")).isdecimal()}
    rest = [str(spot) for read in own[:1] if spots for spot in read.legend if spot not in spots]
    notes += [f"The legend names spots {', '.join(rest)} too, of which the file holds no read."] * bool(rest)
    return replace(plate, words=PlateWords(notes=tuple(notes))) if notes else plate


def _twice(reads: Sequence[MethodicalRead]) -> list[Fault]:
    """Refuse reads that cannot be told apart: the same plate and the same spot."""
    seen: dict[tuple[str, str], MethodicalRead] = {}
    faults = []
    for read in reads:
        key = (read.barcode, read.text_of("SpotID"))
        if key in seen:
            first, begun = (one.sheet.where(one.first_row) for one in (seen[key], read))
            text = f"Plate '{key[0]}' with spot '{key[1]}' was read in {first} already."
            text = f"{text} Save each read as a file of its own."
            faults.append(Fault(begun, text))
        seen.setdefault(key, read)
    return faults


def _wells(read: MethodicalRead, reads: Sequence[MethodicalRead], faults: list[Fault]) -> Iterator[AnalyteWell]:
    where = read.sheet.where
    columns = {place: int(cell) for place, cell in enumerate(read.rows[0].cells) if cell.strip().isdecimal()}
    if not columns or list(columns.values()) != list(range(1, len(columns) + 1)):
        faults.append(Fault(where(read.rows[0]), "Section 'Data' does not begin with the numbers of the columns."))
        return
    groups = _by_letter(read.rows[1:])
    faults += read_faults(read, [letter for letter, _ in groups], columns.values())
    n_rows = len(groups[0][1]) if groups else 0
    spots = read.spots(n_rows, is_only=[one.barcode for one in reads].count(read.barcode) == 1)
    for letter, own in groups:
        if row_index(letter) is None:
            faults.append(Fault(where(own[0]), f"'{letter}' is not the letter of a plate row."))
        elif spots is None or len(own) != len(spots):
            words = f"Row {letter} has {len(own)} rows of counts; the file announces {read.n_spots} spots a well"
            faults.append(Fault(where(own[0]), f"{words} and its legend does not name {len(own)} of them."))
        for spot, row in zip(spots or (), own, strict=False):
            yield from _of_row(read, (letter, spot), row, columns, faults)


def _of_row(
    read: MethodicalRead, names: tuple[str, str], row: Row, columns: dict[int, int], faults: list[Fault]
) -> Iterator[AnalyteWell]:
    (letter, spot), where = names, read.sheet.where(row)
    if not all(row.cell(place) for place in columns):
        faults.append(Fault(where, f"The row has fewer than {len(columns)} counts."))
        return
    beyond = [cell.strip() for cell in row.cells[max(columns) + 1 :] if cell.strip()]
    if beyond:
        faults.append(Fault(where, f"'{beyond[0]}' stands beside the {len(columns)} columns that are numbered."))
    for place, column in columns.items():
        yield AnalyteWell(KIND, spot, read.barcode, f"{letter}{column}", "", row.cell(place), row.line, where)


def _by_letter(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Return the rows of each plate row; a row without a letter belongs to the one above it."""
    groups: list[tuple[str, list[Row]]] = []
    for row in rows:
        letter = row.cell(0).upper()
        if letter or not groups:
            groups.append((letter, []))
        groups[-1][1].append(row)
    return groups


READER = MethodicalMindReader()
