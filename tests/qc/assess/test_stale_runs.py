"""What makes a run stale, what does not, and what is said of it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import qc
import qc.assess.assess
import qc.assess.chunk
from qc.assess.chunk import write_chunk
from qc.assess.work_left import n_runs_left
from qc.cli.main import command
from qc.release.gate import gate
from qc.store.facts import transaction
from schemas.errors import ConfigError

STUDY = Path(__file__).resolve().parents[3] / "sample_runs" / "study"
SAMPLES = "study,sample,subject,visit,matrix,tube\nS,A0,P1,0,serum,\nS,A3,P1,3,serum,\nS,B0,P2,0,serum,\n"
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd,target_from
M,L1,1,iron,serum,ug/dL,50,5,
M,L2,1,iron,serum,ug/dL,200,20,
N,L1,R,iron,serum,ug/dL,,,rolling
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
SOFT = """id = "iron"
[[matrices.serum.ranges]]
name = "soft"
low = 1
high = {high}
unit = "ug/dL"
source = "SOP 3"
status = "confirmed"
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    made = qc.init_lab(folder / "lab", name="stale", settings={"lab.default_study": "S"})
    text = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    (made.paths.root / "qc.toml").write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", text), encoding="utf-8")
    lab = qc.open_lab(made.paths.root)
    hand_in(lab, "samples", SAMPLES)
    hand_in(lab, "controls", CONTROLS)
    return lab.paths.root


@pytest.fixture
def lab(made, tmp_path):
    shutil.copytree(made, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def hand_in(lab, name, text):
    file = lab.paths.root.parent / f"{name}.csv"
    file.write_text(text, encoding="utf-8")
    lab.ingest(file, correct=True, reason="clerical")


def take(lab, name, rows, *, day, lot="K1", more_controls=(), correct=False, note=""):
    folder = lab.paths.root.parent
    (folder / f"{name}.run.toml").write_text(SHEET.format(run=name, lot=lot, day=day), encoding="utf-8")
    lines = ["control,,iron,50,M,L1,1", "control,,iron,200,M,L2,1", *more_controls]
    lines += [f"sample,{sample},iron,{value},,," for sample, value in rows.items()]
    text = "\n".join(["role,sample,analyte,value,material,level,lot", *lines, ""])
    (folder / f"{name}.csv").write_text(text + note, encoding="utf-8")
    lab.ingest(folder / f"{name}.csv", correct=correct, reason="clerical" if correct else "")


def limit(lab, high):
    (lab.paths.root / "catalogue" / "iron.toml").write_text(SOFT.format(high=high), encoding="utf-8")
    return qc.open_lab(lab.paths.root)


def judged(lab):
    return [one.run for one in lab.assess()]


def owed(lab):
    return {hold.run: hold.why for hold in gate(lab).holds if hold.kind == "not_assessed"}


def kinds(lab, run):
    return [reason.kind for reason in lab.why_judge(run).reasons]


def test_a_run_that_says_the_same_after_its_sheet_has_changed_makes_no_other_stale(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    take(lab, "T2", {"A3": 85}, day=2)
    lab.assess()

    hand_in(lab, "samples", SAMPLES.replace("A0,P1,0,serum,", "A0,P1,0,serum,gel"))

    assert kinds(lab, "T1") == ["samples"]
    assert judged(lab) == ["T1"]
    assert (owed(lab), lab.assess()) == ({}, [])


def test_a_corrected_run_that_says_the_same_makes_no_other_stale(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    take(lab, "T2", {"A3": 85}, day=2)
    lab.assess()

    take(lab, "T1", {"A0": 80}, day=1, correct=True, note="\n")

    assert judged(lab) == ["T1"]
    assert (owed(lab), lab.assess()) == ({}, [])


def test_a_corrected_run_that_says_something_else_has_those_behind_it_judged_again(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    take(lab, "T2", {"A3": 85}, day=2)
    take(lab, "T3", {"B0": 85}, day=3)
    lab.assess()

    take(lab, "T1", {"A0": 81}, day=1, correct=True)

    assert judged(lab) == ["T1", "T2"]
    assert (owed(lab), lab.assess()) == ({}, [])


def test_an_approval_over_what_was_said_of_samples_leaves_the_targets_of_later_runs_alone(lab):
    rolling = ["control,,iron,80,N,L1,R"]
    take(lab, "T1", {"A0": "80-90", "A3": "80/90"}, day=1, more_controls=rolling)
    take(lab, "T2", {"B0": 85}, day=2, more_controls=rolling)
    lab = limit(lab, 20)
    lab.assess()
    held = [item.shown.item for item in lab.queue() if item.shown.item.startswith("R1/")]

    lab.decide(held, "approve", reason="other", note="a test")

    assert held
    assert (owed(lab), lab.assess()) == ({}, [])


def test_a_rejected_result_stays_rejected_when_a_late_run_has_its_controls_judged_again(lab):
    take(lab, "T1", {"A0": 80, "B0": 90}, day=3)
    lab.assess()
    lab.decide("R1.1", "reject", reason="outside_record", note="wrong tube")
    take(lab, "T2", {"A0": 82}, day=4)
    lab.assess()

    take(lab, "T0", {}, day=1)

    assert "T1" in judged(lab)
    assert (lab.show("R1.1").state, lab.show("R1.1").has_lapsed) == ("rejected", False)
    assert (owed(lab), lab.assess()) == ({}, [])


def test_two_results_of_a_sample_that_no_sheet_knows_are_told_in_both_runs(lab):
    take(lab, "T1", {"X9": 80}, day=1)
    lab.assess()
    take(lab, "T2", {"X9": 82}, day=2)

    assert judged(lab) == ["T2", "T1"]
    assert [set(one.n_by_shown_rule) for one in lab.assess(everything=True)] == [{"identity.sample_known"}] * 2
    assert lab.assess() == []


def test_two_results_of_a_sample_in_runs_that_are_judged_together_are_one_finding_on_the_first(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    take(lab, "T2", {"A0": 82}, day=2)

    by_run = {one.run: set(one.n_by_shown_rule) for one in lab.assess()}

    assert [run for run, rules in sorted(by_run.items()) if "identity.duplicate_result" in rules] == ["T1"]


def test_a_decision_that_has_lapsed_says_what_had_its_run_judged_again(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    lab = limit(lab, 20)
    lab.assess()
    (decision,) = lab.decide("R1.1", "reject", reason="outside_record", note="wrong tube")

    lab = limit(lab, 300)
    lab.assess()

    assert lab.show("R1.1").why == (
        "Limits, profiles, suites or rules have changed. "
        f"The decision {decision.seq} has lapsed: a finding has changed."
    )
    assert lab.why_judge("R1").judged_for == ("Limits, profiles, suites or rules have changed.",)


def test_why_names_what_has_changed_and_the_runs_that_have_changed_it(lab, monkeypatch):
    take(lab, "T1", {"A0": 80}, day=3)
    lab.assess()
    before = lab.why_judge("T1")
    take(lab, "T0", {"A3": 85}, day=1)
    with monkeypatch.context() as patched:
        patched.setattr(qc.assess.assess, "ROUNDS", 1)
        lab.assess()

    why = lab.why_judge("R1")

    assert (before.is_stale, before.reasons) == (False, ())
    assert [(one.kind, one.runs) for one in why.reasons] == [("controls", ("T0",)), ("results", ("T0",))]
    assert why.reasons[0].sentence == "Controls of iron in serum that were measured before it came, went or changed."
    assert list(owed(lab)) == ["T1"]
    assert owed(lab)["T1"].startswith("It is not judged as it now stands: 'qc assess' does it. Controls of iron")
    assert judged(lab) == ["T1"]
    assert [one.split(" ", 1)[0] for one in lab.why_judge("T1").judged_for] == ["Controls", "Results"]


def test_why_on_the_command_line_answers_for_a_person_and_as_json(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    words = ["assess", "--lab", str(lab.paths.root), "--why"]

    new = CliRunner().invoke(command, [*words, "T1"], standalone_mode=False)
    lab.assess()
    told = CliRunner().invoke(command, [*words, "R1", "--json"], standalone_mode=False)

    assert (new.return_value, new.output) == (1, "R1 T1: must be judged.\n  It was never judged.\n")
    assert told.return_value == 0
    assert json.loads(told.output) == {"item": "R1", "run": "T1", "stale": False, "because": [], "judged_for": []}


def test_why_refuses_a_run_that_is_not_there_or_was_corrected(lab):
    take(lab, "T1", {"A0": 80}, day=1)
    take(lab, "T1", {"A0": 81}, day=1, correct=True)

    with pytest.raises(ConfigError, match="There is no run 'T7' in this lab"):
        lab.why_judge("T7")
    with pytest.raises(ConfigError, match=r"Run 'T1' \(R1\) was corrected by a newer version"):
        lab.why_judge("R1")


def test_a_sheet_that_comes_in_while_runs_are_judged_has_them_judged_once_more(lab, monkeypatch):
    take(lab, "T1", {"A0": 80}, day=1)
    take(lab, "T2", {"A3": 85}, day=2, lot="K2")
    write, written, n_left = qc.assess.assess.write_chunk, [], []

    def _late(lab, chunk):
        if not written:
            hand_in(lab, "samples", SAMPLES.replace("A3,P1,3", "A3,P2,3"))
        written.append(chunk)
        judged = write(lab, chunk)
        n_left.append(n_runs_left(lab))
        return judged

    monkeypatch.setattr(qc.assess.assess, "write_chunk", _late)

    lab.assess()

    # Nobody has to ask for what was overtaken: a gate or a decision judges it as well.
    assert n_left == [2, 0]
    with lab.facts.reading() as con:
        found = con.execute("SELECT count(*) FROM open_findings WHERE rule = 'design.bridging'").fetchone()
    assert found == (0,)
    assert (owed(lab), lab.assess()) == ({}, [])


def test_a_late_run_is_seen_by_the_suites_of_those_behind_it(tmp_path, monkeypatch):
    lab = qc.init_lab(tmp_path / "lab", name="suites", settings={"lab.default_study": "S"})
    hand_in(lab, "samples", SAMPLES)
    take(lab, "T2", {"A0": 80, "B0": 90}, day=2)
    lab.assess()
    take(lab, "T1", {"A3": 80}, day=1)
    with monkeypatch.context() as patched:
        patched.setattr(qc.assess.assess, "ROUNDS", 1)
        lab.assess()

    assert "summaries" in kinds(lab, "T2")
    assert judged(lab) == ["T2"]
    assert lab.assess() == []


def take_plate(lab, name, *, is_other=False):
    """Hand in a plate of the study under another name, with its signals or with others."""
    for ending in ("csv", "map.csv", "run.toml"):
        text = (STUDY / "plates" / f"csf-tnf-1.{ending}").read_text(encoding="utf-8").replace("csf-tnf-1", name)
        if ending == "csv" and is_other:
            text = re.sub(r"(?<=,)0\.(\d+)", r"0.0\1", text)
        (lab.paths.root.parent / f"{name}.{ending}").write_text(text, encoding="utf-8")
    (taken,) = lab.ingest(
        lab.paths.root.parent / f"{name}.csv", correct=is_other, reason="clerical" if is_other else ""
    )
    assert taken.outcome == "in", taken.faults


def copied(lab):
    sql = """SELECT DISTINCT s.run FROM findings f JOIN run_states s USING (run_id, assessment_id)
        WHERE f.rule = 'identity.copied_plate' AND NOT s.is_superseded ORDER BY ALL"""
    with lab.facts.reading() as con:
        return [run for (run,) in con.execute(sql).fetchall()]


def test_a_plate_that_a_later_one_copies_is_judged_again_and_is_free_when_that_one_is_corrected(lab):
    lab.ingest(STUDY / "controls.csv", STUDY / "samples.csv", correct=True, reason="clerical")
    take_plate(lab, "first")
    lab.assess()
    before = copied(lab)
    take_plate(lab, "second")

    together = judged(lab), copied(lab), judged(lab)
    take_plate(lab, "second", is_other=True)

    assert before == []
    assert together == (["second", "first"], ["first", "second"], [])
    assert judged(lab) == ["second", "first"]
    assert (copied(lab), owed(lab), lab.assess()) == ([], {}, [])


def test_plates_that_share_signals_are_judged_once_though_they_are_judged_in_different_chunks(lab, monkeypatch):
    monkeypatch.setattr(qc.assess.chunk, "CHUNK", 1)
    lab.ingest(STUDY / "controls.csv", STUDY / "samples.csv", correct=True, reason="clerical")
    for name in ("first", "second"):
        take_plate(lab, name)
    seen = []
    monkeypatch.setattr(qc.assess.assess, "write_chunk", lambda *chunk: seen.append(chunk) or write_chunk(*chunk))

    lab.assess()

    causes = [kind for chunk in seen for own in chunk[1].looked_at.causes.values() for kind, _ in own]
    assert "copied plates" not in causes
    assert copied(lab) == ["first", "second"]


def as_version_8(lab):
    """Bring the facts back to what they were before there were fingerprints."""
    with lab.facts.writing() as con, transaction(con):
        con.execute("DROP TABLE fingerprints")
        con.execute("CREATE TABLE checked_runs (run_id BIGINT PRIMARY KEY, sheets_source_id BIGINT NOT NULL)")
        con.execute("CREATE TABLE linked_runs (run_id BIGINT PRIMARY KEY, links_sha256 VARCHAR NOT NULL)")
        con.execute("CREATE TABLE linked_up_to (assessment_id BIGINT NOT NULL, sheets_source_id BIGINT NOT NULL)")
        con.execute("CREATE TABLE decided_up_to (item VARCHAR PRIMARY KEY, state VARCHAR NOT NULL)")
        con.execute("DELETE FROM schema_migrations WHERE version = 9")


def test_an_older_lab_is_judged_once_more_and_its_decisions_stand(lab):
    take(lab, "T1", {"A0": 80, "B0": 90}, day=1)
    lab.assess()
    lab.decide("R1.1", "reject", reason="outside_record", note="wrong tube")
    take(lab, "T2", {"A0": 82}, day=2)
    lab.assess()
    as_version_8(lab)

    lab = qc.init_lab(lab.paths.root, name="stale")

    assert kinds(lab, "T1") == ["unrecorded"]
    assert sorted(owed(lab)) == ["T1", "T2"]
    assert judged(lab) == ["T1", "T2"]
    assert (lab.show("R1.1").state, lab.show("R1.1").has_lapsed) == ("rejected", False)
    assert (owed(lab), lab.assess()) == ({}, [])
