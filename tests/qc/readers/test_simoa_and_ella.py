from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

HISTORY = (
    "Sample Barcode,Assay,Plex,Location,Carrier Barcode,Sample Type,Dilution Factor,Replicate AEB,Replicate Conc.,Unit,"
    "Mean AEB,Mean Conc.,CV Conc.,Flags,Errors,Completion Date\n"
)
ELLA = "SampleName,AnalyteName,RFU,Gnr1RFU,Gnr2RFU,Gnr3RFU,CalculatedConcentration,KitId,InletComment\n"


def row(
    barcode: str, conc: str, *, plex: str = "700 NfL", at: str = "Plate 1 - A1", kind: str = "Specimen",
    flags: str = "", errors: str = "", dilution: str = "4",
) -> str:  # fmt: skip
    return f"{barcode},N4PE,{plex},{at},C1,{kind},{dilution},0.5,{conc},pg/mL,,,,{flags},{errors},2026-03-02 11:20:00\n"


def read_rows(text: str, run_sheet: RunSheet | None = None) -> list[dict[str, object]]:
    return read(Source(Path("h.csv"), text.encode()), run_sheet=run_sheet).tables["reported"].to_dicts()


def brief(text: str) -> list[tuple[object, ...]]:
    names = ("sample", "material", "analyte", "text", "unit", "replicate", "dilution")
    return [tuple(one[name] or "" for name in names) for one in read_rows(text)]


def test_replicates_of_a_well_are_numbered_and_means_and_calibrators_left_aside():
    text = HISTORY + row("Cal A", "0", kind="Calibrator", dilution="1")
    text += row("S-1", "12.5") + row("S-1", "13.1") + row("S-1", "").replace("pg/mL,,,", "pg/mL,1,12.8,0.03")
    text += row("S-1", "12.9", at="Plate 1 - B1") + row("QC1", "8.8", kind="Control", at="Plate 1 - C1", dilution="1")

    assert brief(text) == [
        ("S-1", "", "NfL", "12.5", "pg/mL", "1", 4.0),
        ("S-1", "", "NfL", "13.1", "pg/mL", "2", 4.0),
        ("S-1", "", "NfL", "12.9", "pg/mL", "", 4.0),
        ("", "QC1", "NfL", "8.8", "pg/mL", "", 1.0),
    ]
    aside = [one.why for one in read(Source(Path("h.csv"), text.encode())).accounts["main"].left_aside]
    assert "calibrators of the instrument's own curve" in aside
    assert "means of replicates" in aside


def test_an_error_in_place_of_a_concentration_is_a_replicate_without_a_result():
    text = HISTORY + row("S-1", "12.5") + row("S-1", "", errors="TooMuchFluorescence") + row("S-2", "3", flags="5")

    assert [(one["sample"], one["text"], one["replicate"], one["flag"]) for one in read_rows(text)] == [
        ("S-1", "12.5", "1", ""),
        ("S-1", "no result", "2", "errors: TooMuchFluorescence"),
        ("S-2", "3", "", "flags: 5"),
    ]


def test_a_history_gives_instrument_and_time_and_each_plex_its_own_results():
    text = HISTORY + row("S-1", "12.5") + row("S-1", "80", plex="647 GFAP")

    intake = read(Source(Path("h.csv"), text.encode()))

    assert [one["analyte"] for one in intake.tables["reported"].to_dicts()] == ["NfL", "GFAP"]
    assert intake.reader == "simoa"
    (run,) = intake.runs
    assert (run.instrument, f"{run.started_at:%Y-%m-%d %H:%M}") == ("Quanterix Simoa", "2026-03-02 11:20")


def test_a_row_that_was_cut_refuses_the_history():
    with pytest.raises(ReaderError, match="line 3: The row has"):
        read_rows(HISTORY + row("S-1", "12.5") + row("S-1", "12.9").replace("700 NfL,", ""))


def test_a_list_of_simple_plex_takes_its_unit_from_the_run_and_tells_blanks():
    text = ELLA + "S-1,TNF-alpha,5,5,5,5,12.5,K1,\nS-2,TNF-alpha,1,1,1,1,,K1,bubble\nS-3,TNF-alpha,9,9,9,9,NaN,K1,\n"

    rows = read_rows(text, RunSheet(run={"run": "e", "unit": "pg/mL"}))

    assert [(one["sample"], one["analyte"], one["text"], one["unit"]) for one in rows] == [
        ("S-1", "TNF-alpha", "12.5", "pg/mL"),
        ("S-2", "TNF-alpha", "no result", "pg/mL"),
        ("S-3", "TNF-alpha", "NaN", "pg/mL"),
    ]
