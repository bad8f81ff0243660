"""What was judged beside a result that somebody rejects waits for another judgement, and says why."""

from __future__ import annotations

import re
import shutil

import pytest

import qc
from qc.release.gate import gate

SAMPLES = "study,sample,subject,visit,matrix\nS,A0,P1,0,serum\nS,A3,P1,3,serum\nS,B0,P2,0,serum\n"
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd
M,L1,1,iron,serum,ug/dL,50,5
M,L2,1,iron,serum,ug/dL,200,20
M,L1,1,tibc,serum,ug/dL,300,30
M,L2,1,tibc,serum,ug/dL,400,40
"""
SHEET = """[run]
run = "{run}"
study = "S"
matrix = "serum"
unit = "ug/dL"
method = "chemistry"
platform = "P"
instrument = "I1"
calibrator_lot = "{lot}"
started_at = 2025-06-0{day}T09:00:00
profile = "clinical-westgard-n2"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    made = qc.init_lab(folder / "lab", name="beside", settings={"lab.default_study": "S"})
    text = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    (made.paths.root / "qc.toml").write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", text), encoding="utf-8")
    lab = qc.open_lab(made.paths.root)
    for name, sheet in {"samples": SAMPLES, "controls": CONTROLS}.items():
        (folder / f"{name}.csv").write_text(sheet, encoding="utf-8")
        lab.ingest(folder / f"{name}.csv")
    return lab.paths.root


@pytest.fixture
def lab(made, tmp_path):
    shutil.copytree(made, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def take(lab, name, rows, *, day, lot="K1"):
    folder = lab.paths.root.parent
    (folder / f"{name}.run.toml").write_text(SHEET.format(run=name, lot=lot, day=day), encoding="utf-8")
    analytes = sorted({analyte for _, analyte, _ in rows})
    levels = {"iron": (50, 200), "tibc": (300, 400)}
    lines = [
        f"control,,{analyte},{value},M,{level},1"
        for analyte in analytes
        for level, value in zip(("L1", "L2"), levels[analyte], strict=True)
    ]
    lines += [f"sample,{sample},{analyte},{value},,," for sample, analyte, value in rows]
    text = "\n".join(["role,sample,analyte,value,material,level,lot", *lines, ""])
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    lab.ingest(folder / f"{name}.csv")


def rules_of(lab, item):
    sql = "SELECT rule FROM findings f JOIN run_states s USING (run_id, assessment_id) WHERE f.item = ?"
    with lab.facts.reading() as con:
        return {rule for (rule,) in con.execute(sql, [item]).fetchall()}


def owed(lab):
    return {hold.run: hold.why for hold in gate(lab).holds if hold.kind == "not_assessed"}


def test_a_rejected_result_has_its_partners_in_other_runs_judged_again(lab):
    take(lab, "T1", [("A0", "iron", 80), ("B0", "iron", 90)], day=1)
    take(lab, "T2", [("A3", "iron", 85)], day=2, lot="K2")
    take(lab, "T3", [("B0", "tibc", 310)], day=3)
    lab.assess()
    before = rules_of(lab, "R1.1")

    lab.decide("R2.1", "reject", reason="outside_record", note="wrong tube")

    assert "design.bridging" in before
    assert list(owed(lab)) == ["T1"]
    assert owed(lab)["T1"].startswith("It was judged beside results of which R2.1 was rejected since")
    assert lab.show("R1.1").why == owed(lab)["T1"]
    assert [item.why for item in lab.queue() if item.shown.item == "R1.1"] == [owed(lab)["T1"]]
    assert [one.run for one in lab.assess()] == ["T1"]
    assert "design.bridging" not in rules_of(lab, "R1.1")
    assert (owed(lab), lab.assess()) == ({}, [])


def test_an_undone_rejection_counts_again(lab):
    take(lab, "T1", [("A0", "iron", 80)], day=1)
    take(lab, "T2", [("A3", "iron", 85)], day=2, lot="K2")
    lab.assess()
    lab.decide("R2.1", "reject", reason="outside_record", note="wrong tube")
    lab.assess()

    lab.undo("R2.1", note="it was the right one")

    assert "R2.1 no longer counts as rejected since" in owed(lab)["T1"]
    assert [one.run for one in lab.assess()] == ["T1"]
    assert "design.bridging" in rules_of(lab, "R1.1")
    assert lab.assess() == []


def test_results_of_one_run_are_not_judged_beside_a_rejected_one(lab):
    take(lab, "T1", [("A0", "iron", 480), ("A0", "tibc", 300), ("B0", "iron", 90)], day=1)
    lab.assess()
    before = rules_of(lab, "R1.2")

    lab.decide("R1.1", "reject", reason="outside_record", note="written in the wrong row")

    assert "consistency.iron_tibc" in before
    assert list(owed(lab)) == ["T1"]
    assert [one.run for one in lab.assess()] == ["T1"]
    assert "consistency.iron_tibc" not in rules_of(lab, "R1.2")
    assert "consistency.iron_tibc" in rules_of(lab, "R1.1")
    assert lab.show("R1.1").state == "rejected"
    assert (owed(lab), lab.assess()) == ({}, [])


def test_a_rejected_result_that_stands_alone_leaves_nothing_to_judge(lab):
    take(lab, "T1", [("A0", "iron", 80), ("B0", "iron", 90)], day=1)
    lab.assess()

    lab.decide("R1.2", "reject", reason="outside_record", note="clotted")

    assert owed(lab) == {}
    assert lab.assess() == []


def test_a_rejected_run_has_its_partners_judged_again(lab):
    take(lab, "T1", [("A0", "iron", 80)], day=1)
    take(lab, "T2", [("A3", "iron", 85)], day=2, lot="K2")
    lab.assess()

    lab.decide("R2", "reject", reason="outside_record", note="the wash failed")

    assert "R2 was rejected since" in owed(lab)["T1"]
    assert [one.run for one in lab.assess()] == ["T1"]
    assert rules_of(lab, "R1.1") == set()


def code_of(lab, item):
    return lab.show(item).shown.code


def test_a_late_result_of_a_rejected_sample_is_held_and_says_so(lab):
    take(lab, "T1", [("A0", "iron", 80), ("B0", "iron", 90)], day=1)
    lab.assess()
    (decided,) = lab.decide(code_of(lab, "R1.1"), "reject", reason="outside_record", note="request form")
    take(lab, "T2", [("A0", "tibc", 310), ("B0", "tibc", 320)], day=2)

    lab.assess()

    (item,) = [one for one in lab.queue() if one.shown.item == "R2.1"]
    (finding,) = item.findings
    assert (finding.rule, finding.verdict) == ("identity.rejected_sample", "reject")
    assert f"rejected as a whole before the result came in (entry {decided.seq}, outside_record)" in finding.sentence
    assert "A0" not in finding.sentence
    assert "identity.rejected_sample" not in rules_of(lab, "R2.2") | rules_of(lab, "R1.1")
    assert lab.show("R1.1").state == "rejected"


def test_a_result_that_was_taken_in_and_not_judged_when_its_sample_was_rejected_is_held_too(lab):
    take(lab, "T1", [("A0", "iron", 80)], day=1)
    lab.assess()
    take(lab, "T2", [("A0", "tibc", 310)], day=2)

    lab.decide(code_of(lab, "R1.1"), "reject", reason="outside_record", note="request form")
    lab.assess()

    assert "identity.rejected_sample" in rules_of(lab, "R2.1")


def test_a_rejection_of_one_analyte_of_a_sample_holds_late_results_of_that_analyte_alone(lab):
    take(lab, "T1", [("A0", "iron", 80)], day=1)
    lab.assess()
    lab.decide(f"{code_of(lab, 'R1.1')}/iron", "reject", reason="outside_record", note="request form")
    take(lab, "T2", [("A0", "tibc", 310), ("A0", "iron", 81)], day=2)

    lab.assess()

    assert "identity.rejected_sample" not in rules_of(lab, "R2.1")
    assert "identity.rejected_sample" in rules_of(lab, "R2.2")


def test_late_results_are_free_when_the_rejection_of_their_sample_is_undone(lab):
    take(lab, "T1", [("A0", "iron", 80)], day=1)
    lab.assess()
    code = code_of(lab, "R1.1")
    lab.decide(code, "reject", reason="outside_record", note="request form")
    take(lab, "T2", [("A0", "tibc", 310)], day=2)
    lab.assess()

    lab.undo(code, note="it was another tube")

    assert "T2" in owed(lab)
    assert "T2" in [one.run for one in lab.assess()]
    assert rules_of(lab, "R2.1") == set()
    assert (owed(lab), lab.assess()) == ({}, [])


def test_a_repeat_of_a_sample_is_awaited_and_not_held(lab):
    take(lab, "T1", [("A0", "iron", 80)], day=1)
    lab.assess()
    lab.decide(code_of(lab, "R1.1"), "repeat", reason="repeat_needed")
    take(lab, "T2", [("A0", "iron", 84)], day=2)

    lab.assess()

    assert rules_of(lab, "R2.1") == set()


def test_a_decision_that_lapses_in_a_pass_leaves_nothing_owed_behind(lab):
    take(lab, "T1", [("A0", "iron", 5), ("B0", "iron", 90)], day=1)
    take(lab, "T2", [("A3", "iron", 85)], day=2, lot="K2")
    lab.assess()
    lab.decide("R1.1", "reject", reason="outside_record", note="wrong tube")
    lab.assess()
    before = rules_of(lab, "R2.1")
    (lab.paths.root / "catalogue" / "iron.toml").write_text(
        'id = "iron"\n[[matrices.serum.ranges]]\nname = "soft"\nlow = 1\nhigh = 300\nunit = "ug/dL"\n'
        'source = "SOP 3"\nstatus = "confirmed"\n',
        encoding="utf-8",
    )

    lab = qc.open_lab(lab.paths.root)
    lab.assess()

    assert "design.bridging" not in before
    assert lab.show("R1.1").why.endswith("has lapsed: a finding has changed.")
    assert "design.bridging" in rules_of(lab, "R2.1")
    assert (owed(lab), lab.assess()) == ({}, [])
