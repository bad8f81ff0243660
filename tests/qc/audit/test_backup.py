"""A backup is one moment of a lab, whoever works meanwhile; what comes back is what was there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import threading
import time

import pytest

import qc
from qc.audit.backup.encrypted import _unpack, encrypted_in, make_key, opened
from qc.audit.backup.make import make_backup
from qc.audit.backup.manifest import MANIFEST
from qc.audit.backup.restore import rehearse, restore
from schemas.errors import ConfigError

TABLES = "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"


def rows_of(folder):
    with qc.open_lab(folder).facts.reading() as con:
        names = [row[0] for row in con.execute(TABLES).fetchall()]
        return {name: con.execute(f'SELECT * FROM "{name}" ORDER BY ALL').fetchall() for name in names}


@pytest.fixture
def released(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    return qc.open_lab(tmp_path / "lab")


def test_an_encrypted_backup_is_opened_by_its_key_alone_and_is_the_same_lab(released, tmp_path):
    plain = make_backup(released, tmp_path / "plain")
    public = make_key(tmp_path / "key")
    make_key(tmp_path / "other")
    file = encrypted_in(tmp_path / "backups", plain, [public])

    with opened(file, tmp_path / "key", tmp_path) as whole:
        restored = restore(whole, tmp_path / "again")

    assert restored.holds
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    assert b"facts.duckdb" not in file.read_bytes()
    for key in (tmp_path / "other", None):
        with pytest.raises(ConfigError, match=r"not opened by this key|private key by --key"):
            opened(file, key, tmp_path).__enter__()
    assert not list(tmp_path.glob(".assaygate-*"))


@pytest.mark.parametrize("place", [0.0, 0.3, 0.6, 0.999])
def test_an_encrypted_backup_that_was_damaged_is_told(tmp_path, place):
    folder = tmp_path / "lab-20260101"
    folder.mkdir()
    (folder / "file").write_bytes(bytes(range(256)) * 2000)
    file = encrypted_in(tmp_path / "backups", folder, [make_key(tmp_path / "key")])
    content = bytearray(file.read_bytes())
    content[int(len(content) * place)] ^= 1
    file.write_bytes(content)

    with pytest.raises(ConfigError, match="damaged"), opened(file, tmp_path / "key", tmp_path):
        pass


def test_a_key_is_never_overwritten_and_its_public_half_is_told(tmp_path):
    public = make_key(tmp_path / "key.txt")

    with pytest.raises(ConfigError, match=f"--for {public}"):
        make_key(tmp_path / "key.txt")


def test_what_is_no_key_is_told(tmp_path):
    (tmp_path / "lab").mkdir()

    with pytest.raises(ConfigError, match="no public key of age"):
        encrypted_in(tmp_path / "backups", tmp_path / "lab", ["age1wrong"])
    make_key(tmp_path / "key")
    with pytest.raises(ConfigError, match="never overwritten"):
        make_key(tmp_path / "key")


def test_a_restored_lab_is_the_same_row_by_row(released, tmp_path):
    backup = make_backup(released, tmp_path / "backups")

    restored = restore(backup, tmp_path / "again", beside=released)

    assert restored.holds, restored.faults
    assert (restored.n_newer_entries, restored.n_newer_files) == (0, 0)
    assert rows_of(tmp_path / "again") == rows_of(released.paths.root)
    assert qc.open_lab(tmp_path / "again").ledger.head() == released.ledger.head()
    for name in ("qc.toml", ".blind_secret", "reasons.toml"):
        assert (tmp_path / "again" / name).read_bytes() == (released.paths.root / name).read_bytes()
    assert (tmp_path / "again" / ".blind_secret").stat().st_mode & 0o037 == 0


def test_a_rehearsal_leaves_the_lab_and_is_recorded(released, tmp_path):
    backup = make_backup(released, tmp_path / "backups")
    before = rows_of(released.paths.root)

    told, entry = rehearse(released, backup, actor="anna")

    assert told.holds
    assert (entry.body["outcome"], entry.body["backup"]) == ("holds", backup.name)
    assert rows_of(released.paths.root) == before
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [backup.name]
    assert restore(backup, tmp_path / "new", beside=released).n_newer_entries == 1


def test_a_damaged_backup_is_refused_and_nothing_is_written(released, tmp_path):
    backup = make_backup(released, tmp_path / "backups")
    files = sorted(path for path in (backup / "lab").rglob("*") if path.is_file())
    kinds = {path.relative_to(backup / "lab").parts[0]: path for path in files if path.stat().st_size}
    for place, path in enumerate([*kinds.values(), None]):
        damaged = tmp_path / f"damaged{place}"
        shutil.copytree(backup, damaged)
        if path is None:
            (damaged / "lab" / "stranger").write_text("x")
        else:
            mine = damaged / path.relative_to(backup)
            content = bytearray(mine.read_bytes())
            content[len(content) // 2] ^= 1
            mine.chmod(0o600)
            mine.write_bytes(content)
        with pytest.raises(ConfigError, match="damaged"):
            restore(damaged, tmp_path / "again")
        shutil.rmtree(damaged)
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("path", ["../outside", "/etc/outside", "a/../../outside"])
def test_a_manifest_that_leads_out_of_the_lab_is_refused(released, tmp_path, path):
    backup = make_backup(released, tmp_path / "backups")
    tree = json.loads((backup / MANIFEST).read_text())
    tree["files"][0]["path"] = path
    (backup / MANIFEST).write_text(json.dumps(tree))

    with pytest.raises(ConfigError, match="outside"):
        restore(backup, tmp_path / "again")


def test_no_lab_is_restored_over_another_and_no_backup_lies_in_its_lab(released, tmp_path):
    backup = make_backup(released, tmp_path / "backups")

    with pytest.raises(ConfigError, match="not empty"):
        restore(backup, released.paths.root)
    with pytest.raises(ConfigError, match="lies in the lab"):
        make_backup(released, released.paths.root / "backups")


def test_backups_made_while_files_come_in_and_people_decide_all_hold(demo_folder, tmp_path):
    lab = qc.open_lab(demo_folder)
    decided, is_over = [], threading.Event()

    def work():
        try:
            for number in range(6):
                table = f"sample,analyte,value,unit\nN{number},ferritin,{50 + number},ng/mL\n"
                (tmp_path / f"late{number}.csv").write_text(table)
                lab.ingest(tmp_path / f"late{number}.csv")
                lab.decide("R1", "comment", note=f"note {number}")
                decided.append(lab.ledger.head()[0])
        finally:
            is_over.set()

    worker = threading.Thread(target=work)
    worker.start()
    backups = []
    while not is_over.is_set() or not backups:
        known = decided[-1] if decided else 0
        time.sleep(1.1)  # a backup is named by the second
        backups.append((known, make_backup(lab, tmp_path / "backups")))
    worker.join()

    assert len(decided) == 6
    for place, (known, backup) in enumerate(backups):
        restored = restore(backup, tmp_path / f"again{place}")
        assert restored.holds, restored.faults
        assert restored.ledger_seq >= known


def test_a_backup_that_is_killed_leaves_none_that_looks_whole(demo_folder, tmp_path):
    words = [sys.executable, "-m", "qc", "backup", str(tmp_path / "backups"), "--lab", str(demo_folder)]
    for delay in (0.25, 0.4, 0.55):
        child = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    folder = tmp_path / "backups"
    whole = [path for path in folder.iterdir() if not path.name.startswith(".")] if folder.exists() else []

    for place, backup in enumerate(whole):
        assert restore(backup, tmp_path / f"again{place}").holds
    assert make_backup(qc.open_lab(demo_folder), tmp_path / "after").is_dir()


@pytest.mark.parametrize(
    ("name", "kind"), [("../out", tarfile.REGTYPE), ("a", tarfile.SYMTYPE), ("a", tarfile.FIFOTYPE)]
)
def test_an_archive_with_more_than_files_and_folders_of_its_own_is_refused(tmp_path, name, kind):
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "/etc/passwd"
    with tarfile.open(tmp_path / "a.tar", "w") as tar:
        tar.addfile(member)

    with tarfile.open(tmp_path / "a.tar") as tar, pytest.raises(tarfile.TarError, match="neither a file nor a folder"):
        _unpack(tar, tmp_path / "opened")

    assert list((tmp_path / "opened").iterdir()) == []
