from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

import qc

START = datetime(2026, 3, 2, 8, 0)
HEADER = "material,level,lot,analyte,matrix,unit,target,sd,target_from,guide_runs"
LOTS = {"A": [50.0, 52.0, 49.0, 51.0], "B": [60.0, 58.5, 61.0, 59.5], "C": [40.0, 41.0, 39.5, 40.5]}
POOLED = [f"QC,low,{lot},iron,serum,ug/dL,,,pooled," for lot in LOTS]


class _Lab:
    def __init__(self, folder):
        self.lab, self.folder, self.files = qc.init_lab(folder / "lab", name="test"), folder, []

    def file(self, name, *lines):
        (self.folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.files.append(self.folder / name)

    def run(self, name, day, lot, value):
        at = START + timedelta(days=day)
        (self.folder / f"{name}.run.toml").write_text(
            f'[run]\nrun = "{name}"\nstarted_at = {at:%Y-%m-%dT%H:%M:%S}\nprofile = "research-elisa"\n'
            'matrix = "serum"\nunit = "ug/dL"\n',
            encoding="utf-8",
        )
        self.file(
            f"{name}.csv",
            "sample,analyte,value,material,level,lot,role",
            f",iron,{value},QC,low,{lot},control",
            f"S-{name},iron,90,,,,sample",
        )

    def judge(self):
        reports = self.lab.ingest(*self.files)
        assert all(not report.faults for report in reports), [report.faults for report in reports]
        self.files.clear()
        return [one.run for one in self.lab.assess()]

    def control(self, run):
        sql = """SELECT target, sd, z, target_kind, basis FROM control_results
            JOIN run_states s USING (run_id, assessment_id) WHERE s.run = ? AND NOT is_superseded"""
        with self.lab.facts.reading() as con:
            return con.execute(sql, [run]).fetchall()[0]

    def rules(self, run):
        sql = "SELECT f.rule, f.verdict FROM findings f JOIN run_states s USING (run_id, assessment_id) WHERE s.run = ?"
        with self.lab.facts.reading() as con:
            return set(con.execute(sql, [run]).fetchall())


@pytest.fixture
def lab(tmp_path):
    return _Lab(tmp_path)


def _measure(lab, lots):
    for place, (lot, values) in enumerate(lots.items()):
        for number, value in enumerate(values):
            lab.run(f"{lot}{number}", 10 * place + number, lot, value)


def test_every_run_of_pooled_lots_is_judged_once_there_are_enough_and_by_later_ones_too(lab):
    lab.file("controls.csv", HEADER, *POOLED)
    _measure(lab, {"A": LOTS["A"], "B": LOTS["B"]})
    lab.judge()
    before = lab.control("A0"), lab.rules("A0")
    _measure(lab, {"C": LOTS["C"]})
    again = lab.judge()

    assert before[0][:4] == (None, None, None, "pooled")
    assert ("controls.short_lots", "not_evaluable") in before[1]
    assert not {rule for rule, _ in before[1]} & {"controls.life", "controls.present"}
    assert set(again) >= {f"{lot}{number}" for lot in LOTS for number in range(4)}
    for lot, values in LOTS.items():
        for number in range(4):
            target, sd, z, kind, basis = lab.control(f"{lot}{number}")
            others = np.delete(values, number)
            assert (kind, target) == ("pooled", pytest.approx(np.exp(np.log(others).mean())))
            assert "within 3 lots (8 degrees of freedom)" in basis
            assert abs(z) < 2
            assert z == pytest.approx(np.log(values[number] / target) * target / sd)
    assert not {rule for rule, _ in lab.rules("A0")} & {"controls.short_lots", "controls.life"}
    assert lab.lab.assess() == []


def test_a_bad_control_of_a_short_lot_is_rejected_and_a_rejected_run_counts_for_nobody(lab):
    lab.file("controls.csv", HEADER, *POOLED)
    _measure(lab, {**LOTS, "D": [30.0, 60.0, 31.0, 29.5]})
    lab.file("lot_d.csv", HEADER, *POOLED, "QC,low,D,iron,serum,ug/dL,,,pooled,")
    lab.judge()
    before = lab.control("D0")
    with lab.lab.facts.reading() as con:
        (run_id,) = con.execute("SELECT run_id FROM run_states WHERE run = 'D1'").fetchall()[0]

    lab.lab.decide(f"R{run_id}", "reject", reason="outside_record", note="wrong vial")
    lab.lab.assess()

    assert before[1] > lab.control("D0")[1] * 2
    assert lab.control("D0")[0] == pytest.approx(np.exp(np.log([31.0, 29.5]).mean()))
    assert ("westgard.1-3s", "reject") in lab.rules("D1")


def test_a_guide_set_judges_all_runs_of_its_lot_and_says_that_it_is_provisional(lab):
    lab.file("controls.csv", HEADER, "QC,low,A,iron,serum,ug/dL,,,guide_set,A0; A1;A2;A3;A4")
    _measure(lab, {"A": [50.0, 52.0, 49.0, 51.0, 48.0, 50.5, 61.0]})
    lab.judge()

    assert [lab.control(f"A{number}")[:2] for number in (0, 5)] == [(50.0, pytest.approx(1.5811388))] * 2
    assert ("controls.short_lots", "warn") in lab.rules("A0")
    assert ("westgard.1-3s", "reject") in lab.rules("A6")


def test_lots_that_came_in_bit_by_bit_are_judged_as_if_they_had_come_at_once(lab, tmp_path):
    lab.file("controls.csv", HEADER, *POOLED)
    for days in ({0, 1}, {2, 3}):
        for place, (lot, values) in enumerate(LOTS.items()):
            for number in sorted(days):
                lab.run(f"{lot}{number}", place + 5 * number, lot, values[number])
        lab.judge()
    (tmp_path / "other").mkdir()
    whole = _Lab(tmp_path / "other")
    whole.file("controls.csv", HEADER, *POOLED)
    for place, (lot, values) in enumerate(LOTS.items()):
        for number, value in enumerate(values):
            whole.run(f"{lot}{number}", place + 5 * number, lot, value)
    whole.judge()

    names = [f"{lot}{number}" for lot in LOTS for number in range(4)]
    assert [lab.control(name) for name in names] == [whole.control(name) for name in names]
    assert [lab.rules(name) for name in names] == [whole.rules(name) for name in names]


@pytest.mark.parametrize(
    "row", ["QC,low,A,iron,serum,ug/dL,,,guide_set,", "QC,low,A,iron,serum,ug/dL,,,pooled,A0;A1"], ids=["none", "idle"]
)
def test_guide_runs_stand_with_a_guide_set_alone(lab, row):
    lab.file("controls.csv", HEADER, row)
    (report,) = lab.lab.ingest(*lab.files)

    assert "A 'guide_set' needs the runs that set its target" in str(report.faults)
