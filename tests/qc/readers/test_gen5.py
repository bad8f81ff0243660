from __future__ import annotations

from pathlib import Path

import pytest

from qc.readers.lab_sheets.run_sheet import RunSheet
from qc.readers.read import chosen_reader, read, read_plate, read_plates
from qc.readers.text.source import Source
from schemas.errors import ReaderError

COLUMNS = "\t" + "\t".join(map(str, range(1, 13)))
SHEET = RunSheet(run={"analyte": "ferritin"}, signal="485,528")
CONTENT = {
    "A": ["STD1", "STD2", "BLK", "SPL1:1", "SPL1:2", "CTL1"] + [""] * 6,
    "B": ["STD1", "STD2", "BLK", "SPL2:1", "SPL2:2", "CTL1"] + [""] * 6,
}
DOSES = ["100", "50", "", "1", "0.25", ""] + [""] * 6


def source(rows: str = "AB", *, labels: tuple[str, ...] = ("485,528", "610,650"), layout: str = "AB") -> Source:
    lines = ["Software Version\t3.1", "Reader Type:\tSynergy", "", "Layout", COLUMNS]
    for letter in layout:
        lines += [f"{letter}\t" + "\t".join(CONTENT[letter]) + "\tWell ID", "\t" + "\t".join(DOSES) + "\tConc/Dil"]
    lines += ["", "Results", COLUMNS]
    for letter in rows:
        for number, label in enumerate(labels):
            head = letter if number == 0 else ""
            lines.append(f"{head}\t" + "\t".join(f"{number}.{column}" for column in range(12)) + f"\t{label}")
    return Source(Path("g.txt"), ("\n".join(lines) + "\n").encode())


def test_the_layout_of_a_gen5_export_gives_roles_names_doses_and_dilutions():
    table = read(source(), run_sheet=SHEET).tables["wells"]

    rows = {row["well"]: row for row in table.iter_rows(named=True)}
    assert (rows["A1"]["role"], rows["A1"]["name"], rows["A1"]["conc"]) == ("calibrator", "STD1", 100.0)
    assert (rows["B5"]["role"], rows["B5"]["name"], rows["B5"]["dilution"]) == ("sample", "SPL2", 4.0)
    assert (rows["A3"]["role"], rows["A6"]["role"], rows["A7"]["role"]) == ("blank", "control", "empty")


def test_labels_with_commas_are_excitation_and_emission():
    (plate,) = read_plate(source())

    assert [(block.name, block.readings["B3"].text) for block in plate.blocks] == [
        ("485,528", "0.2"),
        ("610,650", "1.2"),
    ]


def test_a_plate_that_gen5_read_in_part_is_told():
    export = source()

    (remark,) = read_plates(export, chosen_reader(export, None)).remarks

    assert "The grid holds rows A, B of 12 columns: a plate read in part, or cut." in remark.sentence


def test_a_number_behind_one_row_is_still_a_cell_too_many():
    text = source().data.decode().replace("0.11\t485,528\n", "0.11\t0.5\n", 1)

    with pytest.raises(ReaderError, match=r"Value '0\.5' stands beside the last column"):
        read_plate(Source(Path("g.txt"), text.encode()))
