"""A dose or a count of beads that is there and cannot be read refuses the file; an empty cell says there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from documents import gen5, intelliflex, quantstudio, softmax_group, xponent

from qc.readers.read import read_plate
from qc.readers.text.source import Source
from schemas.errors import ReaderError

DOSES = '"DataType:","Standard Expected Concentration"\r\n"Reagent","TNF","NfL"\r\n"U1","{}","5"\r\n\r\n'


def standards(dose: str) -> str:
    head, groups = softmax_group(1).split("Group: Unknowns\n")
    groups = "Sample\tConc\t" + groups.removeprefix("Sample\t").replace("\nU00\t", f"\nU00\t{dose}\t")
    return (
        head
        + "Group: Standards\n"
        + "\n".join(
            line if not line.startswith(("\t", "U0")) or line.startswith("U00") else line.replace("\t", "\t\t", 1)
            for line in groups.split("\n")
        )
    )


def layout(dose: str) -> str:
    begin, results = gen5(1).split("\nActual Temperature")
    lines = begin.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("A\tSPL"))
    doses = "\t" + "\t".join([dose, *["2"] * 11]) + "\tConc/Dil"
    rest = [
        line
        for own in lines[at + 1 :]
        for line in ([own, "\t" + "\t".join(["2"] * 12) + "\tConc/Dil"] if own else [own])
    ]
    return "\n".join([*lines[: at + 1], doses, *rest]) + "\nActual Temperature" + results


EXPORTS: dict[str, Callable[[str], str]] = {
    "dose of a group": standards,
    "dose of a layout": layout,
    "dose of beads": lambda dose: xponent(1) + "\r\n" + DOSES.format(dose),
    "beads of a well": lambda n: intelliflex(1).replace(",50,", f",{n},", 1),
    "quantity of a standard": lambda dose: (
        quantstudio(1)
        .replace("\tCT\t", "\tQuantity\tCT\t", 1)
        .replace("\tUNKNOWN\tFAM\t", f"\tSTANDARD\tFAM\t{dose}\t")
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_number_that_cannot_be_read_refuses_the_file_and_an_empty_one_does_not(name: str) -> None:
    whole, without, spoilt = (Source(Path("a.txt"), EXPORTS[name](text).encode()) for text in ("50", "", "5O"))

    assert read_plate(whole)
    assert read_plate(without)
    with pytest.raises(ReaderError, match="'5O'"):
        read_plate(spoilt)
