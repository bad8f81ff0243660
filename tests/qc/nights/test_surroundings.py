from __future__ import annotations

import fcntl
import json
import os
import shutil
import socket
import subprocess
from collections import namedtuple
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import qc
from qc.cli.main import _outcome
from qc.lab import file_system
from qc.lab.file_system import file_system_of, lock_faults, network_fault
from qc.triage.surroundings import machine
from qc.triage.surroundings.faults import surroundings
from qc.triage.surroundings.packages import shadow_faults, version_faults

MOUNTS = "\n".join(
    [
        "/dev/vda / ext4 rw 0 0",
        "server:/labs /srv/labs nfs4 rw 0 0",
        "//server/b /srv/labs/own\\040disk ext4 rw 0 0",
        "//server/c /mnt/share cifs rw 0 0",
        "tmpfs /mnt/share tmpfs rw 0 0",
        "short line",
    ]
)
Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/opt/a", "ext4"),
        ("/srv/labs/als", "nfs4"),
        ("/srv/labs-too", "ext4"),
        ("/srv/labs/own disk/x", "ext4"),
        ("/mnt/share/x", "tmpfs"),
    ],
)
def test_the_nearest_and_last_mount_says_what_a_folder_lies_on(path, kind):
    assert file_system_of(Path(path), MOUNTS) == kind
    assert (network_fault(Path(path), MOUNTS) is not None) == (kind == "nfs4")


def test_no_lab_is_made_on_a_network_share(tmp_path, monkeypatch, capsys):
    (tmp_path / "mounts").write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    monkeypatch.setattr(file_system, "_MOUNTS", tmp_path / "mounts")

    assert _outcome(["init", str(tmp_path / "lab")]) == 2

    assert "nfs4" in capsys.readouterr().err
    assert not (tmp_path / "lab").exists()


def test_locks_that_keep_nobody_out_are_told_and_those_of_this_disk_are_not(tmp_path, monkeypatch):
    assert list(lock_faults(tmp_path)) == []

    real, calls = fcntl.flock, []
    monkeypatch.setattr(fcntl, "flock", lambda *words: calls.append(words))
    (told,) = lock_faults(tmp_path)
    monkeypatch.setattr(fcntl, "flock", real)
    monkeypatch.setattr(fcntl, "lockf", lambda *words: None)  # a lock that is not taken keeps no process out
    (other,) = lock_faults(tmp_path)

    assert calls
    assert "two had one lock" in told.text
    assert "two processes had one lock" in other.text
    assert list(tmp_path.iterdir()) == []


def test_libraries_that_are_missing_or_too_old_are_named_with_what_to_type():
    told = [fault.text for fault in version_faults(["click>=8", "duckdb<1", "no-such-library>=2", "x; extra == 'dev'"])]

    assert len(told) == 2
    assert "pip install 'duckdb<1'" in told[0]
    assert "'no-such-library' is not installed" in told[1]
    assert list(version_faults()) == []


def test_a_package_of_the_same_name_is_named(tmp_path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "__init__.py").touch()
    (tmp_path / "tui.py").touch()

    told = [Path(fault.where).relative_to(tmp_path).parts[0] for fault in shadow_faults([str(tmp_path)])]

    assert told == ["schemas", "tui.py"]
    assert list(shadow_faults()) == []


def test_the_doctor_tells_what_is_wrong_around_a_lab_and_nothing_of_a_sound_one(fresh_lab, monkeypatch, capsys):
    root = fresh_lab.paths.root
    assert surroundings(fresh_lab) == []

    holders = root / "facts.duckdb.holders"
    gone = subprocess.Popen(["true"])
    gone.wait()
    since = (datetime.now(UTC) - timedelta(hours=5)).isoformat()
    for pid, name in ((gone.pid, "gone"), (os.getpid(), "old")):
        told = {"pid": pid, "host": socket.gethostname(), "command": name, "since": since, "purpose": "reads"}
        (holders / f"{name}.json").write_text(json.dumps(told))
    (root / "notify.toml").write_text('manager = "json://127.0.0.1/"')
    toml = (root / "qc.toml").read_text()
    (root / "qc.toml").write_text(toml.replace('addresses_file = ""', 'addresses_file = "notify.toml"'))
    fresh_lab.paths.reports.rmdir()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100_000, 99_000, 1_000))
    monkeypatch.setattr(machine, "_skew_s", lambda _: -4000.0)
    faults = {
        (fault.where, fault.text.split(":")[0].split("(")[0].strip()) for fault in surroundings(qc.open_lab(root))
    }

    assert {where for where, _ in faults} == {"disk", "notify.toml", "reports", "facts.duckdb", "clock"}
    assert not (holders / "gone.json").exists()
    assert _outcome(["doctor", "--lab", str(root)]) == 1
    assert "chmod 600" in capsys.readouterr().out


def test_a_clock_that_was_put_back_and_a_backup_that_is_old_are_told(judged_demo, tmp_path):
    shutil.copytree(judged_demo, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")

    back = surroundings(lab, now=datetime.now(UTC) - timedelta(hours=3))
    later = surroundings(lab, now=datetime.now(UTC) + timedelta(days=30))

    assert [fault.where for fault in back] == ["clock"] * 3
    assert "3 hours after" in back[0].text
    assert [fault.where for fault in later] == ["backup"]
