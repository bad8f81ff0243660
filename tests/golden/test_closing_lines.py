from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest

@pytest.mark.shared
def test_by_its_mark(): pass

def test_by_its_fixture(shared): assert shared.is_dir()

def test_alone(): pass
"""


@pytest.fixture
def checkout(tmp_path):
    folder = tmp_path / "checkout"
    for name in ("pyproject.toml", "tests/conftest.py", "tests/golden/reference_cases.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "tests" / "test_three.py").write_text(TESTS)
    return folder


def closing_lines(checkout):
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "tests/test_three.py"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True).stdout


def test_a_run_without_the_data_sets_of_others_tells_how_many_tests_were_skipped(checkout):
    said = closing_lines(checkout)

    assert "2 tests of the group 'shared' were skipped" in said
    assert "1 passed, 2 skipped" in said


def test_a_run_with_the_data_sets_of_others_skips_nothing_and_says_nothing(checkout):
    (checkout.parent / "shared").mkdir()

    said = closing_lines(checkout)

    assert "3 passed" in said
    assert "skipped" not in said
