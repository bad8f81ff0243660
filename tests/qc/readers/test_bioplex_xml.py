from __future__ import annotations

from pathlib import Path

import pytest
from documents import FORMATS

from qc.readers.known_readers import readers
from qc.readers.read import read, read_plates
from qc.readers.text.source import Source
from schemas.errors import ReaderError

TEXT = FORMATS["bioplex_xml"](3)
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>\n'


def plates_of(text: str):
    return read_plates(Source(Path("beads.xml"), text.encode()), readers()["bioplex_xml"])


def test_xml_of_bio_plex_needs_no_map():
    table = read(Source(Path("beads.xml"), TEXT.encode())).tables["wells"]

    rows = {(row["well"], row["analyte"]): row for row in table.iter_rows(named=True)}
    roles = {role: sum(row["role"] == role for row in rows.values()) for role in ("blank", "control", "calibrator")}
    assert roles == {"blank": 4, "control": 4, "calibrator": 8}
    assert (rows["A5", "TNF"]["conc"], rows["A5", "TNF"]["n_beads"]) == (4.0, 55)


def test_an_expected_concentration_of_0_is_none_that_was_set():
    wells = plates_of(TEXT.replace("<ExpectedConc>4.0<", "<ExpectedConc>0.0<")).own_wells

    assert {one.conc for one in wells if one.role == "calibrator"} == {None}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<Median>", "<Median>1", "the median of its beads"),
        ("<RawMean>", "<RawMean>1", "its wells have"),
        ("<ExpectedConc>4.0</ExpectedConc>\n", "", "'ExpectedConc' is not stated here"),
        ("<AnalyteName>NfL</AnalyteName>\n<Reading", "<AnalyteName>IL6</AnalyteName>\n<Reading", "has no reading of"),
    ],
    ids=["median", "mean", "a dose that is lost", "analyte of some wells"],
)
def test_what_the_file_says_against_its_readings_is_told(old: str, new: str, sentence: str):
    at = TEXT.index(old, TEXT.index("<Unknowns>") if "Name" in old else 0)

    remarks = plates_of(TEXT[:at] + new + TEXT[at + len(old) :]).remarks

    assert any(sentence in remark.sentence for remark in remarks)


def test_a_mark_of_the_instrument_stands_at_its_well():
    marked = TEXT.replace('Code="0" OutlierType="None"', 'Code="1" OutlierType="User"', 1)

    plate = plates_of(marked).plates[0]

    assert plate.words.remark_of("TNF", "A1") == "low bead number; outlier: User"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT.replace("?>\n", f"?>\n{BOMB}", 1), "document type definition"),
        (
            TEXT.replace("<PlateDimensions", 70 * "<a>" + 70 * "</a>" + "<PlateDimensions"),
            "64 of them within each other",
        ),
        (TEXT[:-30], "breaks off or is damaged in line"),
        (TEXT.replace('WellNumber="1"', 'WellNumber="2"'), "WellNumber '2' is not that of row 1 and column 1"),
        (TEXT.replace("<Unknown>", "<Pool>").replace("</Unknown>", "</Pool>"), "'Pool' is no kind of sample"),
        (
            TEXT.replace('RowNo="1" ColNo="1" WellNumber="1"', 'RowNo="1" ColNo="2" WellNumber="2"'),
            "again, first in line",
        ),
    ],
    ids=["entities", "depth", "cut", "number of a well", "kind", "twice"],
)
def test_xml_that_cannot_be_trusted_is_refused(text: str, sentence: str):
    with pytest.raises(ReaderError) as caught:
        read(Source(Path("beads.xml"), text.encode()))

    assert any(sentence in words for words in (str(caught.value), *(fault.text for fault in caught.value.faults)))
