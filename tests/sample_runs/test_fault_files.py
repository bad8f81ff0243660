from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

FAULTS = Path(__file__).resolve().parents[2] / "sample_runs" / "faults"
KINDS = sorted(path for path in FAULTS.iterdir() if path.is_dir())
VERDICTS = {"warn", "reject", "not_evaluable", "broken"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_fault_says_what_is_expected_of_it(kind: Path) -> None:
    expected = json.loads((kind / "expected.json").read_text(encoding="utf-8"))

    assert expected["synthetic"] == "SYNTHETIC"
    assert expected["why"].endswith(".")
    assert expected["exit"] == (0 if kind.name == "westgard_1_2s" else 3 if expected["quarantined"] else 1)
    assert set(expected["quarantined"]) <= set(expected["ingest"])
    assert all((kind / name).is_file() for name in expected["ingest"])


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_expected_finding_names_a_rule_a_verdict_and_a_scope(kind: Path) -> None:
    expected = json.loads((kind / "expected.json").read_text(encoding="utf-8"))

    for finding in expected["findings"]:
        assert re.fullmatch(r"[a-z_]+\.[A-Za-z0-9_.\-]+", finding["rule"])
        assert finding["verdict"] in VERDICTS
        assert finding["scope"] in {"run", "analyte", "control", "result", "well"}


def test_no_sample_of_a_fault_is_a_sample_of_the_study() -> None:
    def codes(path: Path) -> set[str]:
        return {row["sample"] for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())}

    assert not codes(FAULTS / "samples.csv") & codes(FAULTS.parent / "study" / "samples.csv")


@pytest.mark.parametrize("name", ["samples.csv", "subjects.csv"])
def test_the_sheets_of_the_faults_say_synthetic(name: str) -> None:
    rows = list(csv.DictReader((FAULTS / name).read_text(encoding="utf-8").splitlines()))

    assert {row["synthetic"] for row in rows} == {"SYNTHETIC"}
