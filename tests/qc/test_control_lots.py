from __future__ import annotations

from datetime import datetime, timedelta

import pytest

import qc
from qc.cli.main import _outcome
from qc.release.gate import gate

START = datetime(2026, 3, 2, 8, 0)
VALUES = [50.0, 52.0, 49.0, 51.0, 48.0, 50.5, 49.5, 51.5, 48.5, 50.0]


@pytest.fixture
def lab(tmp_path):
    made = qc.init_lab(tmp_path / "lab", name="test")
    return _Lab(made, tmp_path)


@pytest.fixture(scope="module")
def lab_of_22_days(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lots")
    lab = _Lab(qc.init_lab(folder / "lab", name="test"), folder)
    sheet = ["A,iron,serum,ug/dL,,,establishment,,,", "R,iron,serum,ug/dL,,,rolling,,,"]
    sheet += ["F,iron,serum,ug/dL,50,2,fixed,,,", "B,iron,serum,ug/dL,,,establishment,,,F"]
    lab.controls(*(f"QC,{row[0]},{row}" if row[0] in "AR" else f"QC,low,{row}" for row in sheet))
    for number in range(22):
        value = VALUES[number % 10]
        own = [("QC", "A", "A", value), ("QC", "R", "R", value), ("QC", "low", "F", 50)]
        lab.run(number, *own, ("QC", "low", "B", 60 + number % 2))
    lab.assess()
    return lab


class _Lab:
    def __init__(self, lab, folder):
        self.lab, self.folder, self.waiting = lab, folder, []

    def take(self, name, *lines):
        file = self.folder / name
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.waiting.append(file)

    def ingest(self):
        reports = self.lab.ingest(*self.waiting)
        self.waiting.clear()
        return reports

    def assess(self):
        self.ingest()
        return self.lab.assess()

    def controls(self, *lines, name="controls.csv"):
        header = "material,level,lot,analyte,matrix,unit,target,sd,target_from,active_from,expires_on,follows"
        self.take(name, header, *lines)

    def run(self, number, *controls, day=None, instrument="", profile="control-rules", reagent_lot=""):
        at = START + timedelta(days=number if day is None else day)
        sheet = ["[run]", f'run = "run-{number}"', f"started_at = {at:%Y-%m-%dT%H:%M:%S}"]
        sheet += [
            f'profile = "{profile}"',
            f'instrument = "{instrument}"',
            f'reagent_lot = "{reagent_lot}"',
            'matrix = "serum"',
            'unit = "ug/dL"',
        ]
        (self.folder / f"run-{number}.run.toml").write_text("\n".join(sheet), encoding="utf-8")
        rows = [f",iron,{value},{material},{level},{lot},control" for material, level, lot, value in controls]
        self.take(f"run-{number}.csv", "sample,analyte,value,material,level,lot,role", *rows)

    def told(self, run):
        sql = """SELECT target, sd, z, target_kind, basis FROM control_results c JOIN run_states s
            USING (run_id, assessment_id) WHERE s.run = ? ORDER BY position"""
        with self.lab.facts.reading() as con:
            return con.execute(sql, [f"run-{run}"]).fetchall()

    def item(self, run):
        with self.lab.facts.reading() as con:
            return f"R{con.execute('SELECT run_id FROM run_states WHERE run = ?', [f'run-{run}']).fetchone()[0]}"

    def findings(self, run):
        sql = """SELECT f.rule, f.verdict, f.sentence FROM findings f JOIN run_states s USING (run_id, assessment_id)
            WHERE s.run = ? ORDER BY f.ordinal"""
        with self.lab.facts.reading() as con:
            return con.execute(sql, [f"run-{run}"]).fetchall()

    def rules(self, run):
        return {rule for rule, _, _ in self.findings(run)}


def test_a_new_material_has_its_target_after_20_results_on_20_days_and_keeps_it(lab_of_22_days):
    lab = lab_of_22_days
    first_20 = [VALUES[number % 10] for number in range(20)]
    mean = sum(first_20) / 20

    assert lab.told(19)[0][:4] == (None, None, None, "")
    assert "19 results on 19 days" in lab.told(19)[0][4]
    target, sd, z, kind, basis = lab.told(20)[0]
    assert (target, kind, basis) == (pytest.approx(mean), "established", "established from 20 results on 20 days")
    assert z == pytest.approx((VALUES[0] - mean) / sd)
    assert lab.told(21)[0][:2] == (target, sd)
    assert ("controls.life", "not_evaluable") in [finding[:2] for finding in lab.findings(19)]
    assert "controls.life" not in lab.rules(20)


def test_controls_of_runs_that_failed_or_were_rejected_count_towards_no_target(lab):
    lab.controls("QC,new,A,iron,serum,ug/dL,,,establishment,,,", "QC,low,F,iron,serum,ug/dL,50,2,fixed,,,")
    for number in range(24):
        low = 58 if number == 3 else 50 + number % 2
        new = 90 if number in (3, 7) else VALUES[number % 10]
        lab.run(number, ("QC", "new", "A", new), ("QC", "low", "F", low), profile="clinical-westgard-n2")
    lab.assess()
    before = lab.told(23)[0]
    lab.lab.decide(lab.item(7), "reject", reason="outside_record", note="bubbles in the needle")

    again = [assessed.run for assessed in lab.lab.assess()]

    assert before[4] == "established from 20 results on 20 days (1 more left out: 1 of a run that failed westgard.1-3s)"
    target, _, _, kind, basis = lab.told(23)[0]
    assert kind == "established"
    assert target == pytest.approx(sum(VALUES[n % 10] for n in range(22) if n not in (3, 7)) / 20)
    assert "2 more left out: 1 of a run that failed westgard.1-3s, 1 rejected by a person" in basis
    assert "run-6" not in again
    assert {f"run-{number}" for number in range(8, 24)} <= set(again)
    assert lab.told(22)[0][3] == "established"


def test_an_approval_over_the_failure_lets_its_controls_count(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,,,rolling,,,")
    for number in range(22):
        value = 60 if number == 20 else VALUES[number % 10]
        lab.run(number, ("QC", "low", "A", value), profile="clinical-westgard-n2")
    lab.assess()
    before = lab.told(21)[0][4]
    lab.lab.decide(f"{lab.item(20)}/iron", "approve", reason="other", note="the material was changed on purpose")

    lab.lab.assess()

    assert before == "rolling: the last 20 results on 20 days (1 more left out: 1 rejected by westgard.1-3s)"
    assert lab.told(21)[0][4] == "rolling: the last 21 results on 21 days"


def test_a_rolling_target_follows_the_last_results(lab_of_22_days):
    assert lab_of_22_days.told(21)[1][3:] == ("rolling", "rolling: the last 21 results on 21 days")


def test_a_new_lot_carries_the_cv_of_the_one_it_follows(lab_of_22_days):
    target, sd, _, kind, basis = lab_of_22_days.told(10)[3]

    assert (target, sd, kind) == (pytest.approx(60.5), pytest.approx(60.5 * 2 / 50), "bridged")
    assert "CV of lot 'F', 4 %" in basis
    assert lab_of_22_days.told(9)[3][3] == ""


def test_four_results_a_day_on_five_days_give_a_provisional_target(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,,,establishment,,,")
    for day in range(6):
        four = VALUES[day % 2 : day % 2 + 4]
        lab.run(day, *(("QC", "low", "A", value) for value in four))
    lab.assess()

    assert lab.told(4)[0][3] == ""
    assert lab.told(5)[0][3] == "provisional"
    assert ("controls.life", "warn") in [finding[:2] for finding in lab.findings(5)]


@pytest.mark.parametrize(
    ("dates", "words"),
    [(",2026-03-01,", "expired on 2026-03-01"), ("2026-03-09,,", "not in use before 2026-03-09")],
    ids=["expired", "not yet in use"],
)
def test_a_lot_out_of_use_is_not_judged(lab, dates, words):
    lab.controls(f"QC,low,A,iron,serum,ug/dL,50,2,fixed,{dates}")
    lab.run(0, ("QC", "low", "A", 50))
    lab.assess()

    assert lab.told(0)[0] == (None, None, None, "", words)
    assert [finding[:2] for finding in lab.findings(0) if finding[0] == "controls.life"] == [
        ("controls.life", "not_evaluable")
    ]


def test_a_lot_is_good_on_its_last_day(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,manufacturer,,2026-03-02,")
    lab.run(0, ("QC", "low", "A", 50))
    lab.assess()

    assert lab.told(0)[0][2:] == (0, "manufacturer", "given by the manufacturer")


def test_a_recorded_event_begins_the_counting_anew_and_is_told(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    for number in range(9):
        lab.run(number, ("QC", "low", "A", 53))
    lab.take(
        "events.csv",
        "happened_at,event,analyte,instrument,note,recorded_by",
        "2026-03-06 07:00,Recalibration,,,new calibrator,M. Lab",
        "2026-03-07 07:00,service,ferritin,,of another method,M. Lab",
    )
    lab.assess()

    assert "westgard.4-1s" in lab.rules(3)
    assert "westgard.4-1s" not in lab.rules(4)
    assert "westgard.4-1s" not in lab.rules(6)
    (sentence,) = [text for rule, _, text in lab.findings(7) if rule == "westgard.4-1s"]
    assert "The row begins after the recalibration of 2026-03-06 07:00." in sentence
    assert "target 50 (SD 2) ug/dL, fixed by the control sheet" in sentence


def test_instruments_have_rows_and_events_of_their_own(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    lab.take("events.csv", "happened_at,event,instrument,recorded_by", "2026-03-04 07:00,maintenance,X2,M. Lab")
    for number in range(4):
        lab.run(number, ("QC", "low", "A", 53), instrument="X1")
    lab.run(9, ("QC", "low", "A", 53), instrument="X2")
    lab.assess()

    assert "westgard.4-1s" in lab.rules(3)
    assert "westgard.4-1s" not in lab.rules(9)


def test_repeats_until_a_control_passes_are_counted_and_told(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    for number, value in enumerate([57.0, 45.0, 51.0]):
        lab.run(number, ("QC", "low", "A", value), day=number / 24)
    lab.assess()

    (sentence,) = [text for rule, _, text in lab.findings(2) if rule == "controls.repeats"]
    assert "measured 3 times in a row and they passed at try 3" in sentence
    assert "QC low (lot A) 3.50" in sentence
    assert "QC low (lot A) -2.50" in sentence


def test_a_corrected_run_hides_no_try(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    lab.run(0, ("QC", "low", "A", 57.0))
    lab.assess()
    lab.run(0, ("QC", "low", "A", 51.0))
    lab.lab.ingest(*lab.waiting, correct=True, reason="clerical")
    lab.waiting.clear()
    lab.assess()

    (sentence,) = [text for rule, _, text in lab.findings(0) if rule == "controls.repeats"]
    assert "they passed at try 2" in sentence


def test_show_tells_which_target_a_control_was_judged_by_and_what_was_recorded(lab, capsys):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,manufacturer,,,")
    lab.take("events.csv", "happened_at,event,lot,recorded_by", "2026-03-01 07:00,new reagent lot,R-7,M. Lab")
    lab.run(0, ("QC", "low", "A", 57.0))
    lab.assess()

    told = lab.lab.show("run-0").as_json()
    _outcome(["show", "run-0", "--lab", str(lab.lab.paths.root)])

    (control,) = told["controls"]
    assert (control["target"], control["sd"], control["z"]) == (50, 2, 3.5)
    assert control["basis"] == "given by the manufacturer"
    assert [event["event"] for event in told["events"]] == ["new_reagent_lot"]
    text = capsys.readouterr().out
    assert "given by the manufacturer" in text
    assert "new reagent lot (R-7), recorded by M. Lab" in text


def test_a_new_reagent_lot_is_warned_of_until_an_event_records_it(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    for number, reagent_lot in enumerate(["R1", "R2", "R2"]):
        lab.run(number, ("QC", "low", "A", 50), reagent_lot=reagent_lot)
    lab.assess()
    before = ["controls.reagent_lot" in lab.rules(number) for number in range(3)]
    lab.take("events.csv", "happened_at,event,lot,recorded_by", "2026-03-03 07:00,new reagent lot,R2,M. Lab")
    lab.assess()

    assert before == [False, True, False]
    assert "controls.reagent_lot" not in lab.rules(1)


def test_an_event_that_comes_late_has_the_later_runs_judged_again(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    for number in range(4):
        lab.run(number, ("QC", "low", "A", 53))
    lab.assess()
    lab.take("events.csv", "happened_at,event,recorded_by", "2026-03-04 07:00,maintenance,M. Lab")

    again = lab.assess()

    assert [assessed.run for assessed in again] == ["run-2", "run-3"]
    assert "westgard.4-1s" not in lab.rules(3)


def test_a_run_that_comes_late_has_the_runs_that_look_back_on_it_judged_again(lab):
    lab.controls("QC,low,A,iron,serum,ug/dL,50,2,fixed,,,")
    for number in (0, 1, 3, 4):
        lab.run(number, ("QC", "low", "A", 53 if number else 49))
    lab.run(5, ("QC", "low", "A", 53), instrument="X2")
    lab.assess()
    before = [("westgard.4-1s" in lab.rules(number)) for number in (3, 4, 5)]
    lab.run(2, ("QC", "low", "A", 53))

    again = lab.assess()

    assert before == [False, False, False]
    assert [assessed.run for assessed in again] == ["run-2", "run-3", "run-4"]
    assert "westgard.4-1s" in lab.rules(4)
    assert lab.lab.assess() == []


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["happened_at,event,recorded_by", "2026-03-04,party,M. Lab"], "'party' is not known"),
        (["happened_at,event,recorded_by", ",maintenance,M. Lab"], "an event needs its time"),
        (["happened_at,event,recorded_by", "2026-03-04,maintenance,"], "The cell is empty"),
        (["happened_at,event", "2026-03-04,maintenance"], "lacks 'recorded_by'"),
    ],
)
def test_a_faulty_event_sheet_is_refused_with_a_sentence(lab, lines, words):
    lab.take("events.csv", *lines)
    (report,) = lab.ingest()

    assert words in " ".join(str(fault) for fault in report.faults)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("QC,low,A,iron,serum,ug/dL,,,fixed,,,", "needs a number"),
        ("QC,low,A,iron,serum,ug/dL,50,2,guess,,,", "'guess' is not known"),
        ("QC,low,A,iron,serum,ug/dL,,,,,,A", "cannot follow itself"),
    ],
)
def test_a_faulty_control_sheet_is_refused_with_a_sentence(lab, row, words):
    lab.controls(row)
    (report,) = lab.ingest()

    assert words in " ".join(str(fault) for fault in report.faults)


def test_a_method_is_judged_over_its_runs_without_those_that_a_person_has_rejected(lab):
    lab.controls("QC,MQC,A,iron,serum,ug/dL,50,2,fixed,,,")
    for number in range(8):
        lab.run(number, ("QC", "MQC", "A", 95 if number == 2 else VALUES[number]), profile="m10-lba-validation")
    lab.assess()
    rule = "calibration.total_error_of_runs"
    before = [(run, verdict) for run in (3, 6, 7) for found, verdict, _ in lab.findings(run) if found == rule]

    lab.lab.decide(lab.item(2), "reject", reason="outside_record", note="the wrong control was pipetted")
    whys = {hold.why for hold in gate(lab.lab).holds if hold.kind == "not_assessed"}
    again = {assessed.run for assessed in lab.lab.assess()}

    assert before[0] == (3, "warn")
    assert {verdict for run, verdict in before if run == 7} == {"reject"}
    assert again >= {f"run-{number}" for number in range(3, 8)}
    assert rule not in lab.rules(7)
    assert whys
    assert all("Its controls are judged by runs of which" in why for why in whys)
