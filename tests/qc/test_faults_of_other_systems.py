"""What systems of this kind are known to get wrong, held through a whole lab; rules alone are held by their cases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

import qc
from checks.registry import rules

START = datetime(2026, 3, 2, 8, 0)
CONTROLS = """material,level,lot,analyte,matrix,unit,target,sd
M,L1,1,ferritin,serum,ng/mL,50,5
M,L2,1,ferritin,serum,ng/mL,200,20
"""
IN_ROW = ("westgard.2-2s", "westgard.4-1s", "westgard.10-x")
"""Rules of the profile that depend on the order of runs."""


class _Lab:
    def __init__(self, folder, *, sheet=CONTROLS):
        self.lab = qc.init_lab(folder / "lab", name="test", settings={"lab.default_study": "S"})
        self.folder = folder
        (folder / "controls.csv").write_text(sheet, encoding="utf-8")
        self.taken = self.lab.ingest(folder / "controls.csv")

    def take(self, name, *, started_at=START, controls=(("L1", "51"), ("L2", "203")), samples=(("S1", "80.5"),)):
        when = f"started_at = {started_at:%Y-%m-%dT%H:%M:%S}" if started_at else ""
        head = f'[run]\nrun = "{name}"\nstudy = "S"\nmatrix = "serum"\nunit = "ng/mL"\nmethod = "elisa"\n{when}\n'
        (self.folder / f"{name}.run.toml").write_text(f'{head}profile = "clinical-westgard-n2"\n', encoding="utf-8")
        rows = [f"control,,ferritin,{value},M,{level},1" for level, value in controls]
        rows += [f"sample,{sample},ferritin,{value},,," for sample, value in samples]
        text = "\n".join(["role,sample,analyte,value,material,level,lot", *rows, ""])
        (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")
        return self.lab.ingest(self.folder / f"{name}.csv")

    def rows(self, sql, *values):
        with self.lab.facts.reading() as con:
            return con.execute(sql, list(values)).fetchall()

    def verdicts(self, name):
        sql = """SELECT f.rule, f.verdict FROM findings f JOIN run_states s USING (run_id, assessment_id)
            WHERE s.run = ?"""
        return set(self.rows(sql, name))

    def state(self, name, sample="S1"):
        sql = "SELECT r.state FROM latest_results r JOIN runs x USING (run_id) WHERE x.run = ? AND r.sample = ?"
        ((state,),) = self.rows(sql, name, sample)
        return state


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    made = _Lab(tmp_path_factory.mktemp("faults"))
    made.take("good", samples=[("S1", "80.5"), ("S2", "haemolysed"), ("S3", "")])
    made.take("uncontrolled", controls=(), samples=[("S4", "81")], started_at=START + timedelta(days=1))
    made.take("shifted", controls=(("L1", "61"), ("L2", "242")), started_at=START + timedelta(days=2))
    made.take("shifted-again", controls=(("L1", "61"), ("L2", "242")), started_at=START + timedelta(days=3))
    made.take("epoch", controls=(("L1", "61"), ("L2", "203")), started_at=datetime(1970, 1, 1))
    made.lab.assess()
    return made


def test_a_run_without_any_control_is_not_valid(lab):
    assert ("controls.present", "not_evaluable") in lab.verdicts("uncontrolled")
    assert lab.state("uncontrolled", "S4") == "waiting"
    assert not lab.lab.gate().is_open


@pytest.mark.parametrize("sample", ["S2", "S3"])
def test_a_result_that_is_no_number_is_not_in_range(lab, sample):
    sql = "SELECT value, state FROM latest_results WHERE sample = ?"
    ((value, state),) = lab.rows(sql, sample)

    assert value is None
    assert state == "waiting"


@pytest.mark.parametrize("sd", ["0", "-5"])
def test_a_control_whose_sd_is_not_above_0_is_a_fault_of_the_sheet_and_has_no_z(tmp_path, sd):
    made = _Lab(tmp_path, sheet=CONTROLS.replace("50,5\n", f"50,{sd}\n"))
    made.take("run")
    made.lab.assess()

    (report,) = made.taken
    assert any("sd" in str(fault) for fault in report.faults)
    assert {z for (z,) in made.rows("SELECT z FROM control_results WHERE level = 'L1'")} == {None}
    assert made.state("run") == "waiting"


def test_a_run_of_1970_has_no_believable_time_and_no_rule_on_the_order_of_runs_passes(lab):
    said = lab.verdicts("epoch")

    assert [rule for rule in IN_ROW if (rule, "not_evaluable") not in said] == []
    assert lab.state("epoch") == "waiting"


def test_every_verdict_shows_the_version_of_its_rule_and_the_limits_behind_it(lab):
    told = lab.rows("SELECT rule, version, limits FROM findings WHERE verdict IN ('reject', 'warn')")
    known = {name: one for name, one in rules().items() if one.limits}
    rested = [(known[rule], version, json.loads(limits)) for rule, version, limits in told if rule in known]

    assert {"westgard.1-2s", "westgard.2-2s"} <= {rule.id for rule, _, _ in rested}
    for rule, version, limits in rested:
        assert version == rule.version
        assert limits, rule.id
        assert all(limit["source"] and limit["unit"] for limit in limits), rule.id


def test_a_flag_stays_when_a_setting_changes(tmp_path):
    made = _Lab(tmp_path)
    made.take("shifted", controls=(("L1", "67"), ("L2", "203")))
    made.lab.assess()
    before = made.rows("SELECT assessment_id, rule, sentence, limits FROM findings ORDER BY ALL")
    own = made.lab.paths.root / "profiles"
    own.mkdir(exist_ok=True)
    text = 'extends = "clinical-westgard-n2"\ncontext = "test"\n[rules."westgard.1-3s"]\n'
    text += 'sd_limit = { value = 3.9, unit = "SD", source = "test", status = "proposed" }\n'
    (own / "clinical-westgard-n2.toml").write_text(text, encoding="utf-8")
    made.lab = qc.open_lab(made.lab.paths.root)

    made.lab.assess()

    after = made.rows("SELECT assessment_id, rule, sentence, limits FROM findings ORDER BY ALL")
    assert any(rule == "westgard.1-3s" for _, rule, _, _ in before)
    assert ("westgard.1-3s", "reject") not in made.verdicts("shifted")
    assert set(before) <= set(after)
