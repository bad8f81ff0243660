from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

ROWS = [
    ["User: user"],
    ["Well", "A01", "A02", "A03", "A04"],
    ["Content", "Standard S1", "Sample X1", "Blank B", "Negative control N"],
    ["Standard Concentrations", 1000, None, None, None],
    ["Dilutions", 1, 500, 1, 1],
    [" Raw Data (480-14/520-30)", 8168, 849, 15, 17],
]


def source(rows: list[list[object]]) -> Source:
    book = openpyxl.Workbook()
    grid = book.active
    grid.title = "Microplate End point"
    grid.append(["4. Raw Data", 8168, 849, 15, 17])
    table = book.create_sheet("Table End point")
    for row in rows:
        table.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return Source(Path("b.xlsx"), stream.getvalue())


def test_a_workbook_of_smart_control_needs_no_map():
    table = read(source(ROWS), run_sheet=RunSheet(run={"analyte": "dna"})).tables["wells"]

    rows = {row["well"]: row for row in table.iter_rows(named=True)}
    assert (rows["A1"]["role"], rows["A1"]["name"], rows["A1"]["conc"]) == ("calibrator", "S1", 1000.0)
    assert (rows["A2"]["role"], rows["A2"]["dilution"], rows["A2"]["signal"]) == ("sample", 500.0, 849.0)
    assert (rows["A3"]["role"], rows["A4"]["role"]) == ("blank", "control")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([*ROWS[:1], ["Well", "A01", "A02", "A02", "A04"], *ROWS[2:]], "Expected a row of well names"),
        ([*ROWS[:-1], [*ROWS[-1], 99]], "A cell stands behind the last well"),
        (ROWS[:-1], "There is no row of readings"),
    ],
)
def test_a_workbook_of_smart_control_that_is_not_whole_is_refused(rows: list[list[object]], sentence: str):
    with pytest.raises(ReaderError, match=sentence):
        read(source(rows))
