from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import FORMATS

from qc.readers.known_readers import readers
from qc.readers.read import read_plate, read_plates
from qc.readers.text.source import Source
from schemas.errors import ReaderError

TEXT = FORMATS["gen5_scan"](3)
"""Line 12 is the title, line 14 the wells, lines 15 to 17 are 450, 455 and 460 nm."""
TIMES = (
    "Plate Number\tPlate 1\nReader Type:\tSYN\nStart Kinetic\tRuntime 0:01:00 (HH:MM:SS), Interval 0:00:30, 3 Reads\n\n"
    "420\n\nTime\tT\u00b0 420\tA1\tA2\n0:00:00\t25.1\t0.11\t0.21\n0:00:30\t25.2\t0.12\t0.22\n"
    "0:01:00\t25.3\t0.13\tOVRFLW\n0:00:00\t\t\t\n"
)


def source_of(text: str) -> Source:
    return Source(Path("scan.txt"), text.encode())


def test_every_wavelength_of_a_scan_is_a_block():
    row = TEXT.splitlines()[14].split("\t")

    (plate,) = read_plate(source_of(TEXT))

    assert [block.name for block in plate.blocks] == [f"SYN:Spectrum {nm}" for nm in (450, 455, 460)]
    assert [plate.blocks[1].readings[well].text for well in ("A1", "B1")] == row[1:3]


def test_every_time_of_a_kinetic_is_a_block_and_reads_that_were_not_made_are_none():
    (plate,) = read_plate(source_of(TIMES))

    assert [block.name for block in plate.blocks] == ["420 0:00:00", "420 0:00:30", "420 0:01:00"]
    assert [block.readings["A2"].text for block in plate.blocks] == ["0.21", "0.22", "OVRFLW"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("".join(TEXT.splitlines(keepends=True)[:-1]), "has 2 rows, the procedure announces 3"),
        (TEXT.replace("\n460\t", "\n460\t1.5\n465\t"), "The row ends before well H12"),
        (re.sub(r"\n455\t[\d.]+", "\n455\t", TEXT), "Well A1 has no reading at 455"),
    ],
    ids=["row lost", "row cut", "reading lost"],
)
def test_a_scan_that_holds_less_than_it_announces_is_told(text: str, sentence: str):
    remarks = read_plates(source_of(text), readers()["gen5_scan"]).remarks

    assert any(sentence in remark.sentence for remark in remarks)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("\n455\t", "\n445\t", "'445' does not follow"),
        ("Wavelength\tA1\tB1", "Wavelength\tA1\tA1", "each once"),
        ("SYN:Spectrum", "", "is its title lost"),
        ("\n460\t", "\n460\t0.5\t", "The row has 98 cells"),
    ],
    ids=["order", "well twice", "title", "cell too many"],
)
def test_a_scan_whose_rows_or_wells_cannot_be_told_is_refused(old: str, new: str, sentence: str):
    with pytest.raises(ReaderError) as caught:
        read_plate(source_of(TEXT.replace(old, new)))

    assert any(sentence in fault.text for fault in caught.value.faults)
