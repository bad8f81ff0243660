"""Reanalysis of incurred samples as ``qc assess`` finds it: samples of a run that an earlier run has reported."""

from __future__ import annotations

import re

import pytest

import qc

CODES = [f"A{number}" for number in range(12)]
SHEET = """[run]
run = "{run}"
study = "S"
matrix = "serum"
unit = "ng/mL"
method = "elisa"
instrument = "I1"
started_at = 2025-06-{day:02d}T09:00:00
profile = "{profile}"
"""


@pytest.fixture
def lab(tmp_path):
    made = qc.init_lab(tmp_path / "lab", name="isr", settings={"lab.default_study": "S"})
    text = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    (made.paths.root / "qc.toml").write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", text), encoding="utf-8")
    rows = [f"S,{code},P{number},0,serum" for number, code in enumerate([*CODES, "B0"])]
    (tmp_path / "samples.csv").write_text("\n".join(["study,sample,subject,visit,matrix", *rows]), encoding="utf-8")
    made.ingest(tmp_path / "samples.csv")
    lab = qc.open_lab(made.paths.root)
    take(lab, "first", {code: 100 + number for number, code in enumerate(CODES)}, day=1)
    return lab


def take(lab, name, values, *, day, profile="m10-lba"):
    folder = lab.paths.root.parent
    (folder / f"{name}.run.toml").write_text(SHEET.format(run=name, day=day, profile=profile), encoding="utf-8")
    lines = ["sample,analyte,value", *(f"{code},ferritin,{value}" for code, value in values.items()), ""]
    (folder / f"{name}.csv").write_text("\n".join(lines), encoding="utf-8")
    lab.ingest(folder / f"{name}.csv")


def said(lab, run):
    sql = """SELECT f.verdict, f.sentence FROM findings f JOIN run_states s USING (run_id, assessment_id)
        WHERE s.run = ? AND f.rule = 'calibration.isr' ORDER BY f.ordinal"""
    with lab.facts.reading() as con:
        return con.execute(sql, [run]).fetchall()


def test_repeats_that_agree_are_enough_and_say_nothing(lab):
    take(lab, "again", {"A0": 110, "A1": 95, "A2": 180}, day=3)

    lab.assess()

    assert said(lab, "again") == []
    assert said(lab, "first") == []


def test_repeats_that_disagree_reject_the_run_that_repeats(lab):
    lab.assess()
    take(lab, "again", {"A0": 160, "A1": 50, "A2": 101}, day=3)

    lab.assess()

    ((verdict, sentence),) = said(lab, "again")
    assert verdict == "reject"
    assert sentence.startswith("1 of 3 samples of ferritin that were measured again lie within 30 %")
    assert said(lab, "first") == []
    assert lab.assess() == []


def test_too_few_repeats_of_a_study_that_goes_on_are_told_and_hold_nothing(lab):
    take(lab, "again", {"A0": 101}, day=3)

    lab.assess()

    ((verdict, sentence),) = said(lab, "again")
    assert (verdict, sentence) == ("warn", "1 of 12 samples of ferritin were measured again so far; 2 are needed.")
    assert "calibration.isr" not in {f.rule for item in lab.queue() for f in item.findings}


def test_a_rejected_first_result_has_no_reanalysis(lab):
    take(lab, "again", {"A0": 160, "A1": 50, "A2": 101}, day=3)
    lab.assess()

    lab.decide("R1", "reject", reason="outside_record", note="the wrong kit")
    lab.assess()

    assert said(lab, "again") == []


def test_a_bound_on_both_sides_is_no_difference_and_on_one_side_is_no_agreement(lab):
    take(lab, "low", {"A0": "<10", "A1": "<10", "A2": "<10"}, day=2)
    lab.assess()
    lab.decide("R1", "reject", reason="outside_record", note="the wrong kit")
    take(lab, "again", {"A0": "<10", "A1": "<12", "A2": 14, "A3": 15}, day=3)

    lab.assess()

    assert [verdict for verdict, _ in said(lab, "again")] == ["not_evaluable"]


def test_a_profile_may_require_repeats(lab):
    text = (
        'extends = "m10-lba"\ncontext = "Every run repeats samples."\n[rules."calibration.isr"]\n'
        'required = { value = 1, unit = "1", source = "SOP 12", status = "confirmed" }\n'
    )
    (lab.paths.root / "profiles" / "with-isr.toml").write_text(text, encoding="utf-8")
    take(lab, "alone", {"B0": 10}, day=3, profile="with-isr")

    lab.assess()

    assert said(lab, "alone") == [("not_evaluable", "The run repeats no sample that an earlier run has reported.")]
    assert said(lab, "first") == []
