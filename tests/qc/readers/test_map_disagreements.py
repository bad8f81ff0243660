"""Export against plate map, and what an export says of its wells, on the way into the wells of a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from plate_files import intelliflex, softmax, xponent

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.file_remark import RemarkKind

FLEX = [f"PL1,{well},{kind},Completed,{name},TNF,90{n},100" for n, (well, kind, name) in
        enumerate([("A1", "S", "S1"), ("A2", "S", "S2"), ("B1", "U", "P1"), ("B2", "U", "P2")])]  # fmt: skip
MAP = "well,role,name,conc,dilution\nA1,calibrator,S1,10,\nA2,calibrator,S2,100,\nB1,sample,P1,,\nB2,sample,P2,,\n"
GROUPS = (
    "Group: Standards\nSample\tConc\tWells\tValue\n1\t10\tA1\t0.1\n2\t100\tA2\t0.1\n\n~End\n"
    "Group: Unknowns\nSample\tWells\tValue\tDilution\nP1\tB1\t0.1\t5\nP2\tB2\t0.1\t5\n\n~End\n"
)


def source(text: str, name: str = "export.csv") -> Source:
    return Source(Path(name), text.encode())


def told(export: str, plate_map: str, signal: str = "") -> list[tuple[RemarkKind, str]]:
    sheet = RunSheet(run={"analyte": "tnf_alpha"} if signal == "450" else {}, signal=signal)
    return [
        (one.kind, one.sentence) for one in read(source(export), run_sheet=sheet, plate_map=source(plate_map)).remarks
    ]


def of_flex(plate_map: str) -> list[tuple[RemarkKind, str]]:
    return told(intelliflex(*FLEX), plate_map, "RP1 MEDIAN")


def of_softmax(plate_map: str) -> list[tuple[RemarkKind, str]]:
    return told(softmax(rest=GROUPS, n_blocks=3), plate_map, "450")


def test_an_export_and_a_map_that_say_the_same_are_silent():
    assert of_flex(MAP) == []
    assert of_softmax(MAP.replace("P1,,", "P1,,5").replace("P2,,", "P2,,5")) == []


@pytest.mark.parametrize(
    "plate_map, words",
    [
        (MAP.replace("B1,sample,P1", "B1,sample,P2").replace("B2,sample,P2", "B2,sample,P1"),
         "B1: the export names another sample than the map, the one that the map puts in B2; B2: "),
        (MAP.replace("B2,sample,P2", "B2,sample,P9"), "B2: the export names another sample than the map, one that the"),
        (MAP.replace("A2,calibrator,S2,100", "A2,sample,S2,"), "A2: calibrator in the export, sample in the map"),
        (MAP.replace("B1,sample,P1,", "B1,calibrator,P1,4"), "B1: sample in the export, calibrator in the map"),
    ],
    ids=["swapped", "another name", "no calibrator", "a calibrator"],
)  # fmt: skip
def test_a_sample_or_role_that_differs_is_told_once_with_its_wells(plate_map: str, words: str):
    ((kind, sentence),) = of_flex(plate_map)

    assert (kind, words in sentence) == (RemarkKind.MAP, True), sentence
    assert "P1" not in sentence.replace("plate 'PL1'", "")


def test_doses_and_dilutions_that_differ_are_told_with_what_each_says():
    ((kind, sentence),) = of_softmax(MAP.replace(",100,", ",120,").replace("P1,,", "P1,,5"))

    assert kind is RemarkKind.MAP
    assert sentence == (
        "Export and plate map disagree: A2: dose 100 in the export, 120 in the map; "
        "B2: dilution 5 in the export, 1 in the map."
    )


def test_doses_in_another_unit_are_told_as_one_factor():
    plate_map = MAP.replace(",10,", ",10000,").replace(",100,", ",100000,").replace("P1,,", "P1,,5")

    kinds = [kind for kind, _ in of_softmax(plate_map.replace("P2,,", "P2,,5"))]

    assert kinds == [RemarkKind.UNIT]


def test_numbers_that_the_instrument_gives_its_samples_are_no_names():
    own = intelliflex(*[row.replace(",P1,", ",Unknown1,").replace(",P2,", ",Unknown2,") for row in FLEX])

    assert told(own, MAP, "RP1 MEDIAN") == []


def test_counts_and_remarks_stand_in_the_wells_of_the_run():
    export = xponent(("A1", "B1"), low=("B1",), warnings='"1,B1","Warning","Too few beads."\r\n"1,H9","Error","Clot."')
    plate_map = "well,role,name,conc\nA1,calibrator,S1,10\nB1,sample,P1,\n"

    intake = read(source(export), run_sheet=RunSheet(signal="Median"), plate_map=source(plate_map))

    wells = {row["well"]: row for row in intake.tables["wells"].iter_rows(named=True)}
    assert (wells["B1"]["n_beads"], wells["B1"]["n_beads_asked"], wells["B1"]["remark"]) == (
        4,
        50,
        "Warning: Too few beads.",
    )
    assert (wells["B1"]["flag"], wells["A1"]["remark"]) == ("", "")
    assert [(one.kind, one.sentence) for one in intake.remarks] == [(RemarkKind.INSTRUMENT, "H9: Error: Clot.")]


def test_a_file_that_ends_with_a_reading_and_without_a_line_end_is_told():
    whole = intelliflex(*[row.rpartition(",")[0] for row in FLEX]).replace(",R25: RP1 COUNT", "")

    assert told(whole, MAP, "RP1 MEDIAN") == []
    ((kind, sentence),) = told(whole[:-2], MAP, "RP1 MEDIAN")
    assert kind is RemarkKind.END
    assert "ends with '90', the reading of well B2" in sentence
