"""A pass of ``qc assess`` that is cut off after its first writes: the next one judges what the first owed."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta

import pytest

import qc
import qc.assess.assess
from qc.release.gate import gate

START = datetime(2026, 3, 2, 8, 0)
SAMPLES = "study,sample,subject,visit,matrix\nS,A0,P1,0,serum\nS,A3,P1,3,serum\nS,B0,P2,0,serum\n"
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd
M,L1,1,ferritin,serum,ng/mL,50,5
M,L2,1,ferritin,serum,ng/mL,200,20
"""
SHEET = """[run]
run = "{run}"
study = "S"
matrix = "serum"
unit = "ng/mL"
method = "elisa"
platform = "elisa"
instrument = "I1"
calibrator_lot = "{lot}"
started_at = {at:%Y-%m-%dT%H:%M:%S}
profile = "clinical-westgard-n2"
"""


class _Killed(BaseException):
    pass


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    made = qc.init_lab(folder / "lab", name="test", settings={"lab.default_study": "S"})
    for name, text in {"samples": SAMPLES, "controls": CONTROLS}.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        made.ingest(folder / f"{name}.csv")
    return made.paths.root


@pytest.fixture
def lab(made, tmp_path):
    shutil.copytree(made, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


@pytest.fixture
def cut_off(monkeypatch):
    def _assess(lab, *, after):
        whole, passes = qc.assess.assess._assess_all, []

        def _some(*order):
            if len(passes) == after:
                raise _Killed
            passes.append(order)
            return whole(*order)

        with monkeypatch.context() as patched:
            patched.setattr(qc.assess.assess, "_assess_all", _some)
            with pytest.raises(_Killed):
                lab.assess()

    return _assess


def take(lab, name, *, day, samples, control="51", lot="K1"):
    folder = lab.paths.root.parent
    sheet = SHEET.format(run=name, lot=lot, at=START + timedelta(days=day))
    (folder / f"{name}.run.toml").write_text(sheet, encoding="utf-8")
    rows = [f"control,,ferritin,{value},M,{level},1" for level, value in (("L1", control), ("L2", "203"))]
    rows += [f"sample,{sample},ferritin,{value},,," for sample, value in samples.items()]
    text = "\n".join(["role,sample,analyte,value,material,level,lot", *rows, ""])
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    lab.ingest(folder / f"{name}.csv")


def rules_of(lab, run):
    sql = "SELECT f.rule FROM findings f JOIN run_states s USING (run_id, assessment_id) WHERE s.run = ?"
    with lab.facts.reading() as con:
        return {rule for (rule,) in con.execute(sql, [run]).fetchall()}


def not_assessed(lab):
    return [hold.run for hold in gate(lab).holds if hold.kind == "not_assessed"]


def test_a_run_whose_partner_came_is_judged_again_by_the_next_pass(lab, cut_off):
    take(lab, "T1", day=0, samples={"A0": 80.5})
    lab.assess()
    before = rules_of(lab, "T1")
    take(lab, "T2", day=1, samples={"A3": 90.5}, lot="K2")

    cut_off(lab, after=1)

    assert "design.bridging" not in before | rules_of(lab, "T1")
    assert not_assessed(lab) == ["T1"]
    assert [one.run for one in lab.assess()] == ["T1"]
    assert "design.bridging" in rules_of(lab, "T1")
    assert (lab.assess(), not_assessed(lab)) == ([], [])


def test_a_run_that_looks_back_on_a_late_one_is_judged_again_by_the_next_pass(lab, cut_off):
    take(lab, "C1", day=0, samples={"B0": 80.5})
    take(lab, "C3", day=2, samples={}, control="61")
    lab.assess()
    take(lab, "C2", day=1, samples={}, control="61")

    cut_off(lab, after=1)

    assert "westgard.2-2s" not in rules_of(lab, "C3")
    assert not_assessed(lab) == ["C3"]
    assert [one.run for one in lab.assess()] == ["C3"]
    assert "westgard.2-2s" in rules_of(lab, "C3")
    assert (lab.assess(), not_assessed(lab)) == ([], [])


def test_samples_that_a_sheet_moved_are_followed_by_the_next_pass(lab, cut_off):
    take(lab, "T1", day=0, samples={"A0": 80.5})
    take(lab, "T2", day=1, samples={"B0": 90.5}, lot="K2")
    lab.assess()
    sheet = lab.paths.root.parent / "samples.csv"
    sheet.write_text(SAMPLES.replace("S,B0,P2,0", "S,B0,P1,3").replace("S,A3,P1,3,serum\n", ""), encoding="utf-8")
    lab.ingest(sheet, correct=True, reason="clerical")

    cut_off(lab, after=1)

    assert "T1" in not_assessed(lab)
    assert "T1" in [one.run for one in lab.assess()]
    assert "design.bridging" in rules_of(lab, "T1")
    assert (lab.assess(), not_assessed(lab)) == ([], [])


def test_a_run_that_was_moved_to_another_day_leaves_its_place_in_the_row(lab):
    take(lab, "C1", day=0, samples={}, control="61")
    take(lab, "C2", day=1, samples={}, control="61")
    lab.assess()
    assert "westgard.2-2s" in rules_of(lab, "C2")
    folder = lab.paths.root.parent
    sheet = SHEET.format(run="C1", lot="K1", at=START + timedelta(days=5))
    (folder / "C1.run.toml").write_text(sheet, encoding="utf-8")
    lab.ingest(folder / "C1.csv", correct=True, reason="clerical")

    assert "C2" in [one.run for one in lab.assess()]
    assert "westgard.2-2s" not in rules_of(lab, "C2")
    assert lab.assess() == []
