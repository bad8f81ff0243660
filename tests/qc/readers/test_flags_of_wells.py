"""What the software of an instrument says of a well, and faults of lists that are told by their cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from documents import FORMATS

from qc.readers.read_view import read


@pytest.mark.parametrize(
    "name, old, new, words",
    [
        ("quantstudio", "\t1\tN\n", "\t1\tY\n", "flag NOISE: noise above others"),
        ("msd", "In Range", "Below Fit Curve Range", "detection range: Below Fit Curve Range"),
    ],
)
def test_a_flag_that_the_software_sets_is_told(name: str, old: str, new: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text(FORMATS[name](1).replace(old, new, 1), encoding="utf-8")

    answer = read(path)

    assert [one["why"] for one in answer["account"]["flagged"]] == [words]


@pytest.mark.parametrize(
    "name, old, new, words",
    [
        ("simoa", "S03,N4PE,", "S03,,N4PE,", "The row has 14 cells, the header has 13"),
        ("simoa", "S03,N4PE,", FORMATS["simoa"](2) + "S03,N4PE,", "stands here once more"),
        ("msd", "U004,TNF-alpha", "U004,TNF-alpha\nU004,TNF-alpha", "The row ends after 2 cells"),
    ],
    ids=["a cell too many", "another list", "cells lost"],
)
def test_a_list_with_a_fault_is_refused_by_its_cause_first(
    name: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "export.txt"
    path.write_text(FORMATS[name](1).replace(old, new, 1), encoding="utf-8")

    assert words in read(path)["findings"][0]["sentence"]
