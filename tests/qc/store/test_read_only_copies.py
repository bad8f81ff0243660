"""A copy that nobody here can write is read and verified as it is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from datetime import UTC, datetime

import pytest

import qc
import qc.store.read_only as read_only
from qc.cli.error_messages import code_and_words
from qc.store.disk_full import is_disk_full, with_cause
from qc.store.ledger import Draft, Kind
from schemas.errors import StoreError

SHEET = "study,sample,subject,visit,matrix\nS,A1,P1,0,serum\n"


@pytest.fixture
def copy(tmp_path, monkeypatch):
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "S"})
    (tmp_path / "samples.csv").write_text(SHEET)
    lab.ingest(tmp_path / "samples.csv")
    del lab
    shutil.copytree(tmp_path / "lab", tmp_path / "copy")
    for path in (tmp_path / "copy").glob("facts.duckdb.*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    everything = [*(tmp_path / "copy").rglob("*"), tmp_path / "copy"]
    for path in everything:
        path.chmod(path.stat().st_mode & ~0o222)
    # Who runs the tests may be root, whom no right stops.
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    yield tmp_path / "copy"
    for path in reversed(everything):
        path.chmod(path.stat().st_mode | 0o200)


def test_a_copy_is_verified_and_read_and_nothing_is_written_beside_it(copy):
    before = sorted(path.name for path in copy.iterdir())
    lab = qc.open_lab(copy)

    assert lab.verify(reads_again=True) == []
    assert lab.queue() == []
    assert [entry.kind for entry in lab.ledger.entries()] == ["delivery", "facts"]
    assert sorted(path.name for path in copy.iterdir()) == before


def test_a_statement_of_ones_own_reads_a_copy_and_no_act_is_done_in_it(copy):
    lab = qc.open_lab(copy)

    assert lab.sql("SELECT sample FROM samples", reason="x").rows() == [("A1",)]
    with pytest.raises(StoreError, match="in a copy of a lab nothing is recorded"):
        lab.ledger.append([Draft(Kind.NOTE, "x", {}, "x")], at=datetime.now(UTC))
    assert len(lab.ledger.entries()) == 2


def test_what_cannot_be_written_is_told_by_its_name(copy):
    error = PermissionError(13, "Permission denied", str(copy / "x"))

    assert code_and_words(error)[1].startswith(f"'{copy / 'x'}' cannot be written")


def _caused(error, by):
    error.__cause__ = by
    return error


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(28, "No space left on device"), True),
        (_caused(StoreError("The ledger cannot be used."), sqlite3.OperationalError("database or disk is full")), True),
        (ValueError("no space left"), False),
        (OSError(2, "No such file"), False),
    ],
)
def test_a_full_disk_is_told_as_that(error, is_full):
    assert is_disk_full(error) is is_full
    assert ("The disk is full" in code_and_words(error)[1]) is is_full


def test_an_error_of_the_disk_is_a_full_disk_where_there_is_no_room(tmp_path, monkeypatch):
    error = sqlite3.OperationalError("disk I/O error")
    assert with_cause(error, tmp_path / "ledger.sqlite") is error

    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(1, 1, 0))
    monkeypatch.setattr(os, "access", lambda path, mode: True)

    assert is_disk_full(
        _caused(StoreError("The ledger cannot be used."), with_cause(error, tmp_path / "ledger.sqlite"))
    )


def test_a_file_that_can_be_written_is_no_such_copy(tmp_path):
    (tmp_path / "file").touch()

    assert not read_only.is_read_only(tmp_path / "file")
