from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from qc.readers.formats.skanit import READER
from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

NUMBERS = list(range(1, 13))
LAYOUT = {"P1": {1: ("Std0001", "Group 1", "100"), 2: ("Blank1", "Group 1", None), 3: ("Un0001", "Group 2", "1:10")}}
LAYOUT["P2"] = {1: ("Un0002", "Group 1", "1:1")}


def grid(corner: str, cells: dict[int, object]) -> list[list[object]]:
    first = ["A", *(cells.get(column) for column in NUMBERS)]
    return [[corner, *NUMBERS], first, *([letter] for letter in "BCDEFGH"), []]


def results(step: str, values: dict[str, dict[int, object]], *corners: str) -> list[list[object]]:
    rows: list[list[object]] = [["Measurement results"], ["s.skax"], ["1/2/2025"], [], [step], []]
    for plate, cells in values.items():
        rows += [["Wavelength: 450 nm"], [], [plate], []]
        for corner in corners or ("Abs",):
            rows += grid(corner, cells)
        rows += grid("Sample", {column: name for column, (name, *_) in LAYOUT[plate].items()})
    return rows


def layout() -> list[list[object]]:
    rows: list[list[object]] = []
    for plate, wells in LAYOUT.items():
        rows += [["Name", plate], ["Plate template", "96"], [], [None, *NUMBERS]]
        for line in range(3):
            rows.append(["A" if line == 0 else None, *(wells.get(c, (None,) * 3)[line] for c in NUMBERS)])
        rows += [[], *([letter] for letter in "BCDEFGH")]
    return rows


SHEET = RunSheet(run={"analyte": "dna"}, signal="Absorbance")
VALUES: dict[str, dict[int, object]] = {"P1": {1: 1.5, 2: 0.05, 3: 0.7}, "P2": {1: 0.9}}


def source(**sheets: list[list[object]]) -> Source:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.replace("_", " "))
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return Source(Path("s.xlsx"), stream.getvalue())


def whole(**changed: list[list[object]]) -> Source:
    sheets = {"Absorbance": results("Absorbance 1", VALUES), "Statistics": results("Average 1", VALUES, "AVG", "SD")}
    return source(**(sheets | {"Layout_definitions": layout()} | changed))


def test_each_plate_of_a_workbook_is_read_with_what_sits_in_its_wells():
    table = read(whole(), run_sheet=SHEET).tables["wells"]

    rows = {(row["name"], row["well"]): row for row in table.iter_rows(named=True)}
    std, blank, sample = (rows[key] for key in (("Std0001", "A1"), ("Blank1", "A2"), ("Un0001", "A3")))
    assert (std["role"], std["conc"], std["signal"]) == ("calibrator", 100.0, 1.5)
    assert (blank["role"], sample["role"], sample["name"], sample["dilution"]) == ("blank", "sample", "Un0001", 10.0)
    assert rows["Un0002", "A1"]["signal"] == 0.9
    blocks = [block.name for block in READER.plates(whole(), whole().new_account())[0].blocks]
    assert blocks == ["Absorbance", "Statistics AVG", "Statistics SD"]


def without(row: int) -> list[list[object]]:
    rows = results("Absorbance 1", VALUES)
    return rows[:row] + rows[row + 1 :]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"Absorbance": without(10)}, "No name of a plate"),
        ({"Absorbance": [*results("Absorbance 1", VALUES), ["A", *NUMBERS]]}, "belongs to no grid"),
        ({"Absorbance": results("Absorbance 1", VALUES)[:9]}, "no whole grid"),
        ({"Statistics": results("Average 1", VALUES, "AVG", "SD")[:-22]}, "the first plate AVG"),
        ({"Layout_definitions": [*layout()[:6], *layout()[7:]]}, "without a dilution"),
        ({"Layout_definitions": []}, "no layout of a plate"),
        ({"Layout_definitions": [*layout()[:4], ["A", "Std0001", "Un0001"], *layout()[5:]]}, "other names here"),
        ({"Absorbance": without(8)}, "No name of a plate"),
        ({"Absorbance": without(12)}, "missing: B"),
    ],
)
def test_a_workbook_with_a_lost_or_moved_row_is_refused(changed: dict[str, list[list[object]]], sentence: str):
    with pytest.raises(ReaderError) as told:
        read(whole(**changed), run_sheet=SHEET)

    assert sentence in "; ".join([str(told.value), *(fault.text for fault in told.value.faults)])
