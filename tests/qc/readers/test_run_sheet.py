from __future__ import annotations

from datetime import datetime

import pytest

from qc.readers.lab_sheets.run_sheet import read_run_sheet
from schemas.errors import ReaderError


def test_a_run_sheet_gives_run_signal_and_standards():
    text = (
        '[run]\nrun = "R1"\nanalyte = "nfl"\nstarted_at = 2024-03-31T08:15:00\n'
        '[plate]\nsignal = 450\nreference_signal = "620"\n[standards]\ns1 = 3000\ns8 = 0\n'
    )

    sheet = read_run_sheet(text)
    run = sheet.run_for("file")

    assert (run.run, run.analyte, run.started_at, run.reference_signal) == (
        "R1",
        "nfl",
        datetime(2024, 3, 31, 8, 15),
        "620",
    )
    assert (sheet.signal, sheet.reference_signal, dict(sheet.standards)) == ("450", "620", {"s1": 3000.0, "s8": 0.0})


def test_an_empty_run_sheet_names_the_run_by_the_file():
    assert read_run_sheet("").run_for("file").run == "file"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[run]\nanalite = 'nfl'", "'analite' is not a key of the run sheet. Did you mean 'analyte'?"),
        ("[plates]\nsignal = 'x'", "Did you mean 'plate'?"),
        ("[plate]\nsignal = [1]", "[1] is not text"),
        ("[run]\nmodel = '6pl'", "Model '6pl' is not known"),
        ("[run]\nweight = '1/x'", "Weight '1/x' is not known"),
        ("[run]\nstarted_at = '01/02/2024'", "can be read two ways"),
        ("[run]\nstarted_at = 2024-01-01T10:00:00Z", "names a time zone"),
        ("[standards]\ns1 = 'high'", "'high' is not a concentration"),
        ("[standards]\ns1 = nan", "is not a concentration"),
        ("run = 5", "expected a table [run]"),
        ("[run", "not well-formed TOML"),
    ],
)
def test_a_fault_of_a_run_sheet_is_told(text: str, sentence: str):
    with pytest.raises(ReaderError) as caught:
        read_run_sheet(text)

    assert sentence in str(caught.value)


def test_all_faults_of_a_run_sheet_are_told_at_once():
    with pytest.raises(ReaderError) as caught:
        read_run_sheet("[run]\nanalite = 'x'\nmodel = 'y'\n[plate]\nsignl = 'z'\n")

    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    "written, way",
    [
        ("2025-5-5 9:00", "2025-05-05T09:00:00"),
        ("2025/05/05", "2025-05-05T09:00:00"),
        ("2025-05-05 14:30", "2025-05-05T14:30:00"),
        ("05.05.2025", "2025-05-05T09:00:00"),
    ],
)
def test_a_date_that_is_no_toml_is_told_as_it_is_written(written, way):
    with pytest.raises(ReaderError, match=f"started_at: write {way}"):
        read_run_sheet(f"[run]\nstarted_at = {written}\n")
