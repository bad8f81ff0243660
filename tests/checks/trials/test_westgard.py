from __future__ import annotations

import json

import pytest
from reference_cases import own_cases

from checks.trials.westgard import westgard
from qc.cli.main import _outcome
from schemas.errors import ConfigError, ReaderError

GOLDEN = own_cases("westgard")
VERDICTS = {"accept": "pass", "warn": "warn", "reject": "reject", "no_data": "not_evaluable"}


def as_csv(runs: list) -> str:
    lines = ["run,level,z,event"]
    number = 0
    for run in runs:
        if run == "RESET":
            lines.append(",,,reset")
            continue
        number += 1
        lines += [f"{number},{material},{'' if z is None else repr(z)}," for material, z in run]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["id"])
def test_a_golden_sequence_gives_its_verdicts(case):
    said = westgard(as_csv(case["input"]["runs"]), rules=case["input"]["rules_active"])

    judged = [
        (run["run"], run["verdict"], sorted(f"{v['rule']}@{v['scope']}" for v in run["violations"]))
        for run in said["runs"]
    ]
    assert judged == [(run["run"], VERDICTS[run["verdict"]], sorted(run["rules"])) for run in case["expected"]["runs"]]


@pytest.mark.parametrize("case", [case for case in GOLDEN if case["input"]["raw"]], ids=lambda case: case["id"])
def test_a_golden_sequence_of_raw_values_gives_its_verdicts(case):
    rows = [
        f"{number},{row['material']},{row['value']},{row['mean']},{row['sd']}"
        for number, row in enumerate(case["input"]["raw"], start=1)
    ]

    said = westgard("run,level,value,mean,sd\n" + "\n".join(rows), rules=case["input"]["rules_active"])

    assert [run["verdict"] for run in said["runs"]] == [VERDICTS[run["verdict"]] for run in case["expected"]["runs"]]


def test_value_mean_and_sd_are_turned_into_z():
    said = westgard("run,level,value,mean,sd\nA,L1,215,200,4\nB,L1,208,200,4\n", rules=["1-3s", "1-2s"])

    assert said["runs"] == [
        {
            "run": "A",
            "verdict": "reject",
            "violations": [{"rule": "1-3s", "scope": "L1"}, {"rule": "1-2s", "scope": "L1"}],
        },
        {"run": "B", "verdict": "pass", "violations": []},
    ]


@pytest.mark.parametrize(
    ("n_levels", "set_rule"), [(1, "10-x"), (2, "10-x"), (3, "6-x"), (4, "10-x"), (6, "6-x")], ids=str
)
def test_the_usual_rules_follow_the_number_of_levels(n_levels, set_rule):
    rows = "".join(f"1,L{level},0.1\n" for level in range(n_levels))

    said = westgard("run,level,z\n" + rows)

    assert set_rule in said["rules"]


def test_a_reset_gives_no_entry_and_clears_the_history():
    said = westgard("run,level,z,event\n1,L1,2.3,\n,,,reset\n2,L1,2.4,\n", rules=["2-2s"])

    assert [run["verdict"] for run in said["runs"]] == ["pass", "pass"]


def test_run_labels_are_echoed_as_numbers_where_they_are_numbers():
    said = westgard("run,level,z\n7,L1,0\n7.5,L1,0\nD-8,L1,0\n")

    assert [run["run"] for run in said["runs"]] == [7, 7.5, "D-8"]


def test_a_run_without_any_result_is_not_evaluable():
    said = westgard("run,level,z\n1,L1,\n1,L2,NA\n2,L1,0.2\n")

    assert [run["verdict"] for run in said["runs"]] == ["not_evaluable", "pass"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("run,level,value\n1,L1,2\n", "Column 'mean' is missing"),
        ("", "Column 'run' is missing"),
        ("run,level,z\n", "no row below its header"),
        ("run,level,z,event\n,,,reset\n", "no run"),
        ("run,level,z\n1,L1,1,5\n", "The row has 4 cells, the header 3"),
        ("run,level,z\n1,L1,1_000\n", "'1_000' in column 'z' is not a number"),
        ("run,level,z\n1,L1,high\n", "'high' in column 'z' is not a number"),
        ("run,level,z\n1,L1,inf\n", "'inf' in column 'z' is not a number"),
        ("run,level,value,mean,sd\n1,L1,200,200,0\n", "SD '0' must be above 0"),
        ("run,level,z\n1,L1,1\n2,L1,1\n1,L2,1\n", "Run '1' comes back"),
        ("run,level,z\n,L1,1\n", "Column 'run' is empty"),
        ("run,level,z,event\n1,L1,1,party\n", "Event 'party' is not known"),
        ("run,level,z,event\n1,L1,1,reset\n", "must not carry a value"),
    ],
)
def test_a_table_that_cannot_be_judged_is_refused_with_a_sentence(text, words):
    with pytest.raises(ReaderError) as refusal:
        westgard(text)

    assert words in str(refusal.value)


def test_all_faults_of_a_table_are_told_at_once():
    with pytest.raises(ReaderError) as refusal:
        westgard("run,level,z\n1,L1,a\n1,,b\n")

    assert [fault.where for fault in refusal.value.faults] == ["line 2", "line 3", "line 3"]


def test_an_unknown_rule_is_refused():
    with pytest.raises(ConfigError, match="'9-2s' is not known"):
        westgard("run,level,z\n1,L1,1\n", rules=["9-2s"])


def test_the_power_of_a_named_set_is_told_on_the_command_line(capsys):
    code = _outcome(["try", "westgard", "--power", "--set", "sigma-5-n2", "--levels", "2", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["gated"], told["rules"]) == (0, False, ["1-3s", "2-2s", "R-4s"])
    # Rates of another program: 0.0091 of runs without a fault, 0.579 of runs shifted by 2 SD.
    assert told["p_false_rejection"] == pytest.approx(0.0091, abs=0.003)
    assert told["p_detect_per_run"] == pytest.approx(0.579, abs=0.015)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--power", "file.csv"],
        [],
        ["--power", "--rules", "9-2s"],
        ["--power", "--set", "none"],
        ["--power", "--levels", "0"],
        ["--rules", "1-2s", "--set", "multirule-n2", "--power"],
        ["--profile", "m10-lba", "--power"],
        ["--profile", "none", "--power"],
    ],
    ids=" ".join,
)
def test_wrong_usage_gives_2(capsys, arguments):
    assert _outcome(["try", "westgard", *arguments]) == 2


def test_the_power_of_the_rules_of_a_profile_is_told(capsys):
    code = _outcome(["try", "westgard", "--power", "--profile", "clinical-westgard-n3", "--levels", "3", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, set(told["rules"])) == (0, {"1-2s", "1-3s", "2of3-2s", "R-4s", "3-1s", "6-x"})
    assert told["p_false_rejection"] < 0.06
    assert told["p_detect_first_run"] > 0.6


@pytest.mark.parametrize(
    ("set_name", "verdict", "code"), [("multirule-n2-upkeep", "warn", 0), ("multirule-n2", "reject", 1)]
)
def test_a_set_may_let_4_1s_and_10_x_warn(tmp_path, capsys, set_name, verdict, code):
    file = tmp_path / "controls.csv"
    file.write_text("run,level,z\n" + "\n".join(f"{run},L1,1.2" for run in range(1, 12)))

    found = _outcome(["try", "westgard", str(file), "--set", set_name, "--json"])

    last = json.loads(capsys.readouterr().out)["runs"][-1]
    assert {violation["rule"] for violation in last["violations"]} == {"4-1s", "10-x"}
    assert (last["verdict"], found) == (verdict, code)
