from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC: not a measurement.
HEAD = "Sample,Assay,Well,Spot,Detection Range,Dilution,Concentration,Signal,Mean,% Recovery,Calc. Concentration"
ROWS = [
    "S001,TNF-alpha,A01,1,In Range,,500,80000,80500,100,501",
    "S001,NfL,A01,2,In Range,,900,60000,60500,100,899",
    "S002,TNF-alpha,B01,1,In Range,,0,90,90,NaN,NaN",
    "CTL-1,TNF-alpha,C01,1,In Range,2,50,9000,9100,98,49",
    "P9,TNF-alpha,D01,1,In Range,4,,700,710,,12",
]
SHEET = RunSheet(run={"matrix": "serum"})


def source(*rows: str, head: str = HEAD) -> Source:
    return Source(Path("m.csv"), "\n".join(["Plate_SYN-1,,", head, *rows]).encode())


def faults_of(data: Source) -> list[tuple[str, str]]:
    with pytest.raises(ReaderError) as caught:
        read(data, run_sheet=SHEET)
    return [(fault.where, fault.text) for fault in caught.value.faults]


def test_a_nominal_concentration_is_that_of_a_calibrator_and_never_a_result() -> None:
    table = read(source(*ROWS), run_sheet=SHEET).tables["wells"]

    rows = [row for row in table.to_dicts() if row["role"] != "empty"]
    told = [(row["analyte"], row["well"], row["role"], row["name"], row["conc"], row["dilution"]) for row in rows]
    assert told == [
        ("TNF-alpha", "A1", "calibrator", "S001", 500.0, 1.0),
        ("TNF-alpha", "B1", "calibrator", "S002", 0.0, 1.0),
        ("TNF-alpha", "C1", "control", "CTL-1", None, 2.0),
        ("TNF-alpha", "D1", "sample", "P9", None, 4.0),
        ("NfL", "A1", "calibrator", "S001", 900.0, 1.0),
    ]
    assert {row["plate"] for row in rows} == {"SYN-1"}
    assert [row["signal"] for row in rows] == [80000.0, 90.0, 9000.0, 700.0, 60000.0]


def test_two_plates_of_one_file_keep_their_names() -> None:
    second = ["Plate_SYN-2,,", HEAD, *ROWS]

    table = read(source(*ROWS, *second), run_sheet=SHEET).tables["wells"]

    assert dict(table.group_by("plate").len().iter_rows()) == {"SYN-1": 5, "SYN-2": 5}


def test_a_spot_that_stands_twice_and_a_number_that_is_none_are_named() -> None:
    assert faults_of(source(*ROWS, ROWS[0])) == [("line 8", "Assay 'TNF-alpha' stands twice in well A1.")]
    assert "is not a number" in faults_of(source(ROWS[0].replace(",500,", ",five,")))[0][1]


@pytest.mark.parametrize(
    ("head", "word"),
    [("Sample,Analyte,Concentration,Signal", "nominal"), ("Sample,Analyte,Result,Concentration", "each be the result")],
)
def test_a_table_that_leaves_open_what_the_result_is_is_refused(head: str, word: str) -> None:
    data = Source(Path("t.csv"), f"{head}\nS1,iron,5,900\n".encode())

    ((where, text),) = faults_of(data)
    assert where == "header"
    assert word in text


def test_a_column_called_value_is_the_result_beside_anything() -> None:
    data = Source(Path("t.csv"), b"Sample,Analyte,Value,Concentration,Signal\nS1,iron,5,7,900\n")

    (row,) = read(data, run_sheet=SHEET).tables["reported"].to_dicts()
    assert row["text"] == "5"
