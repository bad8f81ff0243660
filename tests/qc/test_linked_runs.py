from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

import qc
from checks.registry import rules
from qc.cli.main import _outcome
from qc.store.frames import query

SAMPLES = """study,sample,subject,visit,matrix
S,A0,P1,0,serum
S,A3,P1,3,serum
S,B0,P2,0,serum
S,B3,P2,3,serum
S,C0,P3,0,serum
"""
SUBJECTS = "study,subject,sex,birth_year\nS,P1,female,1950\nS,P2,male,1980\nS,P3,male,1981\n"
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


def hand_in(lab, name, samples, lot, day):
    rows = [f"{name},control,,ferritin,{value},M,{level},1" for level, value in (("L1", 51), ("L2", 203))]
    rows += [f"{name},sample,{sample},ferritin,{value},,," for sample, value in samples.items()]
    text = "run,role,sample,analyte,value,material,level,lot\n" + "\n".join(rows) + "\n"
    (lab.paths.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    (lab.paths.inbox / f"{name}.run.toml").write_text(RUN_SHEET.format(run=name, lot=lot, day=day), encoding="utf-8")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    made = qc.init_lab(folder / "lab", name="linked", settings={"lab.default_study": "S"})
    # The suites say nothing of links, and take seconds to load.
    text = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    without = re.sub(r"(?m)^suites = .*$", "suites = {}", text)
    (made.paths.root / "qc.toml").write_text(without, encoding="utf-8")
    lab = qc.open_lab(made.paths.root)
    for name, text in {"samples": SAMPLES, "subjects": SUBJECTS, "controls": CONTROLS}.items():
        (lab.paths.inbox / f"{name}.csv").write_text(text, encoding="utf-8")
    hand_in(lab, "T1", {"A0": 80.5, "B0": 120.3, "C0": 99.1}, "K1", 1)
    lab.nightly()
    return lab.paths.root


@pytest.fixture
def lab(made, tmp_path):
    shutil.copytree(made, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def findings(lab, rule):
    with lab.facts.reading() as con:
        sql = """SELECT f.item, f.sentence, f.observed, f.limits, f.version FROM findings f
            JOIN run_states s USING (run_id, assessment_id) WHERE f.rule = ? ORDER BY f.item"""
        return query(con, sql, [rule]).rows()


def items(lab, rule):
    return [row[0] for row in findings(lab, rule)]


def n_assessments(lab):
    with lab.facts.reading() as con:
        return dict(con.execute("SELECT run_id, count(*) FROM assessments GROUP BY run_id").fetchall())


def test_a_later_run_with_the_second_visit_has_the_first_one_judged_again(lab):
    assert items(lab, "design.bridging") == []

    hand_in(lab, "T2", {"A3": 82.0, "B3": 118.4}, "K2", 2)
    lab.nightly()

    # All that the second run has of ferritin: told once of the analyte.
    assert items(lab, "design.bridging") == ["R1.1", "R1.2", "R2/ferritin"]


def test_a_run_of_other_subjects_leaves_the_first_one_alone(lab):
    hand_in(lab, "T2", {"C0": 99.0}, "K1", 2)
    lab.nightly()
    hand_in(lab, "T3", {"A3": 81.0}, "K1", 3)
    lab.nightly()

    assert n_assessments(lab) == {1: 3, 2: 1, 3: 1}


def test_a_night_without_news_judges_nothing_again(lab):
    hand_in(lab, "T2", {"A3": 82.0}, "K2", 2)
    lab.nightly()
    before = n_assessments(lab)

    assert lab.assess() == []
    assert n_assessments(lab) == before


def test_a_bridging_record_frees_both_visits(lab):
    hand_in(lab, "T2", {"A3": 82.0, "B3": 118.4}, "K2", 2)
    lab.nightly()
    (lab.paths.inbox / "bridging.csv").write_text(BRIDGING, encoding="utf-8")
    lab.nightly()

    assert items(lab, "design.bridging") == []


def test_a_bridging_record_that_was_refused_frees_none(lab):
    hand_in(lab, "T2", {"A3": 82.0}, "K2", 2)
    (lab.paths.inbox / "bridging.csv").write_text(BRIDGING.replace(",yes,", ",no,"), encoding="utf-8")
    lab.nightly()

    assert items(lab, "design.bridging") == ["R1.1", "R2.1"]


def test_a_corrected_sample_sheet_that_moves_a_sample_judges_the_visits_it_left(lab):
    hand_in(lab, "T2", {"A3": 82.0}, "K2", 2)
    lab.nightly()
    moved = SAMPLES.replace("S,A3,P1,3,serum", "S,A3,P2,3,serum")
    (lab.paths.inbox / "samples2.csv").write_text(moved, encoding="utf-8")
    lab.nightly()
    (waiting,) = [line.shown.item for line in lab.queue() if line.shown.scope == "correction"]
    lab.decide(waiting, "accept", reason="clerical")
    lab.assess()

    assert items(lab, "design.bridging") == ["R1.2", "R2.1"]


def test_a_delta_check_shows_both_visits_and_tells_neither_visit_nor_size_nor_holds_anything(lab):
    hand_in(lab, "T2", {"A3": 400.0, "B3": 118.4}, "K1", 2)
    lab.nightly()

    found = findings(lab, "identity.delta")
    assert [row[0] for row in found] == ["R1.1", "R2.1"]
    assert found[0][1] == found[1][1]
    assert [row[2] for row in found] == [None, None]
    assert "R2.1" not in {line.shown.item for line in lab.queue()}
    assert all("cvi" in row[3] and row[4] >= 1 for row in found)


@pytest.mark.parametrize("rule_id", ["identity.delta", "design.bridging", "range.hard"])
def test_a_rule_that_crashes_holds_the_run_with_its_id_and_the_others_go_on(lab, monkeypatch, rule_id):
    def crash(run_input, limits):
        raise ZeroDivisionError

    planted = {**rules(), rule_id: replace(rules()[rule_id], judge=crash)}
    monkeypatch.setattr("checks.registry.rules", lambda: planted)
    hand_in(lab, "T2", {"A3": 999999.0, "B3": 118.4}, "K2", 2)
    lab.nightly()

    with lab.facts.reading() as con:
        sql = """SELECT f.rule, f.verdict, f.item FROM findings f JOIN run_states s USING (run_id, assessment_id)
            WHERE f.run_id = 2"""
        said = set(query(con, sql).rows())
        asked = {row[0] for row in query(con, "SELECT rule FROM rule_runs WHERE run_id = 2").rows()}
    assert (rule_id, "broken", "R2") in said
    assert {rule for rule, _, _ in said} >= {"design.bridging", "range.hard"}
    assert {"identity.delta", "design.bridging", "range.hard", "replicates.cv"} <= asked
    assert "R2" in {line.shown.item for line in lab.queue()}


@pytest.mark.parametrize(
    ("rule_id", "shown_as"), [("identity.delta", "broken.identity.delta"), ("range.hard", "range.hard")]
)
def test_a_rule_that_crashes_is_told_to_everybody_as_a_fault_of_the_program(
    lab, monkeypatch, tmp_path, capsys, rule_id, shown_as
):
    def crash(run_input, limits):
        raise ZeroDivisionError("patient A, 71 %")

    planted = {**rules(), rule_id: replace(rules()[rule_id], judge=crash)}
    monkeypatch.setattr("checks.registry.rules", lambda: planted)
    monkeypatch.setattr("platformdirs.user_log_dir", lambda *_, **__: str(tmp_path / "log"))
    hand_in(lab, "T2", {"A3": 123.4, "B3": 118.4}, "K2", 2)

    code = _outcome(["nightly", "--lab", str(lab.paths.root)])

    (log,) = (tmp_path / "log").glob("qc-*.log")
    night = "".join(capsys.readouterr())
    (finding,) = [told for line in lab.queue() if line.shown.item == "R2" for told in line.findings]
    assert code == 5
    assert f"FAULT     Rule '{rule_id}' could not be computed on R2" in night
    assert str(log) in night
    assert f"ZeroDivisionError in rule {rule_id}" in log.read_text()
    assert "in crash" in log.read_text()
    assert "patient A" not in log.read_text() + finding.sentence
    assert "a fault of the program (ZeroDivisionError" in finding.sentence
    assert "tube" not in finding.suggestion
    assert finding.rule == shown_as
    assert _outcome(["doctor", "--lab", str(lab.paths.root)]) == 1
    assert f"rule '{rule_id}': It could not be computed on" in "".join(capsys.readouterr())


def test_a_replay_shows_whose_verdict_would_change_and_stores_nothing(lab, tmp_path):
    from qc.assess.replay import replay

    before = n_assessments(lab)
    profiles = tmp_path / "new" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "clinical-westgard-n2.toml").write_text(
        'extends = "clinical-westgard-n2"\ncontext = "trial"\n[rules."westgard.1-2s"]\n'
        'sd_limit = { value = 0.1, unit = "SD", source = "trial", status = "proposed" }\n',
        encoding="utf-8",
    )
    catalogue = tmp_path / "new" / "catalogue"
    catalogue.mkdir()
    (catalogue / "ferritin.toml").write_text(
        'id = "ferritin"\n[[matrices.serum.ranges]]\nname = "soft"\nlow = 5\nhigh = 110\nunit = "ng/mL"\n'
        'source = "trial"\nstatus = "proposed"\n',
        encoding="utf-8",
    )

    told = replay(lab, tmp_path / "new")

    results = [(one.item, one.verdict, one.new_verdict, one.rules_new) for one in told.changes if one.scope == "result"]
    assert results == [("R1.2", "pass", "warn", ("range.soft",))]
    (run,) = [one for one in told.changes if one.scope == "run"]
    assert (run.item, run.verdict, run.new_verdict, run.new_state) == ("R1", "pass", "warn", "waiting")
    assert set(run.rules_new) == {"westgard.1-2s"}
    assert (told.n_runs, told.n_results) == (1, 3)
    assert n_assessments(lab) == before


def test_a_replay_of_what_is_in_force_changes_nothing(lab, tmp_path):
    from qc.assess.replay import replay

    profiles = tmp_path / "new" / "profiles"
    profiles.mkdir(parents=True)
    (profiles / "simoa.toml").write_text('extends = "simoa"\ncontext = "the same"\n', encoding="utf-8")

    assert replay(lab, tmp_path / "new").changes == ()
