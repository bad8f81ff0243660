"""A plate export that ends within a reading: its last line has no line end, though all others have one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.file_remark import FileRemark, RemarkKind
from schemas.plates.plate import Plate
from schemas.text_tables.delimited import DELIMITERS

if TYPE_CHECKING:
    from qc.readers.text.source import Source


def cut_end(source: Source, plates: Sequence[Plate]) -> tuple[FileRemark, ...]:
    """Tell whether the last thing in a file is a reading that may have lost its last digits.

    Parameters
    ----------
    plates : sequence of Plate
        What was read.

    Returns
    -------
    tuple of FileRemark
        One if so: the file is text, has line ends, has none at its end, and ends with a reading or behind a delimiter.
    """
    text = source.text
    if not text or text[-1] in "\r\n" or not ("\n" in text or "\r" in text):
        return ()
    lines = text.splitlines()
    last, line = len(lines), lines[-1].rstrip(" ")
    ends = [
        (plate.name, well, reading.text)
        for plate in plates
        for block in plate.blocks
        for well, reading in block.readings.items()
        if reading.line == last and (line[-1:] in DELIMITERS or (reading.text and line.endswith(reading.text)))
    ]
    if not ends:
        return ()
    plate, well, reading_text = ends[-1]
    words = (
        f"The file ends with '{reading_text}', the reading of well {well} of plate '{plate}', and without a line end:"
    )
    return (FileRemark(RemarkKind.END, f"line {last}", f"{words} it may have been cut there. Export it again."),)
