"""Remarks of people beside data, columns of a plate map that nobody reads, and two columns for one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.contradictions.account_tables import contradictions
from qc.readers.peel import close
from qc.readers.plates.plate_map import read_plate_map
from qc.readers.read import read
from qc.readers.text.remark_columns import is_remark
from qc.readers.text.source import Source
from schemas.file_remark import RemarkKind

NUMBERS = "\t" + "\t".join(map(str, range(1, 13)))
GRID = [NUMBERS, *(f"{letter}\t" + "\t".join(f"U{letter}{n}" for n in range(1, 13)) for letter in "ABCDEFGH")]
SIGNALS = [
    NUMBERS,
    *(f"{letter}\t" + "\t".join(f"0.{n:02d}5" for n in range(1, 13)) + "\t450" for letter in "ABCDEFGH"),
]
GEN5 = ["Plate Number\tPlate 1", "Reader Type:\tSYN", "", "Results", *SIGNALS]
RESULTS = "sample,analyte,matrix,value,unit"


def source(lines: list[str], name: str = "a.csv") -> Source:
    return Source(Path(name), ("\n".join(lines) + "\n").encode())


def test_a_remark_in_a_plate_map_becomes_one_of_its_well():
    lines = ["well,role,name,conc,comment", "A1,calibrator,S1,10,ok", "A2,sample,U1,,haemolysed"]
    plate_map = source(lines)
    account = plate_map.new_account()

    wells = read_plate_map(plate_map, {}, account)

    assert [well.note for well in wells] == ["", "comment: haemolysed"]
    assert [one.why for one in close(account, "map").flagged] == ["comment: haemolysed"]


def test_a_remark_beside_a_row_of_a_grid_map_becomes_one_of_its_wells():
    plate_map = source([*GRID[:3], GRID[3] + "\tbubbles", *GRID[4:]], "a.txt")
    account = plate_map.new_account()

    wells = read_plate_map(plate_map, {}, account)

    assert {well.well[0] for well in wells if well.note == "note of the map: bubbles"} == {"C"}
    assert [one.where for one in close(account, "map").flagged] == ["line 4"]


@pytest.mark.parametrize(
    ("header", "words"),
    [("well,role,name,conc,dilutn", "is 'dilution' meant"), ("well,role,name,conc,sample", "differ")],
)
def test_a_column_of_a_plate_map_that_changes_what_wells_hold_is_told(header: str, words: str):
    plate_map = source([header, "A1,calibrator,S1,10,", "A2,sample,U1,,4"])
    account = plate_map.new_account()

    read_plate_map(plate_map, {}, account)

    (remark,) = contradictions(account)
    assert remark.kind is RemarkKind.MAP
    assert words in remark.sentence


def test_a_line_that_a_person_wrote_beside_the_data_is_flagged_and_an_empty_one_is_not():
    lines = [f"{RESULTS}", "S1,ferritin,serum,1.5,ug/L", "", "Note: tube S1 was dropped", "", "Comments: none"]

    intake = read(source(lines))

    assert [one.why for one in intake.accounts["main"].flagged] == ["comment: tube S1 was dropped"]


@pytest.mark.parametrize(
    ("title", "cell", "kinds"),
    [
        ("result", "2.5", [RemarkKind.INSTRUMENT]),
        ("units", "mg/L", [RemarkKind.INSTRUMENT]),
        ("barcode", "990", [RemarkKind.CHOICE]),
        ("result", "1.5", []),
    ],
)
def test_two_columns_for_one_thing_are_told_where_they_differ(title: str, cell: str, kinds: list[RemarkKind]):
    intake = read(source([f"{RESULTS},{title}", f"S1,ferritin,serum,1.5,ug/L,{cell}"]))

    assert [remark.kind for remark in intake.remarks] == kinds


def test_few_beads_in_a_table_are_a_mark_of_their_result():
    lines = [f"{RESULTS},Bead Count", *(f"S{n},tnf,csf,1.5,pg/mL,{count}" for n, count in enumerate((80, 35, 34, 4)))]

    flags = read(source(lines)).tables["reported"]["flag"].to_list()

    assert flags == ["", "", "bead count: 34; fewer than 35", "bead count: 4; fewer than 35"]


@pytest.mark.parametrize(
    ("title", "is_one"),
    [("SampleQC", True), ("BackgroundFlag", True), ("QC_Warning", True), ("QC", False), ("qc lot", False)],
)
def test_titles_of_makers_under_which_an_instrument_judges_are_remarks(title: str, is_one: bool):
    assert is_remark(title) == is_one
