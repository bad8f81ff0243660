from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import read_run_sheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

TABLE = "Vial,analyte,value,unit\nA1,Ferr,12,ng/mL\n"
WELLS = "Well,OD\nA1,0.5\nA2,0.1\n"
MESSAGE = "H|\\^&|||AN-1\rP|1\rO|1|A417||^^^FERR\rR|1|^^^FERR|118.2|ng/mL||||F\rL|1|N\r"


def intake(text, sheet, plate_map=None):
    run_sheet = read_run_sheet(sheet)
    mapped = Source(Path("P1.map.csv"), plate_map.encode(), run_sheet.own_words) if plate_map else None
    return read(Source(Path("P1.csv"), text.encode(), run_sheet.own_words), run_sheet=run_sheet, plate_map=mapped)


@pytest.mark.parametrize(
    ("text", "sheet", "sentence"),
    [
        (MESSAGE, '[columns]\n"Sample Code" = "sample"', "a message has no columns"),
        (MESSAGE, '[wide]\nFERR = "ferritin"', "a message has no columns"),
        (MESSAGE, '[words]\nk = "control"', "a message has no columns"),
        (MESSAGE, "[standards]\nS1 = 4", "[standards] does not apply"),
        (TABLE, '[columns]\nVial = "sample"\nViel = "lot"', "'Viel'. Did you mean 'Vial'?"),
        (TABLE, '[columns]\nVial = "sample"\n[plate]\nsignal = "450"', "'signal' does not apply"),
        (TABLE, '[columns]\nVial = "sample"\n[controls]\nC1 = { material = "X" }', "[controls] does not apply"),
        (TABLE, '[columns]\nVial = "sample"\n[analytes]\nFerrum = "iron"', "'Ferrum' is none of the tests"),
        (WELLS, '[wide]\nOD = "ferritin"', "[wide] does not apply"),
        (WELLS, '[columns]\nKind = "role"', "No column of 'P1.map.csv' is called 'Kind'"),
    ],
)
def test_a_key_that_does_not_apply_to_its_file_is_refused_and_never_ignored(text, sheet, sentence):
    with pytest.raises(ReaderError) as refused:
        intake(text, sheet, "well,role,name,conc\nA1,calibrator,S1,4\nA2,blank,,\n" if text == WELLS else None)
    assert sentence in str(refused.value)


def test_columns_and_words_of_a_run_sheet_count_for_a_plate_map():
    sheet = (
        '[run]\nanalyte = "nfl"\nunit = "pg/mL"\n[columns]\nKind = "role"\nPlace = "well"\n[words]\nStd = "calibrator"'
    )

    wells = intake(WELLS, sheet, "Place,Kind,name,conc\nA1,Std,S1,4\nA2,blank,,\n").tables["wells"].to_dicts()

    assert [(one["well"], one["role"], one["conc"]) for one in wells] == [
        ("A1", "calibrator", 4.0),
        ("A2", "blank", None),
    ]


@pytest.mark.parametrize(
    ("text", "sheet"),
    [(TABLE, '[columns]\nVial = "sample"\n[analytes]\nFerr = "ferritin"'), (MESSAGE, '[analytes]\nFERR = "ferritin"')],
)
def test_analytes_of_a_run_sheet_count_for_tables_and_messages(text, sheet):
    assert intake(text, sheet).tables["reported"]["analyte"].to_list() == ["ferritin"]
