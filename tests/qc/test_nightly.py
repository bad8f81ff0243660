from __future__ import annotations

import getpass
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import qc
from qc.cli.main import _outcome
from qc.decide.queue_causes import by_cause
from schemas.errors import StoreBusyError

STUDY = Path(__file__).resolve().parents[2] / "sample_runs" / "study"
SHEETS = ("samples.csv", "subjects.csv", "controls.csv")


@pytest.fixture
def inbox_lab(tmp_path):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "ALS-1"})
    for name in SHEETS:
        shutil.copyfile(STUDY / name, lab.paths.inbox / name)
    for path in (STUDY / "plates").glob("serum-tnf-1.*"):
        shutil.copyfile(path, lab.paths.inbox / path.name)
    return lab


def test_one_bad_file_never_stops_the_others(inbox_lab):
    (inbox_lab.paths.inbox / "aaa.csv").write_bytes(b"sample,analyte,value\x00\n")

    night = inbox_lab.nightly()

    assert [delivery.file for delivery in night.failed] == ["aaa.csv"]
    assert [delivery.outcome for delivery in night.ingested].count("in") == 4
    assert [run.run for run in night.assessed] == ["serum-tnf-1"]


def test_the_inbox_is_empty_after_the_night_and_every_file_is_kept(inbox_lab):
    (inbox_lab.paths.inbox / "aaa.csv").write_bytes(b"sample,analyte,value\x00\n")
    before = {path.read_bytes() for path in inbox_lab.paths.inbox.iterdir()}

    inbox_lab.nightly()

    kept = {path.read_bytes() for path in inbox_lab.paths.archive.iterdir() if path.is_file()}
    kept |= {path.read_bytes() for path in inbox_lab.paths.quarantine.rglob("*") if path.is_file()}
    assert list(inbox_lab.paths.inbox.iterdir()) == []
    assert before <= kept


def test_a_refused_file_gives_3_and_what_waits_stands_in_the_summary(inbox_lab, capsys):
    (inbox_lab.paths.inbox / "aaa.csv").write_bytes(b"sample,analyte,value\x00\n")

    code = _outcome(["nightly", "--json", "--lab", str(inbox_lab.paths.root)])

    told = json.loads(capsys.readouterr().out)
    assert code == 3
    assert len(told["failed"]) == 1
    assert told["changed"]["newly_waiting"] == sorted(item["item"] for item in told["waiting"])


def test_what_was_decided_since_the_last_night_is_told_as_no_longer_waiting(inbox_lab):
    waiting = inbox_lab.nightly().waiting
    inbox_lab.decide(waiting[0].shown.item, "reject", reason="outside_record", note="test")

    night = inbox_lab.nightly()

    assert night.changed.no_longer_waiting == (waiting[0].shown.item,)
    assert night.changed.n_no_longer == 1


def test_what_waits_newly_is_counted_in_causes_as_the_queue_counts(demo_folder):
    lab = qc.open_lab(demo_folder)
    for summary in (lab.paths.reports / "nightly").iterdir():
        summary.unlink()

    night = lab.nightly()

    assert night.changed.n_newly == by_cause(night.waiting).n_items < len(night.changed.newly_waiting)


def test_two_nights_at_once_take_each_file_in_once(inbox_lab):
    toml = inbox_lab.paths.settings
    toml.write_text(toml.read_text().replace("wait_s = 30", "wait_s = 300"))  # on a busy machine a night takes longer
    command = [sys.executable, "-m", "qc", "nightly", "--json", "--lab", str(inbox_lab.paths.root)]

    nights = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [json.loads(night.communicate()[0]) for night in nights]

    assert sorted(len(night["new"]) for night in told) == [0, 4]
    assert [night["failed"] for night in told] == [[], []]
    assert inbox_lab.verify() == []


def test_a_night_does_not_wait_for_ever_for_another(inbox_lab):
    from filelock import FileLock

    toml = inbox_lab.paths.settings
    toml.write_text(toml.read_text().replace("wait_s = 30", "wait_s = 0.2"))
    lab = qc.open_lab(inbox_lab.paths.root)

    with FileLock(lab.paths.root / ".nightly.lock"), pytest.raises(StoreBusyError, match="Another night"):
        lab.nightly()


def test_a_night_that_brings_nothing_new_ends_well_where_the_lab_says_so(demo_folder, capsys):
    settings = demo_folder / "qc.toml"
    nightly = ["nightly", "--lab", str(demo_folder)]

    assert _outcome(nightly) == 1
    settings.write_text(settings.read_text().replace('exit = "any" ', 'exit = "new" '))
    assert _outcome(nightly) == 0

    newest = max((demo_folder / "reports" / "nightly").iterdir())
    told = json.loads(newest.read_text())
    forgotten = told["waiting"].pop(0)["item"]
    newest.write_text(json.dumps(told))
    capsys.readouterr()
    assert _outcome(nightly) == 1
    said = capsys.readouterr().out
    assert "lab 'Demo lab (SYNTHETIC)'" in said
    assert "to be decided by lab_manager or qa" in said
    assert [line.split()[0] for line in said.splitlines() if "(qc show " in line and forgotten in line] == ["WORSE"]


def test_a_night_says_who_handed_in_and_what_waits_newly(inbox_lab, capsys):
    assert _outcome(["nightly", "--json", "--lab", str(inbox_lab.paths.root)]) == 1
    told = json.loads(capsys.readouterr().out)

    assert told["brought_by"] == getpass.getuser()
    assert told["changed"]["newly_waiting"]
    assert told["worse"] == []
    assert told["oldest_waiting_h"] < 1
