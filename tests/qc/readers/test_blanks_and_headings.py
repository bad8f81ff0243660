"""Tables of people: headings over rows, cells that stand for those below them, and a header among the rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import read_run_sheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.lab_words import LabWords

# SYNTHETIC, all: not a measurement.
FILLED_ONCE = "subject,sample,visit,matrix\nM1,A1,0,serum\n,A2,3,serum\nM2,A3,0,serum\n,A4,3,serum\n"
RESULTS = "sample,analyte,matrix,value,unit\nA1,iron,serum,80,ug/dL\n{}A2,iron,serum,90,ug/dL\n"


def taken(text, **settings):
    words = settings.pop("words", LabWords())
    return read(Source(Path("t.csv"), text.encode(), words=words), **settings).tables


def refusal(text):
    with pytest.raises(ReaderError) as refused:
        taken(text)
    return [f"{fault.where}: {fault.text}" for fault in refused.value.faults]


def test_an_empty_cell_means_the_one_above_only_where_the_lab_says_so():
    tables = taken(FILLED_ONCE, words=LabWords(blanks={"subject": "as above"}))

    assert tables["samples"]["subject"].to_list() == ["M1", "M1", "M2", "M2"]


def test_an_empty_cell_below_a_filled_one_is_refused_with_the_way_on():
    faults = refusal(FILLED_ONCE)

    assert [fault.partition(",")[0] for fault in faults] == ["line 3", "line 5"]
    assert all('[blanks], subject = "as above"' in fault for fault in faults)


def test_a_run_sheet_says_what_empty_cells_of_its_table_mean():
    sheet = read_run_sheet('[blanks]\nsample = "as above"\n')
    text = "sample,analyte,value,unit\nA1,iron,80,ug/dL\n,ferritin,90,ng/mL\n"

    assert sheet.own_words.blanks == {"sample": "as above"}
    assert taken(text, words=sheet.own_words)["reported"]["sample"].to_list() == ["A1", "A1"]


@pytest.mark.parametrize("heading", ["Patient 2,,,,", "Patient 2"], ids=["padded", "alone"])
def test_a_heading_over_rows_is_refused_by_its_words(heading):
    [fault] = refusal(RESULTS.format(f"{heading}\n"))

    assert "line 3: 'Patient 2' stands alone in its row" in fault


@pytest.mark.parametrize("titles", ["sample,tube,haemolysis_index,collected_at,visit", "patient,sex,birth_year,,"])
def test_titles_of_another_sheet_among_the_rows_refuse_the_file(titles):
    assert any("line 3: The row holds titles" in fault for fault in refusal(RESULTS.format(f"{titles}\n")))


def test_filled_columns_behind_an_empty_one_are_named_as_a_second_table():
    [fault] = refusal("sample,analyte,value,unit,,Well,OD\nA1,iron,80,ug/dL,,B1,0.5\nA2,iron,90,ug/dL,,B2,0.7\n")

    assert "second table: 'Well', 'OD'" in fault


@pytest.mark.parametrize(
    "title, well, ill",
    [
        ("excluded", "no", "yes"),
        ("Exclusion reason", "", "clot"),
        ("outlier", "FALSE", "TRUE"),
        ("valid", "yes", "no"),
        ("accepted", "TRUE", "FALSE"),
        ("use", "1", "0"),
        ("ausgeschlossen", "nein", "ja"),
        ("g\u00fcltig", "ja", "nein"),
    ],
)
def test_a_column_that_excludes_or_accepts_marks_its_results(title, well, ill):
    text = f"sample,analyte,value,unit,{title}\nA1,iron,80,ug/dL,{well}\nA2,iron,90,ug/dL,{ill}\n"

    assert taken(text)["reported"]["flag"].to_list() == ["", f"{title.casefold()}: {ill}"]


def test_an_empty_column_of_ours_behind_an_empty_one_refuses_nothing():
    tables = taken("sample,analyte,value,unit,,note,box\nA1,iron,80,ug/dL,,,\nA2,iron,90,ug/dL,,,\n")

    assert tables["reported"].height == 2


@pytest.mark.parametrize("note", ["ok", "-", "none", ""])
def test_a_note_that_all_is_well_is_no_mark(note):
    assert taken(f"sample,analyte,value,unit,note\nA1,iron,80,ug/dL,{note}\n")["reported"]["flag"].to_list() == [""]
