from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def is_long() -> bool:
    return os.environ.get("ASSAYGATE_LONG") == "1"


@pytest.fixture(scope="session")
def shared() -> Path:
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder 'shared' with reference data does not stand beside this checkout")
    return folder


@pytest.fixture(scope="session")
def judged_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from qc.demo import make_demo_lab

    folder = tmp_path_factory.mktemp("labs") / "demo"
    make_demo_lab(folder, force=False).nightly()
    return folder


@pytest.fixture
def demo_folder(judged_demo: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    shutil.copytree(judged_demo, folder)
    return folder


@pytest.fixture(scope="session")
def released_demo(judged_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import qc
    from qc.demo import decide_all

    folder = tmp_path_factory.mktemp("labs") / "released"
    shutil.copytree(judged_demo, folder)
    lab = qc.open_lab(folder)
    decide_all(lab)
    lab.lock_plan(folder / "plan.toml", actor="tester")
    lab.release(actor="tester")
    return folder


@pytest.fixture
def fresh_lab(tmp_path: Path):
    import qc

    return qc.init_lab(tmp_path / "lab", name="test")
