from __future__ import annotations

from pathlib import Path

import pytest

import qc

ROOT = Path(__file__).resolve().parents[2] / "sample_runs"
FOLDER = ROOT / "faults" / "duplicate_result"


@pytest.fixture
def lab_with_first_run(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "FAULTS"})
    lab.ingest(ROOT / "study" / "controls.csv", ROOT / "faults" / "subjects.csv", ROOT / "faults" / "samples.csv")
    lab.ingest(FOLDER / "fault-duplicate-result-1.csv")
    lab.assess()
    return lab


def _items_with_results(lab):
    with lab.facts.reading() as con:
        rows = con.execute("SELECT run_id, result_id FROM latest_results").fetchall()
    return [f"R{run_id}.{result_id & 0xFFFFF}" for run_id, result_id in rows]


def _rules_of_second_run(lab):
    lab.ingest(FOLDER / "fault-duplicate-result-2.csv")
    by_run = {one.run: one.n_by_shown_rule for one in lab.assess()}
    return by_run["fault-duplicate-result-2"]


def test_a_second_result_of_a_sample_waits_for_a_person(lab_with_first_run):
    assert "identity.duplicate_result" in _rules_of_second_run(lab_with_first_run)


def test_the_first_result_of_a_sample_waits_too_when_a_second_one_comes(lab_with_first_run):
    _rules_of_second_run(lab_with_first_run)

    assert {line.shown.item for line in lab_with_first_run.queue()} == {"R1.3", "R2.3"}


@pytest.mark.parametrize("act", ["reject", "repeat"])
def test_a_decision_on_a_result_stands_when_another_run_brings_a_second_one(lab_with_first_run, act):
    items = _items_with_results(lab_with_first_run)
    lab_with_first_run.decide(items, act, reason="repeat_needed" if act == "repeat" else "other")
    _rules_of_second_run(lab_with_first_run)

    assert not any(line.has_lapsed for line in lab_with_first_run.queue())
    assert not set(items) & {line.shown.item for line in lab_with_first_run.queue()}


@pytest.mark.parametrize("act", ["reject", "repeat"])
def test_a_result_takes_the_place_of_one_that_was_rejected_or_asked_for_again(lab_with_first_run, act):
    lab_with_first_run.decide(
        _items_with_results(lab_with_first_run), act, reason="repeat_needed" if act == "repeat" else "other"
    )

    assert "identity.duplicate_result" not in _rules_of_second_run(lab_with_first_run)
