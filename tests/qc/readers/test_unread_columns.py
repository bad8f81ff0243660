"""What stands in a results table and is no column of ours: remarks, misspelt titles, and tables beside or below it."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import intelliflex

from qc.readers.known_readers import readers
from qc.readers.read import read, read_plates
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC, all: not a measurement.
ROWS = ("A1,ferritin,serum,118.2,ng/mL", "A2,ferritin,serum,97.5,ng/mL")
HEADER = "sample,analyte,matrix,value,unit"


def source(*lines):
    return Source(Path("run-7.csv"), "\n".join([*lines, ""]).encode())


@pytest.mark.parametrize(
    "title, good, bad",
    [
        ("Errors", "", "E34 short sample"),
        ("QC", "Pass", "Fail"),
        ("QC_flag", "passed", "1-3s"),
        ("Quality", "good", "poor"),
    ],
)
def test_what_a_column_of_remarks_says_is_a_mark_of_its_result(title, good, bad):
    intake = read(source(f"{HEADER},{title}", f"{ROWS[0]},{good}", f"{ROWS[1]},{bad}"))

    assert intake.tables["reported"]["flag"].to_list() == ["", f"{title.casefold()}: {bad}"]
    assert [one.where for one in intake.accounts["main"].flagged] == ["line 3"]


@pytest.mark.parametrize(
    "title, near", [("dillution", "dilution"), ("repliacte", "replicate"), ("run strat", "started_at"), ("colour", "")]
)
def test_a_misspelt_column_of_results_is_a_remark_on_the_run(title, near):
    remarks = read(source(f"{HEADER},{title}", f"{ROWS[0]},5", f"{ROWS[1]},1")).remarks

    assert [f"is '{near}' meant?" in one.sentence for one in remarks] == ([True] if near else [])


def test_an_empty_misspelt_column_says_nothing():
    assert read(source(f"{HEADER},dillution", f"{ROWS[0]},", f"{ROWS[1]},")).remarks == ()


def test_a_summary_right_below_a_table_is_left_aside_and_a_sample_of_that_name_is_read():
    intake = read(source(HEADER, *ROWS, "Mean,,,107.9,ng/mL", "SD,,,14.6,ng/mL"))
    whole = read(source(HEADER, *ROWS, "SD,ferritin,serum,107.9,ng/mL"))
    mean = read(source(HEADER, *ROWS, "Mean,ferritin,serum,107.9,ng/mL"))

    assert intake.tables["reported"]["sample"].to_list() == ["A1", "A2"]
    assert [(one.where, one.n_cells) for one in intake.accounts["main"].left_aside] == [("lines 4 to 5", 6)]
    assert whole.tables["reported"]["sample"].to_list() == ["A1", "A2", "SD"]
    assert mean.tables["reported"]["sample"].to_list() == ["A1", "A2"]
    assert [one.where for one in mean.accounts["main"].left_aside] == ["line 4"]


def test_a_table_beside_a_table_is_refused_and_an_empty_column_within_one_is_not():
    with pytest.raises(ReaderError) as caught:
        read(source(f"{HEADER},,level,mean", f"{ROWS[0]},,L1,50", f"{ROWS[1]},,L2,200"))
    within = read(source("sample,analyte,,matrix,value,unit", "A1,ferritin,,serum,118.2,ng/mL"))

    assert "look like a second table: 'level'" in str(caught.value.faults[0])
    assert within.tables["reported"]["text"].to_list() == ["118.2"]


def test_two_decimal_marks_in_one_column_are_quoted_with_their_lines():
    with pytest.raises(ReaderError, match=r"Look at '97,5' in line 3 and '118\.2' in line 2") as caught:
        read(source(HEADER, ROWS[0], 'A2,ferritin,serum,"97,5",ng/mL'))

    assert len(caught.value.faults) == 1


@pytest.mark.parametrize(
    "title, why, near",
    [("PLATE END", "a column of INTELLIFLEX", ""), ("WELL ROW", "a column of INTELLIFLEX", ""),
     ("WEL TYPE", "is 'WELL TYPE' meant?", "WELL TYPE"), ("COLOUR", "no such column is known", "")],
)  # fmt: skip
def test_a_column_of_the_maker_is_called_so_and_a_misspelt_one_by_the_title_that_is_near(title, why, near):
    head, *rows = intelliflex(1).splitlines()
    text = "\n".join([f"{head},{title}", *(f"{row},U" for row in rows)]) + "\n"

    account = read_plates(Source(Path("a.csv"), text.encode()), readers()["intelliflex"]).account

    (aside,) = [one for one in account.left_aside if title in one.where]
    assert aside.why.startswith(why)
    assert aside.near == near
