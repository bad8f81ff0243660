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
        ("grid", "\nD,", "\nC,", "Row C of the grid stands here once more"),
        ("grid", "\nD,", "\nE,", "Row E of the grid stands here, where row D is expected"),
        ("msd", "U004,TNF-alpha", "U004,TNF-alpha\nU004,TNF-alpha", "The row ends after 2 cells"),
    ],
    ids=["a cell too many", "another list", "a row twice", "a row moved", "cells lost"],
)
def test_a_list_with_a_fault_is_refused_by_its_cause_first(
    name: str, old: str, new: str, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "export.txt"
    path.write_text(FORMATS[name](1).replace(old, new, 1), encoding="utf-8")

    assert words in read(path)["findings"][0]["sentence"]


@pytest.mark.parametrize(
    "name, closing", [("ella", "Page 1 of 1\n"), ("simoa", "Signed by,X\n"), ("msd", "\nSigned by,X\nDate,2025\n")]
)
def test_lines_that_close_an_export_are_left_aside_and_refuse_nothing(name: str, closing: str, tmp_path: Path) -> None:
    path = tmp_path / "export.txt"
    path.write_text(FORMATS[name](1), encoding="utf-8")
    whole = read(path)
    path.write_text(FORMATS[name](1) + closing, encoding="utf-8")

    closed = read(path)

    assert [closed["rows"], closed["wells"], closed["error"]] == [whole["rows"], whole["wells"], whole["error"]]


def test_titles_are_known_without_accents_and_behind_a_sign_for_number(tmp_path: Path) -> None:
    path = tmp_path / "samples.csv"
    row = "S1;P1;0;serum;2025-02-03\n"
    accented = "N\u00b0 \u00e9chantillon;Sujet;Visite;Matrice;Date de pr\u00e9l\u00e8vement\n"
    path.write_text(accented + row, encoding="cp1252")
    whole = read(path)
    path.write_text("echantillon;sujet;visite;matrice;date de prelevement\n" + row, encoding="utf-8")

    assert whole["rows"][0]["sample"] == "S1"
    assert read(path)["rows"] == whole["rows"]
