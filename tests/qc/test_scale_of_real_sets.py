from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from qc.store.frames import query

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "caught.py"


@pytest.fixture(scope="module")
def sets():
    spec = importlib.util.spec_from_file_location("caught", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["caught"] = module  # a dataclass looks its module up there
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def judged(sets, shared, tmp_path):
    def judge(name, run_name, n_people=0):
        run = next(one for one in sets.SETS[name](shared / "data", n_people) if one.name == run_name)
        lab = sets.judged_lab(run, tmp_path / run_name)
        with lab.facts.reading() as con:
            rows = query(con, "SELECT rule, verdict, analyte, suggestion FROM findings").to_dicts()
        return lab, {rule: [row for row in rows if row["rule"] == rule] for rule in {row["rule"] for row in rows}}

    return judge


def test_ferritin_of_athletes_in_the_unit_of_its_codebook_is_caught_with_the_factor(judged):
    _, found = judged("ais_ferritin", "ais-codebook-ng-dL")

    (whole,) = found["range.scale"]
    assert (whole["verdict"], whole["analyte"]) == ("reject", "ferritin")
    assert "looks like ng/mL entered as ng/dL: factor 100" in whole["suggestion"]


def test_ferritin_of_athletes_in_its_true_unit_is_left_alone(judged):
    _, found = judged("ais_ferritin", "ais-right-ng-mL")

    assert not [rule for rule in found if rule.startswith("range.")]


def test_log_scaled_ferritin_and_transferrin_are_caught_by_their_spread_alone(judged):
    _, found = judged("csf_alzheimer_rbm", "alz-ferritin-transferrin")

    assert {row["analyte"] for row in found["range.scale"]} == {"ferritin", "transferrin"}
    assert all("e to the power of it" in row["suggestion"] for row in found["range.scale"])
    assert "range.hard" not in found


@pytest.mark.long
def test_a_log_scaled_table_is_caught_as_a_whole(judged):
    _, found = judged("csf_alzheimer_rbm", "alz-whole-table")

    assert [row["verdict"] for row in found["range.negative"]] == ["reject"]


def test_iron_of_nhanes_flags_few_people_and_none_as_impossible(judged, sets, is_long):
    lab, found = judged("nhanes_biochem_2017", "nhanes-iron-ug", 6401 if is_long else 400)

    assert "range.scale" not in found
    assert all(soft < 2.5 and hard == 0 for _, _, _, soft, hard in sets.shares(lab))


def test_iron_of_nhanes_in_the_other_unit_system_is_caught(judged):
    _, found = judged("nhanes_biochem_2017", "nhanes-iron-slip", 300)

    assert "umol/L entered as ug/dL: factor 5.5845" in found["range.scale"][0]["suggestion"]
