from __future__ import annotations

from pathlib import Path

import pytest
from documents import FORMATS

from qc.readers.known_readers import readers
from qc.readers.read import read_plate, read_plates
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.plates.signal import taken_signal

TEXT = FORMATS["immunospot"](3)
"""Line 9 is row A of the counts and of the sizes."""


def plate_of(text: str):
    return read_plate(Source(Path("spots.txt"), text.encode()))[0]


def with_count_of_a1(text: str) -> str:
    lines = TEXT.splitlines(keepends=True)
    cells = lines[8].split("\t")
    lines[8] = "\t".join([cells[0], text, *cells[2:]])
    return "".join(lines)


def test_two_grids_beside_each_other_are_blocks_of_their_own():
    row = TEXT.splitlines()[8].split("\t")

    counts, sizes = plate_of(TEXT).blocks[:2]

    assert (counts.name, counts.readings["A1"].text, counts.readings["A12"].text) == ("Spot Counts", row[1], row[12])
    assert (sizes.readings["A1"].text, sizes.readings["A12"].text) == (row[16], row[27])


def test_the_counts_are_the_signal_where_nobody_says_another():
    assert [taken_signal(plate_of(FORMATS[name](3)))[0] for name in ("immunospot", "spaced_spots")] == [
        "Spot Counts",
        "Unprocessed Data",
    ]


@pytest.mark.parametrize(
    ("code", "text"), [("-1", None), ("-4", None), ("-5", None), ("-2", "Off scale"), ("-3", "Rejected in QC")]
)
def test_a_code_of_the_legend_is_never_a_count(code: str, text: str | None):
    reading = plate_of(with_count_of_a1(code)).blocks[0].readings.get("A1")

    assert reading is None if text is None else reading.text.startswith(text)


def test_a_count_that_differs_from_the_total_of_its_sizes_is_told():
    source = Source(Path("spots.txt"), with_count_of_a1("7").encode())

    remarks = read_plates(source, readers()["immunospot"]).remarks

    assert "spots in well A1, the counts 7" in remarks[0].sentence


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("\tSpot Counts", "\t", "is its title lost"),
        ("\tWell areas covered by spots", "\tSpot Counts\t", "both named"),
        ("\nH\t", "\nX\t", "lacks rows H"),
    ],
    ids=["no title", "the same title twice", "no row H"],
)
def test_a_report_that_is_not_whole_is_refused(old: str, new: str, sentence: str):
    with pytest.raises(ReaderError) as caught:
        plate_of(TEXT.replace(old, new).replace("\tSpot Counts\t (% of counted area)", "\tSpot Counts"))

    assert any(sentence in fault.text for fault in caught.value.faults)


def test_titles_of_grids_that_changed_places_are_refused():
    text = FORMATS["spaced_spots"](3)
    areas, spots = "Well areas covered by spots", "Total intensity of spots per well"
    swapped = text.replace(areas, "\0").replace(spots, areas).replace("\0", spots)

    with pytest.raises(ReaderError) as caught:
        plate_of(swapped)

    assert any("ImmunoSpot writes it before" in str(fault) for fault in caught.value.faults)
