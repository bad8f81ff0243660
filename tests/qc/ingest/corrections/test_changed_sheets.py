"""Sheets that change what results mean: until somebody decides the old rows count, and each change waits once."""

from __future__ import annotations

import random
import re
import shutil

import pytest

import qc
from qc.ingest.correction_rows import unapplied_corrections
from qc.lab.blinding import pseudonym, read_secret
from qc.release.gate import gate
from qc.store.entry import Kind
from schemas.errors import ConfigError, ConflictError, RightsError

RUN = """[run]
run = "T1"
study = "S"
matrix = "serum"
unit = "ug/dL"
method = "chemistry"
platform = "P"
instrument = "I1"
calibrator_lot = "K1"
started_at = 2025-06-01T09:00:00
profile = "clinical-westgard-n2"
"""
RESULTS = """role,sample,analyte,value,material,level,lot
control,,iron,50,M,L1,1
control,,iron,200,M,L2,1
sample,A0,iron,80,,,
sample,A3,iron,85,,,
sample,B0,iron,90,,,
"""
SHEETS = {
    "samples": """study,sample,subject,visit,matrix,collected_at,tube,haemolysis_index
S,A0,P1,0,serum,2025-01-10T08:00:00,EDTA,8
S,A3,P1,3,serum,2025-04-10T08:00:00,EDTA,9
S,B0,P2,0,serum,2025-01-11T08:00:00,EDTA,7
S,Z9,P9,0,serum,2025-01-11T08:00:00,EDTA,7
""",
    "subjects": "study,subject,sex,birth_year\nS,P1,female,1950\nS,P2,male,1951\nS,P9,male,1960\n",
    "controls": """material,level,lot,analyte,matrix,unit,target,sd,active_from,expires_on
M,L1,1,iron,serum,ug/dL,50,5,2025-01-01,2026-01-01
M,L2,1,iron,serum,ug/dL,200,20,2025-01-01,2026-01-01
M,L2,9,iron,serum,ug/dL,200,20,2025-01-01,2026-01-01
""",
    "events": """happened_at,event,analyte,instrument,lot,recorded_by
2025-05-01T08:00:00,new_reagent_lot,iron,I1,RL-1,anna
2025-07-01T08:00:00,new_reagent_lot,iron,I1,RL-2,anna
""",
    "bridgings": """bridging,bridged_from,bridged_to,analyte,matrix,accepted,document,recorded_by
platform,P,Q,iron,serum,yes,D-1,anna
platform,Q,W,iron,serum,yes,D-2,anna
""",
}
"""Sheets of which the last row has no result resting on it."""
CHANGED = {
    "samples": {"subject": ("P1", "P2", "P7"), "visit": ("0", "3", "9"), "tube": ("EDTA", "serum"), "matrix": ("csf",)},
    "subjects": {"sex": ("female", "male"), "birth_year": ("1949", "1970", "")},
    "controls": {"target": ("51", "210"), "sd": ("6",), "expires_on": ("2025-05-01", "2026-02-01"), "unit": ("ug/L",)},
    "events": {"lot": ("RL-7", "RL-8", "")},
    "bridgings": {"accepted": ("no", "yes")},
}
"""Columns of each sheet that change what a result means, with what may be written instead."""


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    made = qc.init_lab(folder / "lab", name="sheets", settings={"lab.default_study": "S"})
    settings = (made.paths.root / "qc.toml").read_text(encoding="utf-8")
    (made.paths.root / "qc.toml").write_text(re.sub(r"(?m)^suites = .*$", "suites = {}", settings), encoding="utf-8")
    made = qc.open_lab(made.paths.root)
    for sheet, text in SHEETS.items():
        hand_in(made, sheet, text)
    hand_in(made, "T1", RESULTS, RUN)
    made.assess()
    return made.paths.root


@pytest.fixture
def lab(judged, tmp_path):
    shutil.copytree(judged, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def hand_in(lab, name, text, run_sheet="", **settings):
    folder = lab.paths.root.parent
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    if run_sheet:
        (folder / f"{name}.run.toml").write_text(run_sheet, encoding="utf-8")
    (outcome,) = lab.ingest(folder / f"{name}.csv", **settings)
    return outcome


def in_force(lab, sheet):
    with lab.facts.reading() as con:
        return con.execute(f"SELECT * EXCLUDE (source_id, version) FROM latest_{sheet} ORDER BY ALL").fetchall()


def waiting(lab):
    return [item.shown.item for item in lab.queue() if item.seen.scope == "correction"]


def mutated(sheet, dice, *, n_rows=1):
    header, *rows = SHEETS[sheet].splitlines()
    names, cells = header.split(","), [row.split(",") for row in rows]
    for place in dice.sample(range(len(cells) - 1), n_rows):
        column = dice.choice(sorted(CHANGED[sheet]))
        old = cells[place][names.index(column)]
        cells[place][names.index(column)] = dice.choice([word for word in CHANGED[sheet][column] if word != old])
    return "\n".join([header, *(",".join(row) for row in cells), ""])


@pytest.mark.parametrize("sheet", SHEETS)
def test_no_sequence_of_changed_sheets_changes_a_row_that_a_result_rests_on_and_each_change_waits_once(lab, sheet):
    dice = random.Random(f"{sheet} 1")
    before = in_force(lab, sheet)
    asked = set()

    for number in range(6):
        text = mutated(sheet, dice)
        hand_in(lab, sheet, text + "\n" * number)
        asked |= set(text.splitlines()) - set(SHEETS[sheet].splitlines())

    assert in_force(lab, sheet) == before
    with lab.facts.reading() as con:
        changes = [row.change for rows in unapplied_corrections(con).values() for row in rows]
    assert len(changes) == len(set(changes)) == len(asked)
    assert not lab.gate().is_open


@pytest.mark.parametrize("sheet", SHEETS)
def test_an_accepted_sheet_counts_is_recorded_and_has_what_hangs_on_it_judged_again(lab, sheet):
    text = mutated(sheet, random.Random(f"{sheet} 2"))
    name = hand_in(lab, sheet, text).correction
    before = in_force(lab, sheet)

    lab.decide(name, "accept", reason="clerical", note="the form was read wrongly")

    assert in_force(lab, sheet) != before
    assert waiting(lab) == []
    assert {hold.kind for hold in gate(lab).holds} & {"correction", "not_assessed"} == {"not_assessed"}
    (entry,) = lab.ledger.entries(objects=[name])
    (row,) = entry.body["correction"]["rows"]
    assert row["before"] != row["after"]
    assert [one.run for one in lab.assess()] == ["T1"]
    assert lab.verify(reads_again=True) == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_refused_sheet_changes_nothing_opens_the_gate_and_is_not_asked_again(lab, sheet):
    before, gate = in_force(lab, sheet), lab.gate().is_open
    text = mutated(sheet, random.Random(f"{sheet} 3"))
    name = hand_in(lab, sheet, text).correction

    lab.decide(name, "refuse", reason="not_confirmed")
    again = hand_in(lab, sheet, text + "\n")

    assert (again.outcome, again.n_rows) == ("in", 0)
    assert name in again.message
    assert (in_force(lab, sheet), waiting(lab), lab.gate().is_open) == (before, [], gate)
    assert lab.assess() == []
    assert lab.verify(reads_again=True) == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_row_on_which_no_result_rests_and_a_new_one_come_in_at_once(lab, sheet):
    header, *rows = SHEETS[sheet].splitlines()
    names = header.split(",")
    column = sorted(CHANGED[sheet])[0]
    last = rows[-1].split(",")
    last[names.index(column)] = next(word for word in CHANGED[sheet][column] if word not in (last, ""))
    key = {"samples": "sample", "subjects": "subject", "controls": "lot", "events": "instrument"}
    new = rows[-1].split(",")
    new[names.index(key.get(sheet, "bridged_to"))] = "X7"

    outcome = hand_in(lab, sheet, "\n".join([header, *rows[:-1], ",".join(last), ",".join(new), ""]))

    assert (outcome.outcome, outcome.n_rows, waiting(lab)) == ("in", 1 + (last != rows[-1].split(",")), [])


def test_a_remark_of_an_event_waits_for_nobody(lab):
    outcome = hand_in(lab, "events", SHEETS["events"].replace("anna", "bert"))

    assert (outcome.outcome, outcome.n_rows, waiting(lab)) == ("in", 2, [])


def test_a_sheet_that_lacks_a_column_does_not_empty_it_for_results_that_are_there(lab):
    before = in_force(lab, "samples")
    text = "study,sample,subject,visit,matrix\nS,A0,P1,0,serum\n"

    outcome = hand_in(lab, "samples", text)

    assert outcome.outcome == "waits"
    assert in_force(lab, "samples") == before


def test_two_changes_of_one_row_are_shown_against_what_is_in_force_when_they_are_looked_at(lab):
    first = hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0")).correction
    second = hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P7,0")).correction

    lab.decide(first, "accept", reason="clerical")

    (row,) = lab.show(second).correction.rows
    before, after = (pseudonym(read_secret(lab.paths.blind_secret), "subject:S", subject) for subject in ("P2", "P7"))
    assert (row.before, row.after) == ({"subject": before}, {"subject": after})
    assert waiting(lab) == [second]


def test_what_was_seen_is_decided_on_and_not_what_came_since(lab):
    first = hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0")).correction
    second = hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P7,0")).correction
    seen = [item for item in lab.queue() if item.shown.item == second]
    lab.decide(first, "accept", reason="clerical")

    with pytest.raises(ConflictError, match="look again"):
        lab.decide(seen, "accept", reason="clerical")


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_a_decision_on_a_correction_needs_a_reason_and_the_right(lab, act):
    name = hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0")).correction

    with pytest.raises(ConfigError, match="A reason is needed for a decision on a correction"):
        lab.decide(name, act)
    with pytest.raises(ConfigError, match="'haemolysed' is not meant for 'correct'"):
        lab.decide(name, act, reason="haemolysed")
    settings = (lab.paths.root / "qc.toml").read_text(encoding="utf-8")
    (lab.paths.root / "qc.toml").write_text(settings.replace('correct = ["lab_manager", "qa"]', "correct = []"))
    with pytest.raises(RightsError):
        qc.open_lab(lab.paths.root).decide(name, act, reason="clerical")
    assert lab.ledger.entries(kinds=[Kind.DECISION]) == []


def test_a_correction_is_handed_in_and_accepted_in_one_act_with_a_reason(lab):
    text = SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0").replace("S,Z9,P9", "S,Z9,P8")

    outcome = hand_in(lab, "samples", text, correct=True, reason="clerical")

    assert (outcome.outcome, waiting(lab)) == ("in", [])
    (entry,) = lab.ledger.entries(kinds=[Kind.DECISION])
    assert [row["key"]["sample"] for row in entry.body["correction"]["rows"]] == ["A0", "Z9"]
    assert lab.verify(reads_again=True) == []


def test_the_same_bytes_that_wait_are_accepted_by_the_act_of_whoever_corrects(lab):
    text = SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0")
    name = hand_in(lab, "samples", text).correction

    outcome = hand_in(lab, "samples", text, correct=True, reason="clerical")

    assert name in outcome.message
    assert waiting(lab) == []


def test_a_corrected_run_waits_with_its_difference_and_counts_once_it_is_accepted(lab):
    outcome = hand_in(lab, "T1", RESULTS.replace("A3,iron,85", "A3,iron,58"), RUN)
    shown = lab.show(outcome.correction)

    assert outcome.outcome == "waits"
    assert [(row.table, row.before, row.after) for row in shown.correction.rows] == [
        ("reported", {"text": "85"}, {"text": "58"})
    ]
    assert "A3" not in str(shown.as_json())
    assert (shown.correction.n_results, shown.correction.n_pairs) == (1, 1)
    lab.decide(outcome.correction, "accept", reason="corrected_at_source")
    lab.assess()
    with lab.facts.reading() as con:
        assert con.execute("SELECT value FROM latest_results WHERE sample = 'A3'").fetchall() == [(58.0,)]
    assert lab.verify(reads_again=True) == []


def test_a_run_that_comes_again_with_the_same_content_asks_for_nothing(lab):
    outcome = hand_in(lab, "T1", RESULTS + "\n", RUN)

    assert (outcome.outcome, outcome.n_rows, waiting(lab)) == ("in", 0, [])
    assert lab.verify(reads_again=True) == []


def test_what_was_accepted_when_the_program_was_killed_is_in_force_after_the_next_pass(lab, monkeypatch):
    import qc.decide.decide_correction

    name = hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0")).correction
    before = in_force(lab, "samples")
    monkeypatch.setattr(qc.decide.decide_correction, "apply_accepted", lambda lab: [])
    lab.decide(name, "accept", reason="clerical")
    assert in_force(lab, "samples") == before
    assert not lab.gate().is_open
    assert waiting(lab) == []

    lab.assess()

    assert in_force(lab, "samples") != before
    assert [hold for hold in lab.gate().holds if hold.kind == "correction"] == []


def test_a_new_event_waits_where_it_reaches_back_into_a_study_that_was_released(lab):
    for item in lab.queue():
        lab.decide(item, "approve", reason="biologically_plausible")
    lab.release("S")
    text = (
        SHEETS["events"] + "2025-05-02T08:00:00,recalibration,,I1,,anna\n2025-08-02T08:00:00,recalibration,,I1,,anna\n"
    )

    outcome = hand_in(lab, "events", text)

    assert (outcome.outcome, outcome.n_rows, outcome.n_waiting) == ("waits", 1, 1)


def test_a_result_says_that_it_waits_for_a_correction_and_a_filter_of_the_study_finds_it(lab):
    hand_in(lab, "samples", SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P2,0"))

    assert (lab.show("R1.1").state, lab.show("R1.2").why) == ("waiting", "")
    assert "correction" in lab.show("R1.1").why
    assert lab.queue("S")[0].seen.scope == "correction"
    assert lab.queue("OTHER") == []


def test_a_release_names_those_before_it_and_what_has_changed_since_the_last(lab):
    def approve():
        lab.assess()
        for item in lab.queue():
            lab.decide(item, "approve", reason="biologically_plausible")
        return lab.release("S")

    first = approve()
    text = SHEETS["samples"].replace("S,A0,P1,0", "S,A0,P1,9")
    hand_in(lab, "samples", text, correct=True, reason="clerical")
    second = approve()

    told = lab.release_diff(first.name, second.name, reason="an auditor asks")
    blinded = lab.release_diff(first.name, second.name)
    assert first.manifest["since_last"] is None
    assert [one["release"] for one in second.manifest["releases_before"]] == [first.name]
    assert second.manifest["since_last"] == {**told.as_json(), "second": second.name}
    assert [(one.sample, one.columns[0].before, one.columns[0].after) for one in told.samples] == [("A0", "0", "9")]
    assert [(one.sample[:2], one.columns[0].before, one.columns[0].after) for one in blinded.samples] == [
        ("S-", "(blinded)", "(blinded)")
    ]
    assert "A0" not in str(blinded.as_json())
    looks = [e.object for e in lab.ledger.entries() if str(e.kind) == "unblinding"]
    assert looks == [f"release_diff:{first.name}:{second.name}"]
    assert [(one.act, one.reason, one.n_results) for one in told.corrections] == [("approve", "clerical", 1)]
    assert lab.release_diff(first.name, first.name).sentences == (f"'{first.name}' says what '{first.name}' says.",)


def test_a_run_without_a_study_goes_by_the_one_sheet_that_knows_its_samples(lab):
    rows = "study,sample,subject,visit,matrix\nT,T0,Q1,0,serum\nT,T3,Q1,3,serum\n"
    hand_in(lab, "of-another", rows)
    text = RESULTS.replace("A0", "T0").replace("A3", "T3").replace("sample,B0,iron,90,,,\n", "")

    hand_in(lab, "T2", text, RUN.replace("T1", "T2").replace('study = "S"\n', ""))

    with lab.facts.reading() as con:
        assert con.execute("SELECT study FROM runs WHERE run = 'T2'").fetchall() == [("T",)]
    assert lab.verify(reads_again=True) == []


def test_gate_and_sheets_name_the_cause_once_where_a_subject_or_a_study_does_not_fit(lab):
    hand_in(lab, "samples", SHEETS["samples"] + "S,C0,P5,0,serum,,,\n")
    hand_in(lab, "T2", RESULTS.replace("A0", "C0").replace("A3", "T3"), RUN.replace("T1", "T2"))
    hand_in(lab, "T3", RESULTS.replace("A0", "U0").split("sample,A3")[0], RUN.replace("T1", "T3"))
    lab.assess()
    hand_in(lab, "of-another", "study,sample,subject,visit,matrix\nU,U0,Q1,0,serum\n")

    gaps = lab.gate("S").gaps

    assert len(gaps) == 3
    assert "sample T3 of run T2 (T2.csv, line 5) is in no sample sheet: its result waits. Did you mean" in gaps[0]
    assert "subject P5 of the sample sheet is not in the subject sheet" in gaps[1]
    assert "run T3 stand in the sample sheet of 'U', the runs in 'S'" in gaps[2]


def test_subjects_that_stand_in_the_sheet_of_another_study_are_told_by_the_gate_of_both(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="lab", settings={"lab.default_study": "S"})
    hand_in(lab, "samples", "sample,subject,visit,matrix\nA0,P1,0,serum\nA3,P1,3,serum\n")
    hand_in(lab, "subjects", "study,subject,sex,birth_year\nT,P1,male,1960\n")
    hand_in(lab, "T1", "sample,analyte,value,unit\nA0,iron,90,ug/dL\nA3,iron,80,ug/dL\n", '[run]\nmatrix = "serum"\n')

    told = [lab.gate(study).gaps for study in "ST"]

    assert told[0] == told[1]
    (gap,) = told[0]
    assert "The subject sheet of subject P1 says study 'T', their samples and runs 'S'" in gap


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("material,level,lot,analyte,unit,target,sd\nC,L1,A,iron,ug/dL,50,2\nC,L2,B,iron,ug/dL,90,2\n", "matrix"),
        ("material,level,lot,analyte,matrix,target,sd\nC,L1,A,iron,serum,50,2\n", "unit"),
        ("sample,subject,matrix\nS1,P1,serum\nS2,P1,serum\n", "visit"),
    ],
)
def test_a_column_that_a_sheet_lacks_is_told_once_and_by_its_name(lab, tmp_path, text, lacking):
    (tmp_path / "sheet.csv").write_text(text)

    [told] = lab.ingest(tmp_path / "sheet.csv")

    assert [str(fault).split(";")[0] for fault in told.faults] == [f"line 1: The header lacks '{lacking}'"]


def test_the_queue_names_the_study_that_knows_the_samples_once_its_sheet_has_come(lab):
    hand_in(lab, "T3", RESULTS.replace("A0", "U0").split("sample,A3")[0], RUN.replace("T1", "T3"))
    hand_in(lab, "of-another", "study,sample,subject,visit,matrix\nU,U0,Q1,0,serum\n")
    lab.assess()
    told = [finding for item in lab.queue() for finding in item.findings if finding.rule == "identity.sample_known"]
    assert {"sample sheet of study 'U' knows the sample, and its run stands in 'S'" in one.way_on for one in told} == {
        True
    }

    hand_in(lab, "T3", RESULTS.replace("A0", "U0").split("sample,A3")[0], RUN.replace("T1", "T3").replace('"S"', '"U"'))

    [correction] = [item.findings[0].sentence for item in lab.queue() if item.shown.item.startswith("C")]
    assert "would change the study of run T3" in correction
