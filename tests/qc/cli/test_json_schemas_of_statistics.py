from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from qc.cli.json_schemas import schema_text
from qc.cli.main import command

PAIRS = "subject,before,after\n"
TABLES = {
    "try-paired": [
        PAIRS + "a,1,2\nb,2,3.5\nc,5,4\nd,3,6\n",
        PAIRS + "a,<1,2\nb,2,<1\nc,5,4\nd,3,>9\n",
        PAIRS + "a,1,1\n",
        "x",
    ],
    "try-repeated": [
        "subject,time,value\na,0,1\na,1,2\na,2,4\nb,0,2\nb,1,3\nb,2,3\nc,0,5\nc,1,<4\nc,2,6\n",
        "subject,time,value\na,0,1\n",
    ],
    "try-detection": [
        "sample,kind,value\n" + "".join(f"B,blank,{n % 7}\nL,low,{9 + n % 4}\n" for n in range(20)),
        "sample,kind,value\nB,blank,1\nL,low,2\n",
        "x",
    ],
    "try-adjust": ["name,p\na,0.1\nb,\n", "name,p\na,2\n"],
}
POWER = (["--n", "15", "--delta", "1"], ["--power", "0.8", "--delta", "1"], ["--n", "5", "--power", "0.01"])


def validated(name: str, arguments: list[str]) -> None:
    done = CliRunner().invoke(command, [*arguments, "--json"], standalone_mode=False)
    values = [json.loads(line) for line in done.stdout.splitlines()]
    assert values, (arguments, done.exception)
    for value in values:
        Draft202012Validator(json.loads(schema_text(name))).validate(value)


@pytest.mark.parametrize("name", TABLES)
def test_what_a_trial_prints_fits_its_schema(name: str, tmp_path: Path) -> None:
    for number, text in enumerate(TABLES[name]):
        file = tmp_path / f"{number}.csv"
        file.write_text(text)
        validated(name, [*name.split("-"), str(file)])


@pytest.mark.parametrize("options", POWER)
def test_what_power_prints_fits_its_schema(options: list[str]) -> None:
    validated("try-power", ["try", "power", "--sd-diff", "1", *options])


def test_what_the_gated_tests_print_fits_their_schemas(looked_at_demo: Path) -> None:
    lab = ["--lab", str(looked_at_demo)]

    validated("paired", ["paired", *lab])
    validated("plan-show", ["plan", "show", *lab])
    validated("plan-check", ["plan", "check", str(looked_at_demo / "plan.toml")])


def test_a_bridging_on_record_reaches_the_release(looked_at_demo: Path) -> None:
    import qc

    assert qc.open_lab(looked_at_demo).open_release().manifest["bridging"] == []
