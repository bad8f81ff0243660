from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read, read_plate
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC: not a measurement.
TITLES = ["Analyte", "Type", "Well", "Outlier", "Description", "FI", "FI - Bkgd", "Obs Conc", "Exp Conc", "Dilution"]
WELLS: Sequence[Sequence[object]] = [
    ["B", "A1", 0, "", 20, 20, "", "", 1],
    ["S1", "B1,C1", 0, "", 5000.5, 4980.5, 99.1, 100, 1],
    ["S2", "D1", 0, "", 900, 880, "*10.2", 10, 1],
    ["C1", "E1", 0, "SYN-QC", 1000, 980, 11, "***", 2],
    ["X1", "F1", 0, "S-01", 1200, 1180, "OOR >", "", 4],
    ["X2", "G1", 1, "", "---", "---", "---", "", 4],
]
LEGEND = [[], ["***Value not available / --- = Designated as an outlier"], ["Std. Curve: FI = 1 + 2"]]
SHEET = RunSheet(run={"matrix": "serum"}, signal="FI")


def book(
    wells: Sequence[Sequence[object]] = WELLS, analytes: Sequence[str] = ("TNF-alpha (40)", "NfL (12)", "Blank (3)")
) -> Source:
    import openpyxl

    written = openpyxl.Workbook()
    written.remove(written.active)
    for analyte in analytes:
        sheet = written.create_sheet(analyte)
        head = ["File Name: syn.rbx", f"Analyte: {analyte}", "Acquisition Date: 02-Jan-2025, 01:03 PM",
                "Reader Serial Number: SYN-LX-1", "Plate ID: SYN-P1"]  # fmt: skip
        for line in [*([text] for text in head), [], TITLES, *([analyte, *well] for well in wells), *LEGEND]:
            sheet.append(list(line))
    stream = io.BytesIO()
    written.save(stream)
    return Source(Path("syn.xlsx"), stream.getvalue())


def test_the_workbook_is_its_own_plate_map() -> None:
    table = read(book(), run_sheet=SHEET).tables["wells"]

    rows = [row for row in table.to_dicts() if row["analyte"] == "TNF-alpha"]
    told = [(row["well"], row["role"], row["name"], row["conc"], row["dilution"], row["signal"]) for row in rows]
    assert told == [
        ("A1", "blank", "B", None, 1.0, 20.0),
        ("B1", "calibrator", "S1", 100.0, 1.0, 5000.5),
        ("D1", "calibrator", "S2", 10.0, 1.0, 900.0),
        ("E1", "control", "SYN-QC", None, 2.0, 1000.0),
        ("F1", "sample", "S-01", None, 4.0, 1200.0),
        ("G1", "sample", "X2", None, 4.0, None),
    ]
    assert rows[3]["material"] == "SYN-QC"
    assert {row["analyte"] for row in table.to_dicts()} == {"TNF-alpha", "NfL"}


def test_serial_number_and_time_describe_the_run() -> None:
    (run,) = read(book(), run_sheet=SHEET).runs

    assert (run.instrument, str(run.started_at)) == ("SYN-LX-1", "2025-01-02 13:03:00")


def test_two_bead_regions_of_one_name_keep_their_numbers() -> None:
    (plate,) = read_plate(book(analytes=("M (1)", "M (2)")))

    assert {block.analyte for block in plate.blocks} == {"M (1)", "M (2)"}


def test_a_plate_map_that_is_given_wins() -> None:
    plate_map = Source(Path("syn.map.csv"), b"well,role,name\nF1,sample,OTHER\n")

    table = read(book(), run_sheet=SHEET, plate_map=plate_map).tables["wells"]

    assert {row["name"] for row in table.to_dicts() if row["role"] == "sample"} == {"OTHER"}


def test_every_fault_is_named_by_sheet_and_row() -> None:
    wells = [
        ["Q1", "A1", 0, "", 1, 1, "", "", 1],
        ["S1", "Z0", 0, "", 1, 1, "", 5, 1],
        ["S2", "B1", 0, "", 1, 1, "", "", 1],
        ["X1", "C1", 0, "", 1, 1, "", "", 0],
        ["X2", "C1", 0, "", 1, 1, "", "", 1],
    ]

    with pytest.raises(ReaderError) as caught:
        read_plate(book(wells, analytes=("TNF-alpha (40)",)))

    assert [(fault.where.split(",")[1].strip(), fault.text.split(";")[0]) for fault in caught.value.faults] == [
        ("row 8", "Type 'Q1' is none of S, C, X and B with a number."),
        ("row 9", "'Z0' names no wells"),
        ("row 10", "Calibrator 'S2' has no expected concentration."),
        ("cell J11", "0 cannot be"),
        ("row 12", "Well C1 stands twice."),
    ]
