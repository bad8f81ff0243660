"""A dilution series in a table, from the bench to the paired tests."""

from __future__ import annotations

import re
import shutil
from statistics import fmean

import pytest

import qc
from qc.audit.trace.trace import trace
from qc.cli.main import _outcome
from qc.release.declared_choice import declare_choice, undeclared_choices
from schemas.errors import ConfigError, GateError

SUBJECTS = range(1, 8)
SHEET = """[run]
run = "T1"
study = "S"
matrix = "serum"
unit = "ug/dL"
method = "chemistry"
platform = "P"
instrument = "I1"
started_at = 2025-06-01T09:00:00
profile = "clinical-westgard-n2"
"""
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd
M,L1,1,iron,serum,ug/dL,50,5
M,L2,1,iron,serum,ug/dL,200,20
"""
PLAN = """study = "S"
baseline = "0"
followup = "3"
several_results = "{several}"
endpoints = [{{ analyte = "iron", matrix = "serum" }}]
"""


def value(subject, visit, dilution):
    return 70 + 5 * subject + (2 * subject if visit else 0) + dilution


def new_lab(folder, **settings):
    made = qc.init_lab(folder / "lab", name="series", settings={"lab.default_study": "S", **settings})
    toml = made.paths.settings.read_text(encoding="utf-8")
    made.paths.settings.write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", toml), encoding="utf-8")
    made = qc.open_lab(made.paths.root)
    codes = [(f"{code}{subject}", subject, visit) for code, visit in (("A", 0), ("B", 3)) for subject in SUBJECTS]
    rows = [f"S,{code},P{subject},{visit},serum,SST" for code, subject, visit in codes]
    (folder / "samples.csv").write_text("\n".join(["study,sample,subject,visit,matrix,tube", *rows, ""]))
    (folder / "controls.csv").write_text(CONTROLS)
    (folder / "T1.run.toml").write_text(SHEET)
    measured = ["control,,iron,50,1,M,L1,1", "control,,iron,200,1,M,L2,1"]
    measured += [f"sample,{c},iron,{value(s, v, d)},{d},,," for c, s, v in codes for d in (1, 2, 4)]
    (folder / "T1.csv").write_text("\n".join(["role,sample,analyte,value,dilution,material,level,lot", *measured, ""]))
    made.ingest(folder / "samples.csv", folder / "controls.csv")
    (taken,) = made.ingest(folder / "T1.csv")
    assert taken.outcome == "in", taken.faults
    made.assess()
    return made


def lock(lab, several):
    (lab.paths.root / "p.toml").write_text(PLAN.format(several=several))
    lab.lock_plan(lab.paths.root / "p.toml")


@pytest.mark.parametrize(
    ("several", "n_released", "n_pairs"),
    [("mean", 42, 7), ("exclude_subject", 42, 0)],
)
def test_gate_release_and_tests_all_honour_what_the_plan_says_of_several_results(
    tmp_path, several, n_released, n_pairs
):
    lab = new_lab(tmp_path)
    lock(lab, several)
    assert lab.queue() == []

    gate, released = lab.gate(), lab.release()

    assert (gate.is_open, gate.n_by_state["approved"]) == (True, n_released)
    assert released.results.height == n_released
    (contrast,) = lab.paired().contrasts
    assert contrast.n_pairs == n_pairs


def test_a_plan_that_refuses_several_results_keeps_the_gate_closed_until_a_choice_is_declared_or_decided(tmp_path):
    lab = new_lab(tmp_path)
    lock(lab, "refuse")
    closed = lab.gate()
    with pytest.raises(GateError, match=r"which the locked plan refuses: R1\.1, R1\.2"):
        lab.release()
    decided = qc.open_lab(copied(lab, tmp_path / "decided"))

    code = _outcome(["plan", "declare", "--reason", "the least multiplied", "--lab", str(lab.paths.root)])
    declared = qc.open_lab(lab.paths.root)
    decided.decide(
        [f"R1.{n}" for n in range(1, 43) if n % 3 != 1], "reject", reason="outside_record", note="bench book"
    )

    assert (closed.is_open, [hold.kind for hold in closed.holds]) == (False, ["several_results"])
    assert "qc plan declare" in closed.reasons[0]
    assert (code, declared.settings.assess.several_dilutions) == (0, "lowest_in_range")
    for opened in (declared, decided):
        assert (opened.gate().is_open, opened.release().results.height) == (True, 14)
        assert [contrast.n_pairs for contrast in opened.paired().contrasts] == [7]


def undeclared(lab):
    with lab.facts.reading() as con:
        return undeclared_choices(lab, con)


def test_what_a_default_chose_is_told_until_it_is_declared_or_a_plan_says_what_several_results_do(tmp_path):
    lab = new_lab(tmp_path)
    by_plan = qc.open_lab(copied(lab, tmp_path / "by_plan"))
    lock(by_plan, "mean")
    told = undeclared(lab)

    declared = declare_choice(lab, "S", reason="the least multiplied")

    again = qc.open_lab(lab.paths.root)
    again.assess()
    assert told == {"S": {"lowest_in_range": 14}}
    assert declared.settings == {"several_dilutions": "lowest_in_range"}
    assert (undeclared(by_plan), undeclared(again)) == ({}, {})
    with pytest.raises(ConfigError, match="of no sample of study 'S'"):
        declare_choice(again, "S", reason="again")


def copied(lab, place):
    return shutil.copytree(lab.paths.root, place)


def test_a_result_beside_others_of_its_visit_is_not_called_free_before_a_plan_is_locked(tmp_path):
    lab = new_lab(tmp_path)

    before = lab.pair_cost("R1.1")
    lock(lab, "mean")

    assert before.sentences == ("No plan of study 'S' is locked: which pairs this would cost is not known.",)
    assert lab.pair_cost("R1.1").is_free


def test_a_mean_that_the_laboratory_declares_is_one_result_that_names_its_members(tmp_path):
    lab = new_lab(tmp_path, **{"assess.several_dilutions": "mean_in_range"})
    lock(lab, "refuse")

    results = lab.release().results

    rows = {row["sample"]: (row["value"], row["role"], len(row["members"].split(", "))) for row in results.to_dicts()}
    assert rows == {
        f"{code}{subject}": (pytest.approx(fmean(value(subject, visit, d) for d in (1, 2, 4))), "reported", 3)
        for code, visit in (("A", 0), ("B", 3))
        for subject in SUBJECTS
    }
    # Every member of every mean lies below the p-value.
    assert trace(lab, "iron/serum").counts()["result"] == 42
