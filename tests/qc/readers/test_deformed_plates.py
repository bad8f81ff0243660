"""Plate exports that were cut, repeated or run together: refused, told, or read to the same; never less in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from plate_files import intelliflex, methodical, softmax, xponent

from qc.readers.read import read_plates, seals_of, sniff
from qc.readers.text.source import Source
from schemas.errors import ReaderError
from schemas.file_seal import SealState

GRID = "Wells: 96\n\n," + ",".join(map(str, range(1, 13))) + "\n" + "".join(
    f"{letter}," + ",".join(f"0.{row}{column:02}5" for column in range(1, 13)) + "\n"
    for row, letter in enumerate("ABCDEFGH", 1)
)  # fmt: skip
LIST = "Wells: 24\nwell,OD\n" + "".join(f"{a}{n},1.{n:02}5\n" for a in "AB" for n in range(1, 13))
FLEX = intelliflex(*[f"PL1,{well},U,Completed,N{n},TNF,90{n},100" for n, well in enumerate(("A1", "B1", "C1"))])
WHOLE = {
    "xponent": xponent(),
    "softmax": softmax(),
    "methodical": methodical(("1", "3"), head="Legend   :\t<1>   <3>\n"),
    "grid": GRID,
    "well_list": LIST,
}
"""Exports that say themselves how much they hold."""
Readings = list[tuple[str, str, str, str]]


def outcome(text: str) -> Readings | None:
    """Return what was read; None where the file was refused, or something was told against it."""
    source = Source(Path("export.txt"), text.encode())
    try:
        reader = sniff(source)
        read = read_plates(source, reader)
    except ReaderError:
        return None
    if read.remarks or any(seal.state in (SealState.BROKEN, SealState.UNREADABLE) for seal in seals_of(reader, source)):
        return None
    return [
        (plate.name, block.name, well, reading.text)
        for plate in read.plates
        for block in plate.blocks
        for well, reading in block.readings.items()
    ]


def lost(before: Readings, text: str) -> bool:
    after = outcome(text)
    return after is not None and after != before


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_that_says_how_much_it_holds_is_never_cut_in_silence(name: str):
    text = WHOLE[name]
    before = outcome(text)
    assert before

    cut_in_silence = [at for at in range(1, len(text), max(1, len(text) // 40)) if lost(before, text[:at])]
    at_line_ends = [at for at, letter in enumerate(text) if letter == "\n" and lost(before, text[: at + 1])]

    assert (cut_in_silence, at_line_ends) == ([], [])


def test_a_file_without_such_a_size_tells_a_cut_within_its_last_reading():
    before = outcome(FLEX)
    assert before

    whole_lines = {at + 1 for at, letter in enumerate(FLEX) if letter == "\n"}
    assert [at for at in range(len(FLEX) - 40, len(FLEX)) if at not in whole_lines and lost(before, FLEX[:at])] == []


@pytest.mark.parametrize("name", [*WHOLE, "intelliflex"])
def test_a_line_of_readings_that_stands_twice_never_changes_another_reading(name: str):
    text = WHOLE.get(name, FLEX)
    before = outcome(text)
    assert before
    lines = text.splitlines(keepends=True)

    doubled = [index for index in range(len(lines)) if lost(before, "".join([*lines[: index + 1], *lines[index:]]))]

    assert doubled == []


@pytest.mark.parametrize("name", ["xponent", "softmax", "grid", "well_list"])
def test_an_export_that_is_appended_to_another_is_not_blended_with_it(name: str):
    text = WHOLE[name]
    before = outcome(text)
    assert before

    after = outcome(text + text)

    assert after is None or [reading[1:] for reading in after] == [reading[1:] for reading in before + before]


MIND = WHOLE["methodical"]
PART = "Wells: 96\n\n," + ",".join(map(str, range(1, 13))) + "\n" + "".join(
    f"{letter},,0.{row}15,0.{row}25,,,,,,,,,\n" for row, letter in enumerate("ABCDEFGH", 1)
)  # fmt: skip
NAMED = "Plate Number,Plate 7\n\n" + GRID


@pytest.mark.parametrize(
    "whole, old, new",
    [
        (NAMED, "Plate Number,Plate 7", "Plate 7,Plate Number"),
        (NAMED, "Plate Number,Plate 7", "Plate Number,,Plate 7"),
        (PART, "D,,0.415,0.425,", "D,0.415,,0.425,"),
        (PART, "D,,0.415,0.425,", "D,,,0.415,0.425,"),
        (PART, "D,,0.415,0.425,", "D,0.415,0.425,"),
        (MIND, "Barcode1 :\t<PL1>\nType     :\t6", "Barcode1 :\t6\nType     :\t<PL1>"),
        (MIND, "SpotID   :\t1", "1\tSpotID   :"),
    ],
    ids=["name before word", "gap", "swapped", "one too many", "one too few", "lines of a head", "cells of a head"],
)
def test_cells_of_part_of_a_grid_and_of_its_head_are_never_shifted_in_silence(whole: str, old: str, new: str):
    assert outcome(whole) is not None
    assert old in whole

    assert outcome(whole.replace(old, new, 1)) is None
