from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import read
from qc.readers.text.source import Source
from schemas.errors import ReaderError

QUBIT = "Run ID,Assay Name,Test Name,Test Date,Qubit\u00ae tube conc.,Units,Original sample conc.,Units,Green RFU\n"
NANODROP = "Date,Sample Name,Nucleic Acid(ng/uL),A260/A280,A260,Nucleic Acid Factor,Comments\n"
FLEX2 = "Date & Time,Sample ID,Sample Type,Gln,Gluc,pH,Vessel ID\n"


def rows_of(text: str, run_sheet: RunSheet | None = None) -> list[tuple[str, str, str, str, str]]:
    table = read(Source(Path("r.csv"), text.encode()), run_sheet=run_sheet).tables["reported"]
    return [
        (row["sample"], row["analyte"], row["text"], row["unit"], row["flag"] or "")
        for row in table.iter_rows(named=True)
    ]


def test_a_qubit_list_gives_the_concentration_of_the_sample_under_its_assay_and_the_fluorescence():
    text = QUBIT + "R1,dsDNA HS,S-1,12/12/2023 6:40:54 AM,30.4,ng/mL,6.08,ng/uL,1303.11\n"

    assert rows_of(text) == [("S-1", "dsDNA HS", "6.08", "ng/uL", ""), ("S-1", "green rfu", "1303.11", "RFU", "")]
    assert rows_of(text, RunSheet(analytes={"dsDNA HS": "dna", "green rfu": "light"}))[0][1] == "dna"


def test_a_nanodrop_list_gives_concentration_ratio_and_absorbance_with_what_the_user_noted():
    text = NANODROP + "7/19/2023 3:27:29 PM,S-1,715.462,1.882,14.309,50,smeared\n"

    assert rows_of(text) == [
        ("S-1", "nucleic acid", "715.462", "ng/uL", "comments: smeared"),
        ("S-1", "A260/A280", "1.882", "ratio", "comments: smeared"),
        ("S-1", "A260", "14.309", "AU", "comments: smeared"),
    ]


def test_a_list_of_a_flex2_takes_the_units_of_its_second_row_and_waits_without_them():
    row = "1/1/2020 16:20,S-1,Default,1.5,2.5,7.1,V1\n"

    assert rows_of(FLEX2 + ",,,mmol / L,g / L,-,\n" + row) == [
        ("S-1", "Gln", "1.5", "mmol/L", ""),
        ("S-1", "Gluc", "2.5", "g/L", ""),
        ("S-1", "pH", "7.1", "-", ""),
    ]
    with pytest.raises(ReaderError, match="whose columns name no unit"):
        rows_of(FLEX2 + row)


def test_a_sample_list_with_a_row_that_does_not_fit_is_refused_with_its_line():
    good = "R1,dsDNA HS,S-1,12/12/2023,30.4,ng/mL,6.08,ng/uL,1303.11\n"

    with pytest.raises(ReaderError, match="line 3: The row has 8 cells, the header has 9"):
        rows_of(QUBIT + good + good.replace("S-1,", ""))
    with pytest.raises(ReaderError, match="line 3, column 3: The row names no sample"):
        rows_of(QUBIT + good + good.replace("S-1", ""))
