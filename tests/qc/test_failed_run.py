from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import qc
from qc.items.result_states import blinded_results

ROOT = Path(__file__).resolve().parents[2] / "sample_runs"
FOLDER = ROOT / "faults" / "standards_off"


@pytest.fixture
def lab_with_a_failed_run(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "FAULTS"})
    lab.ingest(ROOT / "study" / "controls.csv", ROOT / "faults" / "subjects.csv", ROOT / "faults" / "samples.csv")
    lab.ingest(FOLDER / "fault-standards-off.csv")
    lab.assess()
    return lab


def states_of(lab):
    return set(blinded_results(lab, None, datetime.now(UTC))["state"].to_list())


def analyte_item(lab):
    with lab.facts.reading() as con:
        ((item,),) = con.execute(
            "SELECT DISTINCT item FROM open_findings WHERE rule = 'calibration.standards' AND verdict = 'reject'"
        ).fetchall()
    return item


def test_a_failed_curve_holds_every_result_of_its_run(lab_with_a_failed_run):
    results = blinded_results(lab_with_a_failed_run, None, datetime.now(UTC))

    assert results.height > 0
    assert states_of(lab_with_a_failed_run) == {"waiting"}
    shown = lab_with_a_failed_run.show("R1.1")
    assert shown.state == "waiting"
    assert shown.why == f"{analyte_item(lab_with_a_failed_run)} is waiting, and with it all its results."
    assert not qc.open_lab(lab_with_a_failed_run.paths.root).gate().is_open


def test_a_rejected_run_makes_its_results_non_reportable_whatever_their_own_findings_are(lab_with_a_failed_run):
    lab = lab_with_a_failed_run

    lab.decide(analyte_item(lab), "reject", reason="calibration_failure", note="six of eight standards off the curve")

    assert states_of(lab) == {"rejected"}
    assert lab.show("R1.1").state == "rejected"
