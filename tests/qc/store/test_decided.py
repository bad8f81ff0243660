import random
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from qc.items.decisions import Act, all_decisions, decisions_on, newest_decisions, newest_on
from qc.store import verification
from qc.store.decision_rows import DECIDED_COLUMNS
from qc.store.entry import Draft, Kind
from qc.store.ledger import Ledger

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
ITEMS = [f"R{run}.{number}" for run in (1, 2) for number in range(1, 6)]


def _judged(item):
    return {"judged_sha256": f"j {item}", "values_sha256": f"v {item}", "assessment_id": 7, "over": ["range.hard"]}


def _decision(item, act="reject", actor="anna", **more):
    said = {"act": act, "reason": "other", "note": 'a "word" of Zoë', "study": "S", **_judged(item), **more}
    return Draft(Kind.DECISION, item, said, actor)


def _act_at_random(ledger, dice):
    undoable = [d for d in all_decisions(ledger) if not d.undone_by and not d.via]
    if undoable and dice.random() < 0.25:
        chosen = dice.choice(undoable)
        return [Draft(Kind.UNDO, chosen.item, {"undoes": chosen.seq, "note": ""}, "ben")]
    if dice.random() < 0.2:
        covers = {item: _judged(item) for item in sorted(dice.sample(ITEMS, 3))}
        return [_decision("S-ABC123", covers=covers, bulk={"n": 2, "cause": "x", "exceptions": []})]
    if dice.random() < 0.1:
        return [Draft(Kind.NOTE, "note", {}, "carl")]
    act = dice.choice(["approve", "reject", "comment", "repeat"])
    return [_decision(item, act, dice.choice(["anna", "ben"])) for item in dice.sample(ITEMS, dice.randint(1, 3))]


def _by_reading(ledger):
    return {d.item: d for d in all_decisions(ledger) if d.act is not Act.COMMENT and not d.undone_by}


@pytest.fixture
def ledger(tmp_path):
    one = Ledger(tmp_path / "ledger.sqlite")
    one.create()
    return one


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    one = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    one.create()
    dice = random.Random(5)
    for _ in range(60):
        one.append(_act_at_random(one, dice), at=AT)
    return one.path.parent


@pytest.fixture
def filled(template, tmp_path):
    shutil.copytree(template, tmp_path / "filled")
    return Ledger(tmp_path / "filled" / "ledger.sqlite")


def _change(ledger, *statements):
    with closing(sqlite3.connect(ledger.path, isolation_level=None)) as con:
        for text in statements:
            con.execute(text)


def test_what_counts_is_what_the_entries_say_after_every_act(ledger):
    dice = random.Random(11)
    other = Ledger(ledger.path)

    for _ in range(60):
        ledger.append(_act_at_random(ledger, dice), at=AT)

        expected = _by_reading(ledger)
        assert dict(newest_decisions(ledger)) == dict(newest_decisions(other)) == expected
        assert newest_on(ledger, ITEMS[:4]) == {item: d for item, d in expected.items() if item in ITEMS[:4]}
    assert ledger.verify() == []


def test_decisions_on_some_items_stand_in_the_order_of_the_ledger(filled):
    wanted = {*ITEMS[:5], "S-ABC123"}

    told = decisions_on(filled, wanted)

    assert told == [d for d in all_decisions(filled) if d.item in wanted]
    assert any(d.undone_by for d in told)
    assert any(d.via for d in told)


LOST = {
    "tables of an older ledger": ["DROP TABLE decided", "DROP TABLE decided_up_to"],
    "rows that were lost": ["DELETE FROM decided_up_to", "DELETE FROM decided"],
    "rows of another format": ["UPDATE decided_up_to SET format = 99", "UPDATE decided SET act = 'approve'"],
    "rows that an older program left behind": [
        "DELETE FROM decided WHERE seq > 20",
        "UPDATE decided SET undone_by = 0 WHERE undone_by > 20",
        "UPDATE decided_up_to SET seq = 20, hash = (SELECT hash FROM entries WHERE seq = 20)",
    ],
    "rows of another ledger": ["UPDATE decided_up_to SET seq = 20, hash = 'another'", "UPDATE decided SET note = 'x'"],
}


@pytest.mark.parametrize("statements", LOST.values(), ids=LOST)
@pytest.mark.parametrize("acts_first", [False, True], ids=["looked at", "acted on"])
def test_rows_that_do_not_go_up_to_the_newest_entry_are_made_anew(filled, statements, acts_first):
    _change(filled, *statements)
    opened = Ledger(filled.path)

    if acts_first:
        opened.append([_decision("R9.9")], at=AT)

    assert dict(newest_decisions(opened)) == _by_reading(opened)
    assert opened.verify() == []


def test_somebody_who_may_only_read_sees_what_counts_where_rows_are_lacking(filled, monkeypatch):
    _change(filled, "DROP TABLE decided", "DROP TABLE decided_up_to")
    monkeypatch.setattr("os.access", lambda path, mode: False)

    told = dict(newest_decisions(Ledger(filled.path)))

    assert told == _by_reading(filled)
    with closing(sqlite3.connect(filled.path)) as con:
        assert con.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'decided%'").fetchone() == (0,)


@pytest.mark.parametrize("n_workers", [1, 2])
def test_a_changed_row_is_named_with_its_entry(filled, n_workers, monkeypatch, is_long):
    monkeypatch.setattr(verification, "FEWEST_ENTRIES", 10)
    dice = random.Random(3)
    with closing(sqlite3.connect(filled.path)) as con:
        keys = con.execute("SELECT item, seq FROM decided").fetchall()

    for _ in range(40 if is_long else 3):
        item, seq = dice.choice(keys)
        column = dice.choice([name for name in DECIDED_COLUMNS if name not in ("item", "seq")])
        before = filled.path.with_suffix(".before")
        with closing(sqlite3.connect(filled.path)) as con, closing(sqlite3.connect(before)) as copy:
            con.backup(copy)
        _change(filled, f"UPDATE decided SET {column} = 77 WHERE item = '{item}' AND seq = {seq}")

        faults = filled.verify(workers=n_workers)

        assert any(f"'{item}'" in fault.where and f"entry {seq} " in fault.text for fault in faults), column
        with closing(sqlite3.connect(before)) as copy, closing(sqlite3.connect(filled.path)) as con:
            copy.backup(con)
    assert filled.verify() == []


ALTERED = {
    "a row that is lacking": "DELETE FROM decided WHERE seq = (SELECT max(seq) FROM decided)",
    "a row beyond the end": "INSERT INTO decided (item, seq) VALUES ('R1.1', 9999)",
    "a row before the beginning": "INSERT INTO decided (item, seq) VALUES ('R1.1', 0)",
    "an approval that nobody gave": "INSERT INTO decided (item, seq, act) VALUES ('R8.8', 7, 'approve')",
}


@pytest.mark.parametrize("statement", ALTERED.values(), ids=ALTERED)
def test_rows_that_no_entry_gives_are_named_and_made_anew_by_init(filled, statement):
    _change(filled, statement)

    faults = filled.verify()
    filled.create()

    assert len(faults) == 1
    assert "qc init" in faults[0].text
    assert filled.verify() == []


@pytest.mark.parametrize("n_workers", [1, 3])
def test_parts_of_a_long_ledger_tell_the_same_as_the_whole(filled, n_workers, monkeypatch):
    monkeypatch.setattr(verification, "FEWEST_ENTRIES", 10)
    trigger = "SELECT sql FROM sqlite_master WHERE name = 'entries_are_never_changed'"
    with closing(sqlite3.connect(filled.path)) as con:
        (made,) = con.execute(trigger).fetchone()
    anchor = filled.head()
    changes = [f"UPDATE entries SET actor = 'x' WHERE seq = {seq}" for seq in (3, anchor[0] // 3, anchor[0] - 2)]
    _change(filled, "DROP TRIGGER entries_are_never_changed", *changes, made)

    faults = filled.verify((anchor[0] + 1, "0" * 64), workers=n_workers)

    named = [fault.where for fault in faults]
    assert named == [f"entry {seq}" for seq in (3, anchor[0] // 3, anchor[0] - 2, anchor[0] + 1)]
