from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "sample_runs"
FOLDERS = ("study", "faults", "answers")


def _files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in FOLDERS
        for path in sorted((folder / name).rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def made_anew(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    command = [sys.executable, "-B", "-m", "sample_runs.make", "--out", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


def test_making_it_anew_gives_the_same_files(made_anew: Path) -> None:
    assert sorted(_files(made_anew)) == sorted(_files(SHIPPED))


def test_making_it_anew_gives_the_same_bytes(made_anew: Path) -> None:
    anew, shipped = _files(made_anew), _files(SHIPPED)

    differing = [name for name, content in shipped.items() if anew.get(name) != content]

    assert differing == []


def test_the_whole_tree_stays_small() -> None:
    n_bytes = sum(len(content) for content in _files(SHIPPED).values())

    assert n_bytes < 2_000_000


def test_the_search_finds_the_seed_that_is_used() -> None:
    command = [sys.executable, "-B", "-m", "sample_runs.make", "--search"]

    found = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)

    source = (SHIPPED / "make" / "__main__.py").read_text(encoding="utf-8")
    assert f"\nSEED = {found.stdout.strip()}\n" in source
