from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import qc

STUDY = Path(__file__).resolve().parents[2] / "sample_runs" / "study"
N_ROWS = {"wells": 96, "runs": 1}


def _ingest(lab, file):
    command = [sys.executable, "-m", "qc", "ingest", str(file), "--lab", str(lab.paths.root)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _counts(lab):
    with lab.facts.reading() as con:
        return {table: con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in ("wells", "runs")}


def test_a_kill_at_any_moment_leaves_a_file_wholly_in_or_wholly_out(tmp_path, is_long):
    template = qc.init_lab(tmp_path / "template", name="test").paths.root
    began = time.monotonic()
    plate = STUDY / "plates" / "serum-tnf-1.csv"
    shutil.copytree(template, tmp_path / "timed")
    assert _ingest(qc.open_lab(tmp_path / "timed"), plate).wait() == 0
    whole_s = time.monotonic() - began
    dice = random.Random(20250113)
    seen = set()

    for number in range(50 if is_long else 3):
        folder = tmp_path / f"lab-{number}"
        shutil.copytree(template, folder)
        lab = qc.open_lab(folder)
        process = _ingest(lab, plate)
        time.sleep(dice.uniform(0.3, 1.0) * whole_s)
        process.send_signal(signal.SIGKILL)
        process.wait()

        seen.add(tuple(_counts(lab).values()))
        lab.ingest(plate)
        assert _counts(lab) == N_ROWS
        assert lab.verify() == []
        assert not list((folder / "archive" / "pending").glob("*.json"))
        shutil.rmtree(folder)

    assert seen <= {(0, 0), (96, 1)}


@pytest.mark.parametrize("moment", ["before the facts", "before the note is settled"])
def test_an_archive_file_without_its_facts_is_found_and_mended_by_the_next_command(fresh_lab, moment, monkeypatch):
    import qc.ingest.outcome as ingesting
    from qc.ingest.ingest import recover

    class Killed(BaseException):
        pass

    def _die(*_, **__):
        raise Killed

    name = "take_in" if moment == "before the facts" else "settle"
    monkeypatch.setattr(ingesting, name, _die)
    with pytest.raises(Killed):
        fresh_lab.ingest(STUDY / "plates" / "serum-tnf-1.csv")
    monkeypatch.undo()

    finished = recover(fresh_lab)

    assert finished == ["serum-tnf-1.csv"]
    assert _counts(fresh_lab) == N_ROWS
    assert fresh_lab.verify() == []
