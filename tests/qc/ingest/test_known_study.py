from __future__ import annotations

from pathlib import Path

import pytest

import qc

SHEET = "sample,subject,visit,matrix{}\nS1,P1,0,serum{}\n"


@pytest.mark.parametrize(
    "column, value, is_told", [("", "", True), (",study", ",STUDY-1", False)], ids=["names none", "names its own"]
)
def test_a_known_file_tells_that_its_study_is_an_earlier_default(
    column: str, value: str, is_told: bool, tmp_path: Path
) -> None:
    root, sheet = tmp_path / "lab", tmp_path / "samples.csv"
    sheet.write_text(SHEET.format(column, value), encoding="utf-8")
    qc.init_lab(root, name="x", settings={"lab.default_study": "STUDY-1"}).ingest(sheet)
    settings = (root / "qc.toml").read_text(encoding="utf-8")
    (root / "qc.toml").write_text(settings.replace('"STUDY-1"', '"MOTOR-2"'), encoding="utf-8")

    (again,) = qc.open_lab(root).ingest(sheet)

    assert again.outcome == "known"
    assert ("--set study=MOTOR-2" in again.message) == is_told
