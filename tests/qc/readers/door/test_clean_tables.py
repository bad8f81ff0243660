"""A table without a fault is not held: what it states may be rounded, pooled, or made without a replicate."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from clean_tables import CLEAN

from qc.readers.read_view import read

N = 25


def remarks_of(text: str, path: Path) -> list[str]:
    path.write_text(text, encoding="utf-8")
    answer = read(path)
    assert not answer["error"], text
    return [one["sentence"] for one in answer["remarks"]]


@pytest.mark.parametrize("name", CLEAN)
def test_no_clean_table_is_held_against_itself(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.txt"

    remarks = {n: remarks_of(CLEAN[name](Random(f"{name} {n}")), path) for n in range(N)}

    assert not [f"{n}: {one}" for n, own in remarks.items() for one in own]


@pytest.mark.parametrize("n_changed, n_held", [(1, 1), (2, 2), (4, 0)])
def test_few_means_that_their_wells_do_not_give_are_held_and_many_are_another_statement(
    n_changed: int, n_held: int, tmp_path: Path
) -> None:
    titles = "Sample,Assay,Well,Spot,Dilution,Concentration,Signal,Mean\n"
    means = [210.0 + 10 * n + (3.5 if n < n_changed else 0) for n in range(8)]
    rows = [
        f"U{n},NfL,{'AB'[part]}{n + 1},1,2,,{200 + 10 * n + 20 * part}.0,{means[n]}"
        for n in range(8)
        for part in (0, 1)
    ]

    remarks = remarks_of("Plate_SYN-1\n" + titles + "\n".join(rows) + "\n", tmp_path / "msd.csv")

    assert len(remarks) == n_held


def test_a_mean_without_one_of_its_wells_is_told_and_holds_nothing(tmp_path: Path) -> None:
    titles = "Sample,Assay,Well,Spot,Dilution,Concentration,Signal,Mean\n"
    means = [210.0 + 10 * n for n in range(7)] + [270.0]
    rows = [
        f"U{n},NfL,{'AB'[part]}{n + 1},1,2,,{200 + 10 * n + 20 * part}.0,{means[n]}"
        for n in range(8)
        for part in (0, 1)
    ]
    path = tmp_path / "msd.csv"

    remarks = remarks_of("Plate_SYN-1\n" + titles + "\n".join(rows) + "\n", path)

    flagged = read(path)["account"]["flagged"]
    assert not remarks
    assert [one for one in flagged if "leaves out one of its cells" in one["why"]]
