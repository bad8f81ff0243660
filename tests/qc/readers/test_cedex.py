from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

# SYNTHETIC: not a measurement.
HEAD = "0\t2025-01-02 13:00:00\t#ARC-FILE#\t1.1a\t2025-01-02\t2025-01-02\tCEDEX BIO HT\tSYN-5\t6.0\tADMIN"
SAMPLE_FIRST = "40\t2025-01-02 08:0{n}:00\t{sample}\t\t{role}\t    \t{test}\t  \t\t{unit}\t{flag}\t{value}\t 0.1\tR"
TEST_FIRST = "40\t2025-01-02 08:0{n}:00\t{test}\t\t\t{sample}\t{role}\t{unit}\t{flag}\t{value}\t 0.1\tR"


def export(form: str, **changed: str) -> bytes:
    told = {"n": "1", "sample": "S-01", "role": "SAM", "test": "FE2B", "unit": "mg/L", "flag": " ", "value": "  1.2"}
    second = told | {"n": "0", "sample": "S-02", "value": "< 0.1", "flag": "< TEST RNG"} | changed
    form = form.replace("\t  \t\t{unit}", "\t  \t{unit}")
    return "\n".join([HEAD, form.format(**told), "41\tno result", form.format(**second)]).encode()


@pytest.mark.parametrize("form", [SAMPLE_FIRST, TEST_FIRST])
def test_both_orders_of_columns_give_the_same_results(form: str) -> None:
    intake = read(Source(Path("c.txt"), export(form)))

    told = [(row["sample"], row["analyte"], row["text"], row["unit"], row["flag"])
            for row in intake.tables["reported"].to_dicts()]  # fmt: skip
    assert told == [("S-01", "FE2B", "1.2", "mg/L", ""), ("S-02", "FE2B", "< 0.1", "mg/L", "< TEST RNG")]
    assert (intake.runs[0].instrument, str(intake.runs[0].started_at)) == ("CEDEX BIO HT SYN-5", "2025-01-02 08:00:00")


def test_a_control_names_its_material() -> None:
    rows = read(Source(Path("c.txt"), export(TEST_FIRST, role="QC"))).tables["reported"].to_dicts()

    assert [(row["role"], row["sample"], row["material"]) for row in rows] == [
        ("sample", "S-01", ""),
        ("control", "", "S-02"),
    ]


def test_an_unknown_type_a_missing_sample_and_a_short_record_are_named_by_line() -> None:
    data = export(TEST_FIRST, role="ZZ", sample="") + b"\n40\t2025-01-02 08:00:00\tFE2B"

    with pytest.raises(ReaderError) as caught:
        read(Source(Path("c.txt"), data))

    assert [(fault.where, fault.text.split(";")[0]) for fault in caught.value.faults] == [
        ("line 4", "Type 'ZZ' is not known"),
        ("line 4", "The record names no sample."),
        ("line 5", "The record has 3 cells"),
    ]


def test_empty_cells_behind_a_record_do_not_count_and_a_dilution_is_read() -> None:
    data = b"\n".join(
        line + b"\t" * 13 for line in export(SAMPLE_FIRST).replace(b"FE2B\t  \t", b"FE2B\t1/5 \t").split(b"\n")
    )

    rows = read(Source(Path("c.txt"), data)).tables["reported"].to_dicts()

    assert [(row["sample"], row["text"], row["dilution"]) for row in rows] == [
        ("S-01", "1.2", 5.0),
        ("S-02", "< 0.1", 5.0),
    ]


def test_what_stands_where_the_dilution_does_and_is_none_is_refused() -> None:
    with pytest.raises(ReaderError, match="'high' stands where the dilution does"):
        read(Source(Path("c.txt"), export(SAMPLE_FIRST).replace(b"FE2B\t  \t", b"FE2B\thigh\t")))


def test_the_account_of_an_archive_adds_up_and_names_what_is_left_aside() -> None:
    account = read(Source(Path("c.txt"), export(SAMPLE_FIRST))).accounts["main"]

    assert account.is_closed
    assert [one.why for one in account.flagged] == ["< TEST RNG"]
    assert "record 41, which holds no result" in [one.why for one in account.left_aside]


def test_a_record_of_another_width_than_the_first_is_named() -> None:
    first = export(SAMPLE_FIRST).decode().splitlines()
    data = "\n".join([*first[:3], export(TEST_FIRST).decode().splitlines()[3]]).encode()

    with pytest.raises(ReaderError) as caught:
        read(Source(Path("c.txt"), data))

    assert "a cell is lost or doubled" in caught.value.faults[0].text


def test_the_run_sheet_names_the_tests_of_an_archive() -> None:
    sheet = RunSheet(analytes={"fe2b": "iron"})

    rows = read(Source(Path("c.txt"), export(SAMPLE_FIRST)), run_sheet=sheet).tables["reported"]

    assert set(rows["analyte"]) == {"iron"}
