"""A dilution that cannot be read refuses its file, in every format: results are multiplied by it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from documents import FORMATS

from qc.readers.read import chosen_reader, read, read_plates
from qc.readers.read_view import read as read_view
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.plates.plate import Plate

TIDY = "sample,analyte,value,unit,matrix,dilution\nA1,iron,80,ug/dL,serum,{}\n"
WELLS = "well,role,name,conc,dilution,OD450\nA1,standard,S1,10,,0.5\nA2,standard,S2,20,,0.9\nA3,sample,P1,,{},0.7\n"


def plates_of(text: str) -> tuple[Plate, ...]:
    source = Source(Path("w.csv"), text.encode())
    return read_plates(source, chosen_reader(source, None)).plates


def rows_of(text: str) -> list[dict[str, Any]]:
    return read(Source(Path("a.csv"), text.encode())).tables["reported"].to_dicts()


@pytest.mark.parametrize(
    ("written", "factor"), [("10x", 10), ("1/4", 4), ("1+9", 10), ("neat", 1), ("", 1), ("2.5", 2.5)]
)
def test_every_form_is_the_factor_in_a_table_and_in_a_list_of_wells(written: str, factor: float) -> None:
    assert rows_of(TIDY.format(written))[0]["dilution"] == factor
    [plate] = plates_of(WELLS.format(written))
    [well] = [one for one in plate.words.export_wells if one.well == "A3"]
    assert (well.dilution or 1) == factor


@pytest.mark.parametrize("text", [TIDY, WELLS])
@pytest.mark.parametrize("written", ["1:10", "0", "ten"])
def test_one_that_cannot_be_read_refuses_the_file_and_says_what_to_write(text: str, written: str) -> None:
    reader = rows_of if text is TIDY else plates_of

    with pytest.raises(ReaderError) as told:
        reader(text.format(written))

    [fault] = told.value.faults
    assert written in fault.text
    assert "10" in fault.text
    assert "dilution" in fault.where


def with_dilution(name: str, written: str) -> str:
    text = FORMATS[name](1)
    if name == "simoa":
        return text.replace("Specimen,4,", f"Specimen,{written},")
    if name == "msd":
        return text.replace(",In Range,2,", f",In Range,{written},")
    if name == "intelliflex":
        return re.sub(r"(?m),(U[0-9]+),", rf",\1,{written},", text.replace("SAMPLE ID", "SAMPLE ID,DILUTION FACTOR"))
    rows = re.findall(r'(?m)^"[0-9]+\(1,[A-H][0-9]+\)","U[0-9]+"', text)[:24]
    table = [
        '"DataType:","Dilution Factor"',
        '"Location","Sample","Dilution Factor"',
        *(f'{row},"{written}"' for row in rows),
    ]
    return text.replace('"DataType:","Units"', "\r\n".join(table) + '\r\n\r\n"DataType:","Units"')


@pytest.mark.parametrize("name", ["simoa", "msd", "intelliflex", "xponent"])
def test_no_format_takes_a_ratio_for_undiluted(name: str, tmp_path: Path) -> None:
    for written in ("4", "1:8"):
        (tmp_path / f"{name}.csv").write_text(with_dilution(name, written), newline="")
        answer = read_view(tmp_path / f"{name}.csv")

        assert (answer["error"] is None) is (written == "4"), answer["error"]
    assert "1:8" in str(answer["findings"])


def test_what_a_cell_is_read_as_is_shown_and_what_is_no_number_is_warned_of(tmp_path: Path) -> None:
    cells = {"80": "80", "< 0.5": "< 0.5", "ND": "below a limit that nobody states", "14 umol/L": "14 umol/L",
             "QNS": "no result", "80-90": "no number"}  # fmt: skip
    rows = [f"A{n},iron,{cell},ug/dL,serum" for n, cell in enumerate(cells)]
    (tmp_path / "a.csv").write_text("\n".join(["sample,analyte,value,unit,matrix", *rows, ""]))

    answer = read_view(tmp_path / "a.csv")

    assert [row["read_as"] for row in answer["rows"]] == list(cells.values())
    [finding] = answer["findings"]
    assert (finding["where"], finding["verdict"]) == ("line 7", "warn")
    assert "80-90" in finding["sentence"]
