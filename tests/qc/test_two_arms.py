"""A study of two arms, from its subject sheet to the report; blinded reviewers never see the arm."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from scipy.stats import mannwhitneyu, permutation_test

import qc
from qc.cli.main import _outcome

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
arms = ["placebo", "verum"]
endpoints = [{ analyte = "iron", matrix = "serum" }]
"""
BEFORE = np.array([70.0, 82, 75, 91, 66, 88, 79, 95, 72, 85, 77, 90, 81, 69])
CHANGE = np.array([1, -2, 3, 0, -1, 2, -3, 9, 14, 6, 11, 17, 8, 12.0])
IS_SECOND = np.arange(14) >= 7


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("arms")
    made = qc.init_lab(folder / "lab", name="arms", settings={"lab.default_study": "S"})
    toml = made.paths.settings.read_text(encoding="utf-8")
    made.paths.settings.write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", toml), encoding="utf-8")
    made = qc.open_lab(made.paths.root)
    values = [("A", 0, BEFORE), ("B", 3, BEFORE + CHANGE)]
    cells = [(f"{code}{n}", n, visit, value) for code, visit, own in values for n, value in enumerate(own)]
    rows = [f"S,{code},P{n},{visit},serum,SST" for code, n, visit, _ in cells]
    people = [f"S,P{n},{'female' if n % 2 else 'male'},1960,{'verum' if n >= 7 else 'placebo'}" for n in range(14)]
    measured = ["control,,iron,50,M,L1,1", "control,,iron,200,M,L2,1"]
    measured += [f"sample,{code},iron,{value:g},,," for code, _, _, value in cells]
    (folder / "samples.csv").write_text("\n".join(["study,sample,subject,visit,matrix,tube", *rows, ""]))
    (folder / "subjects.csv").write_text("\n".join(["study,subject,sex,birth_year,treatment", *people, ""]))
    (folder / "controls.csv").write_text(CONTROLS)
    (folder / "T1.run.toml").write_text(SHEET)
    (folder / "T1.csv").write_text("\n".join(["role,sample,analyte,value,material,level,lot", *measured, ""]))
    made.ingest(folder / "subjects.csv", folder / "samples.csv", folder / "controls.csv")
    (taken,) = made.ingest(folder / "T1.csv")
    assert taken.outcome == "in", taken.faults
    made.assess()
    (made.paths.root / "p.toml").write_text(PLAN)
    made.lock_plan(made.paths.root / "p.toml")
    made.decide(["R1"], "approve") if made.queue() else None
    made.release()
    return made


def test_arms_are_compared_and_each_arm_is_tested_in_one_family(lab):
    report = lab.paired()

    between, placebo, verum = report.contrasts
    a, b = CHANGE[IS_SECOND], CHANGE[~IS_SECOND]
    exact = permutation_test((a, b), lambda x, y: x.mean() - y.mean(), n_resamples=np.inf)
    assert (between.arm, placebo.arm, verum.arm) == ("verum - placebo", "placebo", "verum")
    assert between.p_value == pytest.approx(mannwhitneyu(a, b, method="exact").pvalue)
    assert between.between_arms.permutation.p_two == pytest.approx(exact.pvalue)
    assert between.estimate == pytest.approx(np.median(np.subtract.outer(a, b)))
    assert (placebo.n_pairs, verum.n_pairs, verum.p_value) == (7, 7, 2 / 2**7)
    assert between.p_holm == pytest.approx(3 * between.p_value)
    assert report.n_tested == 3


def test_report_and_table_one_tell_the_arms_apart(lab, tmp_path):
    code = _outcome(["report", "--lab", str(lab.paths.root), "--out", str(tmp_path / "r.html")])
    page = (tmp_path / "r.html").read_text(encoding="utf-8")

    assert code == 0
    assert "<h3>Arm placebo</h3>" in page
    assert "Iron, verum - placebo" in page
    assert "One arm, open label" not in page


@pytest.mark.parametrize("command", [["queue"], ["show", "R1.1"], ["show", "R1"], ["assess", "--why", "R1"]])
def test_no_blinded_command_names_an_arm(lab, capsys, command):
    _outcome([*command, "--json", "--lab", str(lab.paths.root)])

    said = capsys.readouterr().out
    assert "verum" not in said
    assert "placebo" not in said


def test_a_changed_arm_waits_as_a_correction_that_hides_it(lab, tmp_path, capsys):
    people = (
        (lab.paths.root.parent / "subjects.csv").read_text().replace("S,P0,male,1960,placebo", "S,P0,male,1960,verum")
    )
    (tmp_path / "subjects.csv").write_text(people)

    lab.ingest(tmp_path / "subjects.csv")
    _outcome(["queue", "--json", "--lab", str(lab.paths.root)])
    told = capsys.readouterr().out

    assert "C" in told
    assert "verum" not in told
    assert "placebo" not in told
    assert json.loads(told)
