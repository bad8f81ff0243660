from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from qc.cli.trying import command

CASES = {
    "westgard": ("run,level,z\n1,L1,3.6\n1,L2,3.4\n", "run,level,z\n1,L1,0.6\n1,L2,-0.4\n", ()),
    "lots": (
        "old,new\n" + "\n".join(f"{n},{1.3 * n * (1 + 0.01 * (n % 3)):.3f}" for n in range(10, 40)),
        "old,new\n" + "\n".join(f"{n},{n * (1 + 0.01 * (n % 3 - 1)):.3f}" for n in range(10, 40)),
        ("--allowed", "10"),
    ),
    "precision": (
        "day,value\n" + "\n".join(f"{d},{100 + 9 * d + r}" for d in range(5) for r in range(5)),
        "day,value\n" + "\n".join(f"{d},{100 + 0.1 * d + 0.1 * r}" for d in range(5) for r in range(5)),
        ("--claim-repeatability", "2", "--claim-within-lab", "3"),
    ),
}


def tried(tmp_path: Path, trial: str, text: str, *options: str) -> Result:
    file = tmp_path / "file.csv"
    file.write_text(text)
    return CliRunner().invoke(command, [trial, str(file), *options], standalone_mode=False)


@pytest.mark.parametrize("trial", CASES)
def test_what_is_rejected_exits_1_unless_asked_otherwise(tmp_path: Path, trial: str) -> None:
    bad, good, options = CASES[trial]

    assert tried(tmp_path, trial, bad, *options).return_value == 1
    assert tried(tmp_path, trial, bad, *options, "--exit-zero").return_value == 0
    assert tried(tmp_path, trial, good, *options).return_value == 0
    assert tried(tmp_path, trial, "nothing", *options, "--exit-zero").return_value == 3


@pytest.mark.parametrize("trial", CASES)
def test_a_person_reads_the_verdict_and_a_table_and_a_program_json(tmp_path: Path, trial: str) -> None:
    bad, _, options = CASES[trial]

    told = tried(tmp_path, trial, bad, *options).output
    answer = json.loads(tried(tmp_path, trial, bad, *options, "--json").output)

    assert "reject" in told.casefold()
    assert "{" not in told
    assert answer["gated"] is False


def test_runs_are_the_rows_of_one_table(tmp_path: Path) -> None:
    lines = tried(tmp_path, "westgard", CASES["westgard"][0] + "2,L1,0.1\n2,L2,0.3\n").output.splitlines()

    rows = [line.split() for line in lines]
    assert ["run", "verdict", "violations"] in rows
    assert ["2", "pass", "–"] in rows
