from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from reference_cases import BESIDE


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shared" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.shared)
        if not BESIDE.is_dir() and item.get_closest_marker("shared"):
            item.add_marker(pytest.mark.skip(reason="the data sets do not stand beside this checkout"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    n_skipped = sum("shared" in report.keywords for report in terminalreporter.stats.get("skipped", ()))
    if n_skipped and not BESIDE.is_dir():
        terminalreporter.write_line(
            f"{n_skipped} tests of the group 'shared' were skipped (a list of cases that is read there counts as one): "
            "the data sets of others that they need are not beside the checkout, in ../shared."
        )


@pytest.fixture(scope="session")
def is_long() -> bool:
    return os.environ.get("ASSAYGATE_LONG") == "1"


@pytest.fixture(scope="session")
def shared() -> Path:
    return BESIDE


@pytest.fixture(scope="session")
def judged_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from qc.api.demo import make_demo_lab

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
    from qc.api.demo import decide_all

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
