import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest

from qc.store.entry import Draft, Kind
from qc.store.ledger import Ledger
from qc.store.ledger_log import LONGEST_LOG_BYTES
from schemas.errors import StoreError

AT = datetime(2026, 3, 4, tzinfo=UTC)


def _note(number):
    return Draft(Kind.NOTE, f"note {number}", {"text": "x" * 400}, "anna")


@pytest.fixture
def ledger(tmp_path):
    one = Ledger(tmp_path / "lab" / "ledger.sqlite")
    one.path.parent.mkdir()
    one.create()
    return one


def _log(ledger):
    return ledger.path.with_name("ledger.sqlite-wal")


def test_an_act_stands_in_the_log_beside_the_file_until_its_writer_lets_go(ledger):
    writer = Ledger(ledger.path)
    writer.append([_note(1)], at=AT)

    stood_beside = _log(ledger).stat().st_size > 0
    del writer

    assert stood_beside
    assert not _log(ledger).exists()
    assert ledger.head()[0] == 1


def test_looking_does_not_move_the_log(ledger):
    ledger.append([_note(1)], at=AT)
    before = ledger.path.read_bytes(), _log(ledger).read_bytes()

    ledger.entries()
    ledger.head()
    ledger.verify()

    assert (ledger.path.read_bytes(), _log(ledger).read_bytes()) == before


def test_a_copy_of_the_folder_holds_every_act_while_its_writer_goes_on(ledger, tmp_path):
    ledger.append([_note(1)], at=AT)

    shutil.copytree(ledger.path.parent, tmp_path / "copy")
    ledger.append([_note(2)], at=AT)

    copy = Ledger(tmp_path / "copy" / "ledger.sqlite")
    assert [entry.seq for entry in copy.entries()] == [1]
    assert copy.verify() == []
    assert [entry.seq for entry in ledger.entries()] == [1, 2]
    assert ledger.verify() == []


def test_the_log_is_moved_into_the_file_before_it_grows_long(ledger):
    for number in range(200):
        ledger.append([_note(number)], at=AT)
        assert not _log(ledger).exists() or _log(ledger).stat().st_size < 2 * LONGEST_LOG_BYTES

    assert ledger.path.stat().st_size > 100 * 400
    assert ledger.head()[0] == 200


def test_a_reader_that_stays_keeps_no_act_from_being_recorded(ledger):
    with sqlite3.connect(ledger.path, isolation_level=None) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM entries").fetchall()
        for number in range(200):
            ledger.append([_note(number)], at=AT)

    assert ledger.head()[0] == 200


WRITE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from qc.store.entry import Draft, Kind
from qc.store.ledger import Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.append([Draft(Kind.NOTE, "note", {}, "anna")], at=datetime.now(UTC))
assert Path(sys.argv[1] + "-wal").stat().st_size > 0
"""


def test_the_file_alone_is_whole_when_the_process_that_wrote_has_ended(ledger, tmp_path):
    subprocess.run([sys.executable, "-c", WRITE, str(ledger.path)], check=True)

    shutil.copyfile(ledger.path, tmp_path / "alone.sqlite")

    assert Ledger(tmp_path / "alone.sqlite").head()[0] == 1


def test_threads_that_write_at_once_lose_nothing(ledger):
    def write():
        for number in range(25):
            ledger.append([_note(number)], at=AT)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()

    assert [entry.seq for entry in ledger.entries()] == list(range(1, 76))
    assert ledger.verify() == []


def test_a_ledger_that_is_not_there_is_named_and_not_made(tmp_path):
    with pytest.raises(StoreError, match="qc init"):
        Ledger(tmp_path / "ledger.sqlite").append([_note(1)], at=AT)

    assert list(tmp_path.iterdir()) == []
