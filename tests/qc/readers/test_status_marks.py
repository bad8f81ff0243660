from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.read import read
from qc.readers.text.source import Source


def rows_of(header: str, *rows: str) -> list[dict[str, object]]:
    text = "\n".join(
        [f"sample,analyte,value,unit,{header}", *(f"S{n},iron,5,ug/dL,{row}" for n, row in enumerate(rows))]
    )
    return read(Source(Path("r.csv"), (text + "\n").encode())).tables["reported"].to_dicts()


@pytest.mark.parametrize(
    ("header", "cell", "flag"),
    [
        ("Status", "Final", ""),
        ("Status", "Preliminary", "preliminary"),
        ("Result Status", "Reagent empty", "status Reagent empty"),
        ("Verify", "Verified", ""),
        ("Verify", "Not Verified", "not verified"),
        ("verified", "no", "not verified"),
        ("Verified", "yes", ""),
        ("Verified", "later", "verified: later"),
        ("Remark", "short sample?", "note: short sample?"),
        ("Comment", '"clot, repeat"', "note: clot; repeat"),
        ("Note", "called Dr. Hu", "note at line 2 left aside: it may name a person"),
        ("Data Alarm", "> Test", "> Test"),
        ("Flag", "H", "H"),
    ],
)
def test_what_a_table_says_against_a_result_is_a_mark_of_it(header: str, cell: str, flag: str) -> None:
    assert rows_of(header, cell)[0]["flag"] == flag


def test_marks_of_several_columns_stand_together_and_their_cells_as_written() -> None:
    (row,) = rows_of("flag,status,verified,remark", "H,Pending,Not Verified,short")

    assert row["flag"] == "H, pending, not verified, note: short"
    assert (row["status"], row["verified"], row["note"]) == ("Pending", "Not Verified", "short")


@pytest.mark.parametrize(("lots", "of_run"), [(("R-1", "R-1"), "R-1"), (("R-1", "R-2"), "")])
def test_a_reagent_lot_is_that_of_its_run_where_all_rows_share_it(lots: tuple[str, str], of_run: str) -> None:
    text = f"sample,analyte,value,Reagent Lot\nS1,iron,5,{lots[0]}\nS2,iron,6,{lots[1]}\n"

    intake = read(Source(Path("r.csv"), text.encode()))

    assert intake.tables["reported"]["reagent_lot"].to_list() == list(lots)
    assert intake.runs[0].reagent_lot == of_run
