from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory):
    pytest.importorskip("hatchling", reason="the build backend is not installed")
    source = tmp_path_factory.mktemp("source") / "tree"
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(source / "dist")]
    subprocess.run(command, cwd=source, capture_output=True, check=True)
    (wheel,) = (source / "dist").glob("*.whl")
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_ships_exactly_the_four_packages(wheel_names):
    tops = {name.split("/")[0] for name in wheel_names}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"qc", "schemas", "checks", "tui"}


@pytest.mark.parametrize(
    "needed",
    [
        "schemas/analytes/ferritin.toml",
        "checks/profiles/m10-lba.toml",
        "checks/expectations/csf_run.toml",
        "qc/store/migrations/001_facts.sql",
        "qc/lab/starter/reasons.toml",
        "qc/report/report.html.j2",
        "qc/sample_runs/study/samples.csv",
        "tui/web/templates/app_index.html",
    ],
)
def test_the_wheel_ships_what_the_code_reads(wheel_names, needed):
    assert needed in wheel_names


def test_no_tracked_file_names_a_package_index_or_a_path_of_a_machine():
    pattern = r"(index-ur[l]|find-link[s]|https?://[a-z0-9.-]*(pyp[i]|pythonhoste[d])\.|/(work|root|home)/[a-z])"

    found = subprocess.run(
        ["git", "grep", "-nIE", pattern, "--", ":!tests/test_wheel.py"], cwd=ROOT, capture_output=True, text=True
    )

    assert found.stdout == ""
