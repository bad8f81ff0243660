"""The import contracts of pyproject.toml, each seen to break: an import that it forbids is written into a copy."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("schemas", "checks", "qc", "tui")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
TYPING = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    "
FORBIDDEN = {
    "floors": [
        ("schemas/finding.py", "import checks.engine"),
        ("checks/engine.py", "import qc.lab.folder"),
        ("qc/triage/queue.py", "import tui.app"),
        ("checks/engine.py", TYPING + "from qc.lab.folder import LabFolder"),
    ],
    "rooms-of-schemas": [("schemas/errors.py", "import schemas.catalogue"), ("schemas/newcomer.py", "")],
    "rooms-of-checks": [
        ("checks/arithmetic/pairs/paired_t.py", "import checks.engine"),
        ("checks/contrasts/plan.py", "import checks.trials.paired"),
        ("checks/newcomer.py", ""),
    ],
    "rooms-of-qc": [
        ("qc/store/facts.py", TYPING + "from qc.lab.folder import LabFolder"),
        ("qc/assess/assess.py", "def late() -> None:\n    import qc.release.gate"),
        ("qc/items/names.py", "import qc.people.rights"),
        ("qc/newcomer.py", ""),
    ],
    "rooms-of-assess": [
        ("qc/assess/prepare/rule_set.py", TYPING + "from qc.assess.judge.judged_run import JudgedRun"),
        ("qc/assess/newcomer.py", ""),
    ],
    "rooms-of-readers": [
        ("schemas/headers/cells.py", "import qc.readers.formats.tidy"),
        ("qc/readers/newcomer.py", ""),
        ("qc/readers/text/source.py", "def late() -> None:\n    import qc.readers.formats.msd"),
    ],
    "formats": [
        ("qc/readers/formats/msd.py", "import qc.readers.formats.bioplex"),
        ("qc/readers/formats/matrix.py", TYPING + "from qc.readers.formats.softmax_sections import Section"),
    ],
    "great-expectations": [
        ("qc/triage/queue.py", "import great_expectations"),
        ("checks/engine.py", "def late() -> None:\n    from great_expectations import core"),
    ],
    "screens": [
        ("tui/screens/triage.py", "import checks.engine"),
        ("tui/screens/triage.py", "import polars"),
        ("tui/model/desk.py", TYPING + "import duckdb"),
    ],
    "rooms-of-tui": [
        ("tui/widgets/table.py", TYPING + "from tui.screens.triage import TriageView"),
        ("tui/model/desk.py", "import tui.shell.acts"),
        ("tui/newcomer.py", ""),
    ],
    "doors-of-qc": [
        ("tui/screens/triage.py", "from qc.assess.judge import judged_run"),
        ("tui/screens/log.py", "def late() -> None:\n    import qc.store.ledger"),
        ("tui/drawing/plate.py", TYPING + "from qc.lab.folder import LabFolder"),
    ],
    "screens-and-commands": [("tui/screens/log.py", "import qc.cli.output"), ("tui/app.py", "import click")],
    "judges": [("checks/engine.py", TYPING + "import duckdb"), ("schemas/finding.py", "import sqlite3")],
    "paired": [
        ("checks/contrasts/pairing.py", "import duckdb"),
        ("checks/contrasts/planned_tests.py", "import qc.lab.folder"),
        ("schemas/canonical.py", "import sqlalchemy"),
    ],
    "circles": [
        (
            "checks/arithmetic/pairs/paired_t.py",
            TYPING + "import checks.arithmetic.pairs.log_ratio",
        ),
        ("qc/report/palette.py", "import qc.report.html"),
        ("tui/drawing/grid.py", "import tui.drawing.plate"),
        ("tui/shell/visit_app.py", TYPING + "from tui.shell.view import View"),
        ("schemas/errors.py", "import schemas.one_scan.rules"),
        ("schemas/plates/map_well.py", TYPING + "from schemas.plates.map_disagreements import disagreements"),
    ],
    "facts": [("checks/contrasts/planned_tests.py", "import duckdb"), ("qc/triage/queue.py", TYPING + "import duckdb")],
    "stores": [("qc/audit/verify.py", "import sqlite3"), ("qc/people/accounts.py", "import sqlalchemy")],
    "command-line": [
        ("qc/triage/queue.py", "import click"),
        ("checks/contrast_words/text_table.py", "import rich.table"),
    ],
    "pages": [("qc/cli/report.py", "import matplotlib.pyplot"), ("checks/trials/chart.py", "import reportlab")],
}
"""By contract: a file and the import that it forbids there; an empty import is a module that no contract places."""


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    copy = tmp_path_factory.mktemp("house")
    for floor in FLOORS:
        shutil.copytree(ROOT / floor, copy / floor, ignore=shutil.ignore_patterns("__pycache__", "*.json", "*.csv"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


def contracts_said(house, contract):
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": str(house), "COLUMNS": "200"}
    return subprocess.run(
        [program, "--contract", contract], cwd=house, env=environment, capture_output=True, text=True, check=False
    )


def test_every_contract_is_seen_to_break():
    without_case = [contract["id"] for contract in CONTRACTS if not FORBIDDEN.get(contract["id"])]

    assert not without_case, f"Write into FORBIDDEN an import that these contracts must refuse: {without_case}"


@pytest.mark.parametrize("contract", [contract["id"] for contract in CONTRACTS])
def test_a_contract_holds_in_an_untouched_copy(house, contract):
    said = contracts_said(house, contract)

    assert said.returncode == 0, said.stdout


@pytest.mark.parametrize(
    ("contract", "file", "line"),
    [(contract, file, line) for contract, cases in FORBIDDEN.items() for file, line in cases],
    ids=[
        f"{contract}-{Path(file).stem}-{place}"
        for contract, cases in FORBIDDEN.items()
        for place, (file, _) in enumerate(cases)
    ],
)
def test_a_contract_breaks_where_a_forbidden_import_is_written(house, contract, file, line):
    changed = house / file
    before = changed.read_text(encoding="utf-8") if changed.exists() else None

    changed.write_text(f"{before or '# a module'}\n{line}\n", encoding="utf-8")
    said = contracts_said(house, contract)
    if before is None:
        changed.unlink()
    else:
        changed.write_text(before, encoding="utf-8")

    assert said.returncode == 1, f"'{line}' in {file} leaves the contract '{contract}' green."
    assert "Traceback" not in said.stderr
