from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import BrokenExecutor
from dataclasses import replace
from pathlib import Path

import pytest

import qc
import qc.assess.chunk
import qc.assess.judge.judging_team
import qc.workers
from qc.store.frames import query

STUDY = Path(__file__).resolve().parents[2] / "sample_runs" / "study"
FILES = [
    "subjects.csv",
    "samples.csv",
    "controls.csv",
    *[f"plates/{name}-1" for name in ("csf-tnf", "serum-tnf")],
]
TABLES = {
    "findings": "SELECT * EXCLUDE (assessment_id) FROM findings ORDER BY ALL",
    "results": "SELECT * EXCLUDE (assessment_id) FROM results ORDER BY ALL",
    "curves": "SELECT * EXCLUDE (assessment_id) FROM curves ORDER BY ALL",
    "controls": "SELECT * EXCLUDE (assessment_id) FROM control_results ORDER BY ALL",
}


def facts_of(folder, workers):
    lab = replace(qc.init_lab(folder, name="test"), workers=workers)
    files = [STUDY / (f"{name}.csv" if "plates" in name else name) for name in FILES]
    outcomes = lab.ingest(*files)
    lab.assess()
    with lab.facts.reading() as con:
        return [outcome.outcome for outcome in outcomes], {name: query(con, sql) for name, sql in TABLES.items()}


@pytest.fixture
def several(monkeypatch):
    monkeypatch.setattr(qc.assess.judge.judging_team, "LEAST_FOR_SEVERAL", 2)
    monkeypatch.setattr(qc.assess.chunk, "CHUNK", 1)


def test_several_processes_come_to_the_same_facts_as_one(tmp_path, several):
    alone_outcomes, alone = facts_of(tmp_path / "alone", 1)
    outcomes, together = facts_of(tmp_path / "together", 2)

    assert outcomes == alone_outcomes == ["in"] * len(FILES)
    assert alone["results"].height > 50
    assert all(together[name].equals(alone[name]) for name in TABLES)


def test_a_bad_file_is_quarantined_by_several_processes_as_by_one(tmp_path, several):
    bad = tmp_path / "bad.csv"
    bad.write_text("nothing,of,use\n1,2,3\n")
    lab = replace(qc.init_lab(tmp_path / "lab", name="test"), workers=2)

    outcomes = lab.ingest(STUDY / "samples.csv", bad, STUDY / "subjects.csv")

    assert sorted((outcome.file, outcome.outcome) for outcome in outcomes) == [
        ("bad.csv", "quarantined"),
        ("samples.csv", "in"),
        ("subjects.csv", "in"),
    ]


def test_a_night_reads_and_judges_on_the_same_processes(tmp_path, several, monkeypatch, own_processes):
    pools = []
    made = qc.workers.ProcessPoolExecutor
    monkeypatch.setattr(qc.workers, "ProcessPoolExecutor", lambda *a, **k: pools.append(made(*a, **k)) or pools[-1])
    lab = replace(qc.init_lab(tmp_path / "lab", name="test"), workers=2)
    for name in FILES:
        for file in (STUDY / name).parent.glob(f"{Path(name).stem}.*"):
            shutil.copy(file, lab.paths.inbox)

    night = lab.nightly()

    assert len(night.assessed) == 2
    assert len(pools) == 1


def test_processes_end_with_the_one_that_began_them_even_where_it_is_killed():
    begun = "import qc.workers, os\nif __name__ == '__main__':\n    pool = qc.workers.new_processes(1)\n"
    begun += "    print(pool.submit(os.getpid).result(), flush=True)\n    input()\n"
    parent = subprocess.Popen([sys.executable, "-c", begun], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child = int(parent.stdout.readline())

    parent.kill()
    parent.wait()

    assert _is_gone_within(child, seconds=20)


def _is_gone_within(pid, seconds):
    for _ in range(seconds * 20):
        if not Path(f"/proc/{pid}").exists() or ") Z " in Path(f"/proc/{pid}/stat").read_text():
            return True
        time.sleep(0.05)
    return False


def test_a_pool_whose_process_died_is_not_handed_on(own_processes):
    with qc.workers.worker_pool(1) as outer:
        with pytest.raises(BrokenExecutor):
            outer.submit(os._exit, 1).result()

        with qc.workers.worker_pool(1) as inner:
            assert inner.submit(abs, -3).result() == 3
