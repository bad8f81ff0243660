from __future__ import annotations

import csv
import itertools
import re
import tomllib
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

STUDY = Path(__file__).resolve().parents[2] / "sample_runs" / "study"
TREE = STUDY.parent
TABLES = [path for name in ("study", "answers") for path in sorted((TREE / name).rglob("*.csv"))]
IS_EXPORT = re.compile(r"(serum|csf)-(ferritin|tnf|nfl|gdnf)-[12]\.(csv|txt)\Z")


def _rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8")
    delimiter = ";" if text.splitlines()[0].count(";") else ","
    return list(csv.DictReader(text.splitlines(), delimiter=delimiter))


def _exports() -> list[Path]:
    return sorted(path for path in (STUDY / "plates").iterdir() if IS_EXPORT.match(path.name))


@pytest.mark.parametrize(
    "path", [path for path in TABLES if not IS_EXPORT.match(path.name)], ids=lambda path: path.name
)
def test_every_row_of_every_table_says_synthetic(path: Path) -> None:
    rows = _rows(path)

    assert rows
    assert {row["synthetic"] for row in rows} == {"SYNTHETIC"}


@pytest.mark.parametrize("path", _exports(), ids=lambda path: path.name)
def test_every_export_says_synthetic(path: Path) -> None:
    assert "SYNTHETIC" in path.read_text(encoding="cp1252")


@pytest.mark.parametrize("path", sorted(TREE.rglob("*.toml")), ids=lambda path: path.name)
def test_every_run_sheet_and_the_plan_say_synthetic_and_are_toml(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert text.startswith("# SYNTHETIC")
    assert tomllib.loads(text)


def test_every_row_of_the_workbook_says_synthetic() -> None:
    page = openpyxl.load_workbook(STUDY / "results" / "csf-chem-1.xlsx").active
    rows = list(page.iter_rows(values_only=True))

    assert rows[0][-1] == "synthetic"
    assert {row[-1] for row in rows[1:]} == {"SYNTHETIC"}


def test_there_are_15_subjects_4_visits_and_2_matrices() -> None:
    samples = _rows(STUDY / "samples.csv")

    counts = Counter((row["subject"], row["visit"], row["matrix"]) for row in samples)

    assert len(_rows(STUDY / "subjects.csv")) == 15
    assert len(counts) == len(samples) == 120
    assert {row["visit"] for row in samples} == {"0", "1", "2", "3"}


def test_a_sample_code_holds_nothing_that_reads_as_a_subject_or_a_visit() -> None:
    codes = [row["sample"] for row in _rows(STUDY / "samples.csv")]

    assert len(set(codes)) == 120
    assert all(re.fullmatch(r"([A-HJ-LNP-RW-Z][2-9]){3}", code) for code in codes)


def test_sorting_the_sample_codes_does_not_sort_the_visits() -> None:
    rows = sorted(_rows(STUDY / "samples.csv"), key=lambda row: row["sample"])

    visits = [int(row["visit"]) for row in rows]
    n_in_order = sum(first <= second for first, second in itertools.pairwise(visits))

    assert 60 <= n_in_order <= 90


def test_there_are_16_plates_in_two_layouts() -> None:
    assert Counter(path.suffix for path in _exports()) == {".txt": 8, ".csv": 8}


@pytest.mark.parametrize("path", _exports(), ids=lambda path: path.name)
def test_all_visits_of_a_subject_stand_on_one_plate_in_duplicate(path: Path) -> None:
    subject_of = {row["sample"]: row["subject"] for row in _rows(STUDY / "samples.csv")}
    wells = _rows(path.with_name(path.stem + ".map.csv"))

    roles = Counter(row["role"] for row in wells)
    n_wells_by_sample = Counter(row["name"] for row in wells if row["role"] == "sample")
    n_samples_by_subject = Counter(subject_of[name] for name in n_wells_by_sample)

    assert len(wells) == 96
    assert (roles["calibrator"], roles["blank"], roles["control"]) == (16, 2, 6)
    assert set(n_wells_by_sample.values()) == {2}
    assert set(n_samples_by_subject.values()) == {4}


def test_every_control_has_a_target_in_the_control_sheet() -> None:
    targets = {
        (row["material"], row["level"], row["lot"], row["analyte"], row["matrix"])
        for row in _rows(STUDY / "controls.csv")
    }
    rows = [row for name in ("serum-chem-1", "serum-chem-2") for row in _rows(STUDY / "results" / f"{name}.csv")]
    used = {
        (row["material"], row["level"], row["lot"], row["analyte"], row["matrix"])
        for row in rows
        if row["role"] == "control"
    }

    assert len(used) == 8
    assert used <= targets


def test_the_runs_of_the_study_began_one_after_the_other() -> None:
    sheets = [tomllib.loads(path.read_text(encoding="utf-8"))["run"] for path in sorted(STUDY.rglob("*.run.toml"))]

    assert len({sheet["run"] for sheet in sheets}) == len(sheets) == 20
    assert len({sheet["started_at"] for sheet in sheets}) == 20
