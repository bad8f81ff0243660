"""A bridging sheet from the inbox to the pairs: ingest, judge, decide, release, test."""

from __future__ import annotations

import re

import pytest

import qc
from checks.contrasts.plan_template import default_plan_text

N_SUBJECTS = 7
BEFORE = (80.5, 120.3, 99.1, 65.2, 143.8, 88.7, 101.4)
AFTER = (82.0, 118.4, 103.6, 66.9, 150.1, 91.9, 107.0)
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd
M,L1,1,ferritin,serum,ng/mL,50,5
M,L2,1,ferritin,serum,ng/mL,200,20
"""
BRIDGING = """bridging,bridged_from,bridged_to,analyte,matrix,accepted,document,recorded_by
calibrator lot,K1,K2,ferritin,serum,yes,BR-7,tester
"""
RUN_SHEET = """[run]
run = "{run}"
study = "S"
matrix = "serum"
unit = "ng/mL"
method = "elisa"
platform = "elisa"
instrument = "I1"
calibrator_lot = "{lot}"
started_at = 2025-06-0{day}T09:00:00
profile = "clinical-westgard-n2"
"""


def hand_in(lab, name, values, visit, lot, day):
    rows = [f"{name},control,,ferritin,{value},M,{level},1" for level, value in (("L1", 51), ("L2", 203))]
    rows += [f"{name},sample,N{place}V{visit},ferritin,{value},,," for place, value in enumerate(values)]
    text = "run,role,sample,analyte,value,material,level,lot\n" + "\n".join(rows) + "\n"
    (lab.paths.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    (lab.paths.inbox / f"{name}.run.toml").write_text(RUN_SHEET.format(run=name, lot=lot, day=day), encoding="utf-8")


@pytest.fixture
def lab(tmp_path):
    made = qc.init_lab(tmp_path / "lab", name="bridged", settings={"lab.default_study": "S"})
    text = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    without = re.sub(r"(?m)^suites = .*$", "suites = {}", text)  # they say nothing of lots, and take seconds to load
    (made.paths.root / "qc.toml").write_text(without, encoding="utf-8")
    lab = qc.open_lab(made.paths.root)
    samples = [f"S,N{place}V{visit},P{place},{visit},serum" for place in range(N_SUBJECTS) for visit in (0, 3)]
    sheets = {
        "samples": "study,sample,subject,visit,matrix\n" + "\n".join(samples) + "\n",
        "subjects": "study,subject,sex,birth_year\n" + "".join(f"S,P{i},male,1960\n" for i in range(N_SUBJECTS)),
        "controls": CONTROLS,
    }
    for name, sheet in sheets.items():
        (lab.paths.inbox / f"{name}.csv").write_text(sheet, encoding="utf-8")
    plan = lab.paths.root / "plan.toml"
    plan.write_text(default_plan_text("S", [("ferritin", "serum")]), encoding="utf-8")
    lab.lock_plan(plan, actor="statistician")
    hand_in(lab, "T1", BEFORE, 0, "K1", 1)
    hand_in(lab, "T2", AFTER, 3, "K2", 2)
    lab.nightly()
    return lab


def approve_all(lab):
    waiting = [line.shown.item for line in lab.queue()]
    if waiting:
        lab.decide(waiting, "approve", reason="other", note="tested on purpose", actor="reviewer")


def test_a_pair_across_lots_is_refused_until_a_bridging_sheet_came_in(lab):
    approve_all(lab)
    apart = lab.release(actor="releaser")
    [refused] = lab.paired(apart.name).contrasts

    (lab.paths.inbox / "bridging.csv").write_text(BRIDGING, encoding="utf-8")
    lab.nightly()  # in a study that was released the sheet waits for a person
    approve_all(lab)
    lab.assess()
    approve_all(lab)
    together = lab.release(actor="releaser")
    [accepted] = lab.paired(together.name).contrasts

    assert apart.manifest["bridging"] == []
    assert refused.as_json()["n_lost"] == {"different calibrator lot between the pair": N_SUBJECTS}
    assert (refused.n_pairs, refused.p_value) == (0, None)
    assert refused.reason == "There are 0 complete pairs; the plan asks for 6 or more."
    [record] = together.manifest["bridging"]
    assert (record["kind"], record["first"], record["second"]) == ("calibrator_lot", "K1", "K2")
    assert (accepted.n_pairs, accepted.n_across, accepted.losses) == (N_SUBJECTS, N_SUBJECTS, ())
    assert accepted.p_value == 10 / 128  # one falls, of rank 3: five of 128 patterns give a sum of 3 or less
    assert f"{N_SUBJECTS} pairs stand across platforms, methods or lots, held together by a bridging." in accepted.notes
