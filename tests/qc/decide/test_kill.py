from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import qc
from qc.api.demo import decide_all
from qc.people.account_changes import add_account
from qc.people.sessions import sign_out
from qc.release.release import open_release, release_names, set_aside_unrecorded
from qc.store.ledger import Kind

WORKERS = Path(__file__).with_name("killed_workers.py")
PASSWORD = "a password of tests"


def test_kills_in_decide_sign_and_release_lose_nothing_acknowledged(judged_demo, tmp_path, is_long):
    folder, acks = tmp_path / "lab", tmp_path / "acks"
    acks.mkdir()
    shutil.copytree(judged_demo, folder)
    lab = qc.open_lab(folder)
    decide_all(lab)
    text = lab.paths.settings.read_text().replace("session_minutes = 15", "session_minutes = 600")
    lab.paths.settings.write_text(text)
    lab = qc.open_lab(folder)
    add_account(lab, "root", roles=["admin"], password=PASSWORD)
    lab.sign_in("root", PASSWORD)
    add_account(lab, "anna", roles=["lab_manager"], password=PASSWORD)
    sign_out(lab)

    words = [sys.executable, str(WORKERS), str(folder), str(acks), str(300 if is_long else 6), "7"]
    subprocess.run(words, check=True)

    told = [line.split() for path in acks.glob("*.txt") for line in path.read_text().splitlines()]
    lab = qc.open_lab(folder)
    entries = {entry.seq: entry for entry in lab.ledger.entries()}
    assert len(told) > (100 if is_long else 0)
    for kind, name, *about in told:
        if kind == "release":
            assert name in release_names(lab)
        else:
            entry = entries[int(name)]
            assert (str(entry.kind), entry.object) == (kind, about[0])
    assert lab.ledger.verify() == []
    set_aside_unrecorded(lab)
    folders = {path.name for path in lab.paths.releases.iterdir() if path.is_dir()}
    assert folders == set(release_names(lab)) == {e.object for e in lab.ledger.entries(kinds=[Kind.RELEASE])}
    newest = release_names(lab)[-1:]
    assert all(open_release(lab, name).name == name for name in newest)
    lab.assess()  # by the settings that were changed above
    assert lab.verify() == []
    print(f"{len(told)} acknowledged acts, {len(folders)} releases")
