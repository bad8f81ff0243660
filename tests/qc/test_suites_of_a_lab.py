from __future__ import annotations

import json

import pytest

import qc
from qc.cli.main import _outcome
from qc.store.frames import query

PANEL = {
    "suite": "our_panel",
    "matrix": "serum",
    "panel": ["iron", "tibc", "transferrin"],
    "expectations": [
        {
            "id": "complete",
            "column": "share_panel_complete",
            "least": 1,
            "verdict": "reject",
            "when": "run",
            "unit": "1",
            "sentence": "{observed:.2f} of the samples has all of {analyte}.",
            "source": "Our SOP 7",
            "status": "confirmed",
        },
        {
            "id": "present",
            "column": "share_with_result",
            "least": 1,
            "verdict": "reject",
            "when": "all",
            "unit": "1",
            "sentence": "{analyte} is not there for every sample: {observed:.2f}.",
            "source": "Our SOP 7",
        },
        {
            "id": "drift",
            "column": "shift_log10",
            "least": -0.3,
            "most": 0.3,
            "from_runs": 2,
            "verdict": "warn",
            "unit": "log10",
            "sentence": "{analyte} has moved by {observed:+.2f}.",
            "source": "Our SOP 7",
        },
    ],
}
VALUES = {"iron": (90, "ug/dL"), "tibc": (330, "ug/dL"), "transferrin": (250, "mg/dL")}


def hand_in(lab, name, day, *, factor=1.0, without=()):
    rows = ["run,sample,analyte,matrix,value,unit"]
    for number in range(6):
        for analyte, (value, unit) in VALUES.items():
            if (number, analyte) not in without and (None, analyte) not in without:
                told = value * factor * (1 + number / 50)
                rows.append(f"{name},{name}{number},{analyte},serum,{told:.1f},{unit}")
    sheet = f'[run]\nrun = "{name}"\nmatrix = "serum"\nstarted_at = 2025-03-0{day}T09:00:00\n'
    (lab.paths.inbox / f"{name}.run.toml").write_text(sheet, encoding="utf-8")
    (lab.paths.inbox / f"{name}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture
def lab(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="suites", settings={"lab.default_study": "S"})
    (lab.paths.suites / "our_panel.json").write_text(json.dumps(PANEL), encoding="utf-8")
    sheet = "study,sample,subject,visit,matrix\n" + "".join(
        f"S,{run}{n},P{run}{n},0,serum\n" for run in "ABCD" for n in range(6)
    )
    (lab.paths.inbox / "samples.csv").write_text(sheet, encoding="utf-8")
    return lab


def said(lab, suite="our_panel"):
    with lab.facts.reading() as con:
        text = (
            "SELECT r.run, f.rule, f.scope, f.analyte FROM findings f JOIN run_states s USING (run_id, assessment_id)"
        )
        rows = query(con, text + " JOIN runs r USING (run_id) ORDER BY ALL").rows()
    return [
        (run, rule.removeprefix(f"{suite}."), scope, analyte) for run, rule, scope, analyte in rows if suite in rule
    ]


def test_a_suite_of_the_lab_judges_the_panel_by_sample_and_names_what_is_missing(lab):
    hand_in(lab, "A", 1)
    hand_in(lab, "B", 2, without={(3, "tibc")})
    hand_in(lab, "C", 3, without={(None, "transferrin")})

    night = lab.nightly()

    assert [one.faults for one in night.failed] == []
    assert said(lab) == [
        ("B", "complete", "run", ""),
        ("B", "present", "analyte", "tibc"),
        ("C", "complete", "run", ""),
        ("C", "present", "analyte", "transferrin"),
    ]


def test_a_run_is_held_against_the_summaries_of_earlier_runs(lab):
    for day, (name, factor) in enumerate({"A": 1.0, "B": 1.1, "C": 0.9}.items(), start=1):
        hand_in(lab, name, day, factor=factor)
    lab.nightly()
    before = said(lab)
    hand_in(lab, "D", 4, factor=0.4)

    lab.nightly()

    assert before == []
    assert said(lab) == [("D", "drift", "analyte", analyte) for analyte in sorted(VALUES)]


def test_what_was_asked_is_kept_as_proof_of_a_pass(lab):
    hand_in(lab, "A", 1)
    lab.nightly()

    with lab.facts.reading() as con:
        proof = query(con, "SELECT rule, n_findings FROM rule_runs WHERE rule LIKE 'our_panel.%' ORDER BY rule").rows()

    assert proof == [("our_panel.complete", 0), ("our_panel.drift", 0), ("our_panel.present", 0)]


def test_a_faulty_suite_stops_the_work_and_is_told_by_check_with_all_its_faults(lab, capsys):
    (lab.paths.suites / "bad.toml").write_text('suite = "bad"\nmatrics = "csf"\n', encoding="utf-8")

    code = _outcome(["catalogue", "check", "--json", "--lab", str(lab.paths.root)])
    told = json.loads(capsys.readouterr().out)
    stopped = _outcome(["assess", "--lab", str(lab.paths.root)])

    texts = [fault["text"] for fault in told["faults"]]
    assert (code, stopped) == (2, 2)
    assert any("Did you mean 'matrix'?" in text for text in texts)
    assert any("at least one [[expectations]]" in text for text in texts)
    assert all("bad.toml" in fault["where"] for fault in told["faults"])
