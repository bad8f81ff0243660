from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import qc

ROOT = Path(__file__).resolve().parents[2] / "sample_runs"
FOLDER = ROOT / "faults" / "duplicate_result"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    lab = qc.init_lab(tmp_path_factory.mktemp("made") / "lab", name="test", settings={"lab.default_study": "FAULTS"})
    lab.ingest(ROOT / "study" / "controls.csv", ROOT / "faults" / "subjects.csv", ROOT / "faults" / "samples.csv")
    lab.ingest(FOLDER / "fault-duplicate-result-1.csv")
    lab.assess()
    return lab.paths.root


@pytest.fixture
def lab_with_first_run(made, tmp_path):
    shutil.copytree(made, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def _items_with_results(lab):
    with lab.facts.reading() as con:
        rows = con.execute("SELECT run_id, result_id FROM latest_results").fetchall()
    return [f"R{run_id}.{result_id & 0xFFFFF}" for run_id, result_id in rows]


def _rules_with_second_run(lab):
    lab.ingest(FOLDER / "fault-duplicate-result-2.csv")
    return {rule for one in lab.assess() for rule in one.n_by_shown_rule}


def test_two_results_that_nobody_planned_are_one_item_and_the_first_is_asked_about(lab_with_first_run):
    assert "identity.duplicate_result" in _rules_with_second_run(lab_with_first_run)
    assert {line.shown.item for line in lab_with_first_run.queue()} == {"R1.3"}


def test_an_approved_one_of_two_results_is_released_alone_and_the_other_stays_as_evidence(lab_with_first_run):
    _rules_with_second_run(lab_with_first_run)

    lab_with_first_run.decide("R1.3", "approve")

    released = lab_with_first_run.release()
    assert released.results.filter(released.results["n_results"] == 2)["role"].to_list() == ["reported"]
    assert lab_with_first_run.gate().n_by_state["evidence"] == 1


def test_the_second_result_counts_once_the_first_was_rejected(lab_with_first_run):
    _rules_with_second_run(lab_with_first_run)

    lab_with_first_run.decide("R1.3", "reject", reason="outside_record", note="wrong tube")
    lab_with_first_run.assess()

    assert lab_with_first_run.queue() == []
    assert "evidence" not in lab_with_first_run.gate().n_by_state


def test_a_rule_of_the_lab_settles_several_results_beforehand(tmp_path):
    policy = {"lab.default_study": "FAULTS", "assess.several_results": "latest_in_range"}
    lab = qc.init_lab(tmp_path / "lab", name="test", settings=policy)
    lab.ingest(ROOT / "study" / "controls.csv", ROOT / "faults" / "subjects.csv", ROOT / "faults" / "samples.csv")
    lab.ingest(FOLDER / "fault-duplicate-result-1.csv", FOLDER / "fault-duplicate-result-2.csv")

    assert "identity.duplicate_result" not in {rule for one in lab.assess() for rule in one.n_by_shown_rule}
    assert {row["run"] for row in lab.release().results.filter(role="reported").to_dicts()} == {
        "fault-duplicate-result-2"
    }


@pytest.mark.parametrize("act", ["reject", "repeat"])
def test_a_decision_on_a_result_stands_when_another_run_brings_a_second_one(lab_with_first_run, act):
    items = _items_with_results(lab_with_first_run)
    lab_with_first_run.decide(
        items, act, reason="repeat_needed" if act == "repeat" else "outside_record", note="bench book"
    )
    _rules_with_second_run(lab_with_first_run)

    assert not any(line.has_lapsed for line in lab_with_first_run.queue())
    assert not set(items) & {line.shown.item for line in lab_with_first_run.queue()}


@pytest.mark.parametrize("act", ["reject", "repeat"])
def test_a_result_takes_the_place_of_one_that_was_rejected_or_asked_for_again(lab_with_first_run, act):
    lab_with_first_run.decide(
        _items_with_results(lab_with_first_run),
        act,
        reason="repeat_needed" if act == "repeat" else "outside_record",
        note="bench book",
    )

    assert "identity.duplicate_result" not in _rules_with_second_run(lab_with_first_run)
