"""Limits of blank, detection and quantitation, from a catalogue file to the paired tests."""

from __future__ import annotations

import re

import pytest

import qc
from qc.store.frames import query

LIMITS = """id = "gdnf"

[[matrices.csf.ranges]]
name = "detection"
method = "elisa"
lot = "L7"
low = 1.0
high = 2.0
unit = "pg/mL"
source = "qc try detection blanks.csv"
status = "confirmed"

[[matrices.csf.ranges]]
name = "measuring"
method = "elisa"
lot = "L7"
low = 4.0
unit = "pg/mL"
source = "qc try detection blanks.csv"
status = "confirmed"
"""
SHEET = """[run]
run = "T1"
study = "S"
matrix = "csf"
unit = "pg/mL"
method = "elisa"
platform = "microplate reader"
instrument = "I1"
reagent_lot = "{lot}"
started_at = 2025-06-01T09:00:00
profile = "clinical-westgard-n2"
"""
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd
M,L1,1,gdnf,csf,pg/mL,50,5
M,L2,1,gdnf,csf,pg/mL,200,20
"""
PLAN = """study = "S"
baseline = "0"
followup = "3"
endpoints = [{ analyte = "gdnf", matrix = "csf" }]
"""
# Visit 0: not detected but for the last two; visit 3: detected, or quantified.
BEFORE = (0.2, 0.9, 1.0, 0.5, 0.7, 0.4, 0.8, 8.0)
AFTER = (1.4, 2.5, 3.9, 1.1, 3.0, 1.2, 1.7, 9.5)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    return lab_of(tmp_path_factory.mktemp("detection"), "L7")


def lab_of(folder, lot):
    made = qc.init_lab(folder / "lab", name="limits", settings={"lab.default_study": "S"})
    toml = made.paths.settings.read_text(encoding="utf-8")
    made.paths.settings.write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", toml), encoding="utf-8")
    (made.paths.catalogue / "gdnf.toml").write_text(LIMITS, encoding="utf-8")
    made = qc.open_lab(made.paths.root)
    visits = (("A", 0, BEFORE), ("B", 3, AFTER))
    cells = [(f"{code}{n}", n, visit, value) for code, visit, own in visits for n, value in enumerate(own)]
    rows = [f"S,{code},P{n},{visit},csf,CSF tube" for code, n, visit, _ in cells]
    (folder / "samples.csv").write_text("\n".join(["study,sample,subject,visit,matrix,tube", *rows, ""]))
    (folder / "controls.csv").write_text(CONTROLS)
    (folder / "T1.run.toml").write_text(SHEET.format(lot=lot))
    measured = ["control,,gdnf,50,M,L1,1", "control,,gdnf,200,M,L2,1"]
    measured += [f"sample,{code},gdnf,{value},,," for code, _, _, value in cells]
    (folder / "T1.csv").write_text("\n".join(["role,sample,analyte,value,material,level,lot", *measured, ""]))
    made.ingest(folder / "samples.csv", folder / "controls.csv")
    (taken,) = made.ingest(folder / "T1.csv")
    assert taken.outcome == "in", taken.faults
    made.assess()
    return made


def states(lab):
    with lab.facts.reading() as con:
        return query(con, "SELECT sample, value, censor, censor_limit, detection FROM latest_results ORDER BY sample")


def test_results_below_a_limit_are_bounds_with_a_state_that_keep_their_number_and_wait_for_nobody(lab):
    rows = {row["sample"]: tuple(row.values())[1:] for row in states(lab).iter_rows(named=True)}
    with lab.facts.reading() as con:
        shown = query(con, "SELECT sentence, holds, limits FROM findings WHERE rule = 'range.detection' ORDER BY item")

    assert rows["A2"] == (1.0, "<", 2.0, "not_detected")
    assert rows["B2"] == (3.9, "<", 4.0, "detected")
    assert rows["A7"] == (8.0, "", None, "quantified")
    assert shown.height == 14
    assert not shown["holds"].any()
    assert "lot L7" in shown["limits"][0]
    assert lab.queue() == []


def test_the_limits_of_a_lot_hold_for_no_other_lot(tmp_path):
    other = lab_of(tmp_path, "L8")

    assert set(states(other)["detection"]) == {""}


def test_what_was_detected_is_more_than_what_was_not_in_the_planned_test(lab):
    (lab.paths.root / "p.toml").write_text(PLAN)
    lab.lock_plan(lab.paths.root / "p.toml")

    released = lab.release()
    (contrast,) = lab.paired().contrasts

    assert released.results.sort("sample")["detection"].to_list()[:2] == ["not_detected", "not_detected"]
    assert contrast.n_pairs == 8
    assert contrast.test == "sign_test"
    assert contrast.p_value == pytest.approx(2 / 2**8)
    assert contrast.worlds.n_worlds == 400
    assert 0.8 < contrast.worlds.share_below_0_01 < 0.95  # the one pair of numbers, 8.0 and 9.5, may turn
