from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BLOCK = re.compile(r"```python\n# file: (\S+)\n(.+?)```", re.DOTALL)


@pytest.fixture
def written(fresh_lab, tmp_path, monkeypatch):
    """The files of the page, with the paths of this machine."""
    text = (ROOT / "docs" / "orchestrators.md").read_text()
    text = text.replace('"/opt/assaygate/bin/qc"', f'"{sys.executable}", "-m", "qc"')
    text = text.replace("/srv/lab", str(fresh_lab.paths.root)).replace("ALS-1", "STUDY-1")
    blocks = dict(BLOCK.findall(text))
    for name, code in blocks.items():
        (tmp_path / Path(name).name).write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("assaygate_calls", "assaygate_flow", "assaygate_assets"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return blocks


def test_the_calls_of_the_page_run_a_night_and_ask_the_gate_and_the_rest_is_python(written, fresh_lab):
    calls = importlib.import_module("assaygate_calls")
    (fresh_lab.paths.inbox / "a.csv").write_bytes(b"sample\x00")

    night = calls.night(str(fresh_lab.paths.root))

    assert [one["file"] for one in night["failed"]] == ["a.csv"]
    assert calls.gate(str(fresh_lab.paths.root), "STUDY-1")["open"] is False
    with pytest.raises(RuntimeError, match="qc gate ended with 2"):
        calls.gate(str(fresh_lab.paths.root / "none"), "STUDY-1")
    assert {Path(name).name for name in written} == {
        "assaygate_calls.py", "assaygate.py", "assaygate_flow.py", "assaygate_assets.py",
    }  # fmt: skip
    for name, code in written.items():
        compile(code, name, "exec")


def test_the_check_of_dagster_blocks_on_a_closed_gate(written):
    dagster = pytest.importorskip("dagster")
    assets = importlib.import_module("assaygate_assets")

    done = dagster.materialize([assets.judged_results, assets.gate_is_open], raise_on_error=False)

    assert not done.success
    assert [check.passed for check in done.get_asset_check_evaluations()] == [False]


def test_the_flow_of_prefect_tells_that_the_gate_is_closed(written):
    pytest.importorskip("prefect")
    from prefect.testing.utilities import prefect_test_harness

    flow = importlib.import_module("assaygate_flow")
    with prefect_test_harness(server_startup_timeout=150):
        assert flow.assaygate() is False
