from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

import pytest
from reference_cases import BESIDE

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # two processes on two cores: more threads wait for each other


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


@pytest.fixture(scope="session", autouse=True)
def processes_of_all() -> Iterator[None]:
    """Let all tests of one process read and judge on the same others: each takes two seconds of CPU to begin."""
    from qc.workers import worker_pool

    with worker_pool(2):
        yield


@pytest.fixture
def own_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test that ends its processes, or counts them, away from those of all tests."""
    import qc.workers

    monkeypatch.setattr(qc.workers, "_open_pool", ContextVar("of this test", default=None))


@pytest.fixture(scope="session")
def is_long() -> bool:
    return os.environ.get("ASSAYGATE_LONG") == "1"


@pytest.fixture(scope="session")
def shared() -> Path:
    return BESIDE


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Return a function for folders that one test process makes and all look at: they are copied to be changed."""
    base = tmp_path_factory.getbasetemp()
    made = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "made"
    made.mkdir(exist_ok=True)

    def folder_of(name: str, make: Callable[[Path], object]) -> Path:
        with (made / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (made / f"{name}.whole").exists():
                make(made / name)
                (made / f"{name}.whole").touch()
        return made / name

    return folder_of


@pytest.fixture(scope="session")
def judged_demo(made_once) -> Path:
    from qc.api.demo import make_demo_lab

    return made_once("demo", lambda folder: make_demo_lab(folder, force=False).nightly())


@pytest.fixture
def demo_folder(judged_demo: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "demo"
    shutil.copytree(judged_demo, folder)
    return folder


@pytest.fixture(scope="session")
def released_demo(judged_demo: Path, made_once) -> Path:
    import qc
    from qc.api.demo import decide_all

    def make(folder: Path) -> None:
        shutil.copytree(judged_demo, folder)
        lab = qc.open_lab(folder)
        decide_all(lab)
        lab.lock_plan(folder / "plan.toml", actor="tester")
        lab.release(actor="tester")

    return made_once("released", make)


@pytest.fixture(scope="session")
def looked_at_demo(released_demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the released demo for whoever looks at its p-values, which its ledger records."""
    folder = tmp_path_factory.mktemp("looked_at") / "lab"
    shutil.copytree(released_demo, folder)
    return folder


@pytest.fixture
def fresh_lab(tmp_path: Path):
    import qc

    return qc.init_lab(tmp_path / "lab", name="test")
