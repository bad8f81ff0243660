from __future__ import annotations

import json
import resource
import subprocess
import sys

import pytest

from qc.cli.commands import COMMANDS

HEAVY = {"great_expectations", "pandera", "scipy", "textual", "polars", "duckdb", "numpy", "sqlalchemy", "pandas"}
PROBE = """
import json, sys
sys.argv = ["qc", *{arguments!r}]
from qc.cli.main import run
try:
    run()
except SystemExit as ended:
    code = ended.code
sys.stderr.write(json.dumps([code, sorted({{name.split(".")[0] for name in sys.modules}})]))
"""


def _modules_after(*arguments):
    probe = PROBE.format(arguments=list(arguments))
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    code, modules = json.loads(done.stderr)
    return code, set(modules)


def test_help_imports_nothing_heavy():
    code, modules = _modules_after("--help")

    assert (code, modules & HEAVY) == (0, set())


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_a_command_imports_nothing_heavy(command):
    code, modules = _modules_after(command, "--help")

    assert (code, modules & HEAVY) == (0, set())


def test_importing_qc_imports_nothing_heavy():
    probe = "import qc, sys; print(*{name.split('.')[0] for name in sys.modules})"

    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert not set(done.stdout.split()) & HEAVY


def test_help_takes_less_than_three_times_the_cpu_of_an_empty_program_with_click():
    def cpu_s(*command):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *command], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    empty = min(cpu_s("-c", "import click") for _ in range(5))
    help_ = min(cpu_s("-m", "qc", "--help") for _ in range(5))

    assert help_ < 3 * empty


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_a_line_in_the_table_and_a_manual(command):
    done = subprocess.run([sys.executable, "-m", "qc", command, "--help"], capture_output=True, text=True, check=True)

    assert len(done.stdout.splitlines()) > 4
