"""What systems of this kind are known to get wrong, held through a whole lab; rules alone are held by their cases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest

import qc
from checks.registry import rules
from schemas.errors import ConfigError

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

    def take(
        self,
        name,
        *,
        started_at=START,
        controls=(("L1", "51"), ("L2", "203")),
        samples=(("S1", "80.5"),),
        about="",
        correct=False,
    ):
        when = f"started_at = {started_at:%Y-%m-%dT%H:%M:%S}\n{about}" if started_at else about
        head = f'[run]\nrun = "{name}"\nstudy = "S"\nmatrix = "serum"\nunit = "ng/mL"\nmethod = "elisa"\n{when}\n'
        (self.folder / f"{name}.run.toml").write_text(f'{head}profile = "clinical-westgard-n2"\n', encoding="utf-8")
        rows = [f"control,,ferritin,{value},M,{level},1" for level, value in controls]
        rows += [f"sample,{sample},ferritin,{value},,," for sample, value in samples]
        text = "\n".join(["role,sample,analyte,value,material,level,lot", *rows, ""])
        (self.folder / f"{name}.csv").write_text(text, encoding="utf-8")
        reason = "clerical" if correct else ""
        return self.lab.ingest(self.folder / f"{name}.csv", correct=correct, reason=reason)

    def know(self, *samples):
        rows = "".join(f"S,{sample},P-{sample},0,serum\n" for sample in samples)
        (self.folder / "samples.csv").write_text(f"study,sample,subject,visit,matrix\n{rows}", encoding="utf-8")
        return self.lab.ingest(self.folder / "samples.csv")

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
    made.know("S4")
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


PAIR = "study,sample,subject,visit,matrix\nS,S1,P1,0,serum\nS,S2,P1,3,serum\n"
BRIDGING = """bridging,bridged_from,bridged_to,analyte,matrix,accepted,document,recorded_by
{kind},{one},{other},ferritin,serum,yes,BR-7,tester
"""


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("platform", 'platform = "{}"\ncalibrator_lot = "K1"'),
        ("calibrator lot", 'platform = "cobas"\ncalibrator_lot = "{}"'),
    ],
    ids=["platform", "calibrator lot"],
)
def test_a_pair_across_platforms_or_calibrator_lots_is_refused_until_a_record_bridges_them(tmp_path, kind, about):
    made = _Lab(tmp_path)
    (tmp_path / "samples.csv").write_text(PAIR, encoding="utf-8")
    made.lab.ingest(tmp_path / "samples.csv")
    made.take("first", samples=[("S1", "80.5")], about=about.format("A1"))
    made.take("last", samples=[("S2", "81.5")], about=about.format("B2"), started_at=START + timedelta(days=90))
    made.lab.assess()
    before = [("design.bridging", "reject") in made.verdicts(name) for name in ("first", "last")]
    is_open = made.lab.gate().is_open
    (tmp_path / "bridging.csv").write_text(BRIDGING.format(kind=kind, one="A1", other="B2"), encoding="utf-8")
    made.lab.ingest(tmp_path / "bridging.csv")
    made.lab.assess()

    assert (before, is_open) == ([True, True], False)
    assert "design.bridging" not in {rule for name in ("first", "last") for rule, _ in made.verdicts(name)}


def test_a_limit_is_that_of_the_method_that_measured(tmp_path):
    made = _Lab(tmp_path)
    made.know("S1")
    sheet = '[run]\nrun = "{0}"\nstudy = "S"\nmatrix = "serum"\nanalyte = "tnf_alpha"\nunit = "pg/mL"\nmethod = "{0}"\n'
    for method in ("elisa", "bead_array"):
        (tmp_path / f"{method}.run.toml").write_text(sheet.format(method), encoding="utf-8")
        (tmp_path / f"{method}.csv").write_text("sample,value\nS1,40\n", encoding="utf-8")
        made.lab.ingest(tmp_path / f"{method}.csv")
    made.lab.assess()

    assert ("range.soft", "warn") not in made.verdicts("elisa")
    assert ("range.soft", "warn") in made.verdicts("bead_array")


def test_a_control_exactly_at_2_sd_does_not_exceed_it_and_r_4s_does_not_look_across_runs(tmp_path):
    made = _Lab(tmp_path)
    made.take("at", controls=(("L1", "60"), ("L2", "200")))
    made.take("low", controls=(("L1", "39"), ("L2", "200")), started_at=START + timedelta(days=1))
    made.take("high", controls=(("L1", "61"), ("L2", "200")), started_at=START + timedelta(days=2))
    made.lab.assess()

    assert {rule for rule, _ in made.verdicts("at") if rule.startswith("westgard.")} == set()
    assert ("westgard.1-2s", "warn") in made.verdicts("high")
    assert "westgard.R-4s" not in {rule for rule, _ in made.verdicts("high")}


def test_nothing_is_left_out_without_a_reason(lab):
    with pytest.raises(ConfigError, match="A reason is needed for the rejection"):
        lab.lab.decide("R2", "reject")

    assert lab.lab.show("R2").decisions == ()


def test_a_correction_carries_neither_the_old_value_nor_the_old_decision_along(tmp_path):
    made = _Lab(tmp_path)
    made.take("run", samples=[("S1", "80.5")])
    made.lab.assess()
    (item,) = [line.shown.item for line in made.lab.queue() if "." in line.shown.item]
    made.lab.decide(item, "approve", reason="biologically_plausible")
    made.take("run", samples=[("S1", "805")], correct=True)
    made.lab.assess()

    assert made.rows("SELECT value FROM latest_results WHERE sample = 'S1'") == [(805.0,)]
    assert made.rows("SELECT DISTINCT value FROM results WHERE sample = 'S1' ORDER BY 1") == [(80.5,), (805.0,)]
    assert made.lab.show("run").corrects == item.partition(".")[0]
    assert made.state("run") == "waiting"


def test_every_finding_on_a_result_names_the_row_that_it_speaks_of(lab):
    told = lab.rows("""SELECT f.item, f.result_id, r.result_id FROM findings f LEFT JOIN results r
        ON r.result_id = f.result_id AND r.assessment_id = f.assessment_id WHERE f.scope = 'result'""")

    assert told
    assert all(row == result for _, row, result in told)
    assert all(f"R{row >> 20}.{row & 0xFFFFF}" == item for item, row, _ in told)
