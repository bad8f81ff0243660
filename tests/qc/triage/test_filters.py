from __future__ import annotations

import random
from dataclasses import replace

import pytest

import qc
from qc.triage.lease import ReadLease
from qc.triage.ledger_states import read_ledger_states
from qc.triage.queue import page
from qc.triage.queue_listing import ask_queue
from qc.triage.queue_query import ORDERS, question_of
from qc.triage.row_positions import row_positions
from schemas.errors import ConfigError
from schemas.queue_filter import EVERYTHING, parse_filter


@pytest.fixture
def ask(judged_demo):
    lab = qc.open_lab(judged_demo)

    def asked(text, **more):
        with lab.facts.reading() as con:
            return ask_queue(lab, con, text, **more)

    return asked


def _is_about(item, word):
    shown = item.shown
    rules = [finding.rule for finding in item.findings]
    return any(
        word in text.lower() for text in (*rules, shown.item, shown.analyte, shown.run, shown.matrix, shown.study)
    )


FILTERS = {
    "": lambda item: True,
    "verdict:reject": lambda item: item.verdict == "reject",
    "verdict:reject,broken": lambda item: item.verdict in ("reject", "broken"),
    "-verdict:reject": lambda item: item.verdict != "reject",
    "rule:haemolysis analyte:iron": lambda item: "haemolysis" in item.findings[0].rule and item.shown.analyte == "iron",
    "matrix:csf": lambda item: item.shown.matrix == "csf",
    "run:serum-chem": lambda item: "serum-chem" in item.shown.run,
    "IRON": lambda item: _is_about(item, "iron"),
    "scope:run": lambda item: item.shown.scope == "run",
    "state:any": lambda item: True,
    "state:approved": lambda item: False,
    "days:1": lambda item: False,
    "verdict:": lambda item: True,
    "item:R20.103": lambda item: item.shown.item == "R20.103",
    "new": lambda item: True,
    "mine": lambda item: False,
}


@pytest.mark.parametrize("text", FILTERS)
def test_a_filter_finds_what_it_says(ask, judged_demo, text):
    expected = [item.shown.item for item in qc.open_lab(judged_demo).queue() if FILTERS[text](item)]

    told = ask(text)

    assert [row.item for row in told.rows] == expected
    assert told.n_items == len(expected)


def test_a_sample_is_found_by_its_pseudonym(ask):
    code = ask("verdict:reject").rows[0].code

    assert {row.code for row in ask(f"sample:{code}").rows} == {code}


@pytest.mark.parametrize("text", ["'; DROP TABLE runs; --", "rule:') OR 1=1 --", "%", "c_f", "\\"])
def test_what_is_typed_is_never_part_of_the_statement(ask, text):
    assert ask(text).n_items == 0
    assert ask("").n_items > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [("rul:2-2s", "'rul' is no key"), ("verdict:bad", "'bad' is not known"), ("days:two", "not a number of days")],
)
def test_a_filter_that_is_not_understood_says_what_was_expected(text, said):
    with pytest.raises(ConfigError) as refused:
        parse_filter(text)

    assert said in str(refused.value)


def test_pages_put_together_are_the_queue_in_every_order(judged_demo):
    lab = qc.open_lab(judged_demo)
    with lab.facts.reading() as con:
        ledger_states = read_ledger_states(lab, con, reader="")
        for order in ORDERS:
            question = question_of(EVERYTHING, order, ledger_states, 0)
            where = row_positions(con, question)
            whole = [row.item for row in page(lab, con, question, where, n_rows=100)]
            parts = [row.item for number in range(12) for row in page(lab, con, question, where, number, n_rows=3)]
            assert parts == whole
            assert len(set(whole)) == where.n_items > 9


WORDS = ["", "-", "iron", "r", "R1", "r15", "15", "15.", "/", ".2", "serum", "reject", "haemo", "1-3s", "STUDY"]
TERMS = [
    "verdict:warn", "-verdict:reject", "scope:result", "-scope:run,analyte", "analyte:fer", "matrix:serum", "run:chem",
    "rule:range", "-rule:range", "days:0", "new", "mine", "lapsed", "-mine", "item:R20.103", "-item:R20.103,R15.22",
    "state:any", "state:approved", "state:waiting,rej", "state:rej", "instrument:r", "-study:ALS",
]  # fmt: skip


@pytest.fixture(scope="module")
def decided_lab(judged_demo, tmp_path_factory):
    import shutil

    folder = tmp_path_factory.mktemp("decided") / "lab"
    shutil.copytree(judged_demo, folder)
    lab = qc.open_lab(folder)
    items = [item.shown.item for item in lab.queue()]
    for item in items[:3]:
        lab.decide(item, "reject", reason="identity_in_doubt", actor="tester")
    lab.decide("R20.103", "approve", actor="tester")
    lab.decide(items[6], "comment", note="looked at", actor="tester")
    return lab


def test_counts_of_runs_say_what_the_items_themselves_say(decided_lab, is_long):
    chance = random.Random(7)
    texts = [*WORDS, *TERMS, *(" ".join(chance.sample(WORDS + TERMS, 2)) for _ in range(400 if is_long else 40))]

    with decided_lab.facts.reading() as con:
        for text in texts:
            wanted = parse_filter(text)
            ledger_states = read_ledger_states(decided_lab, con, reader="tester", wanted=wanted)
            for order in ORDERS if is_long else chance.sample(ORDERS, 1):
                counted = question_of(wanted, order, ledger_states, 0)
                looked_at = replace(counted, of_groups=None)
                assert row_positions(con, counted) == row_positions(con, looked_at), (text, order)


def test_blocks_of_several_runs_give_the_same_pages(decided_lab, monkeypatch):
    monkeypatch.setattr("qc.triage.row_positions._MOST_BUCKETS", 4)

    with decided_lab.facts.reading() as con:
        ledger_states = read_ledger_states(decided_lab, con, reader="")
        for order in ORDERS:
            question = question_of(EVERYTHING, order, ledger_states, 0)
            where = row_positions(con, question)
            whole = [row.item for row in page(decided_lab, con, question, where, n_rows=200)]
            parts = [
                row.item for number in range(40) for row in page(decided_lab, con, question, where, number, n_rows=3)
            ]
            single = page(decided_lab, con, question, replace_shift(con, question, monkeypatch), n_rows=200)
            assert where.shift > 1
            assert parts == whole == [row.item for row in single]


def replace_shift(con, question, monkeypatch):
    with monkeypatch.context() as once:
        once.setattr("qc.triage.row_positions._MOST_BUCKETS", 1 << 40)
        where = row_positions(con, question)
    assert where.shift == 0
    return where


def test_counts_that_are_not_those_of_the_items_are_a_fault_of_the_facts(demo_folder):
    lab = qc.open_lab(demo_folder)
    assert lab.verify() == []
    with lab.facts.writing() as con:
        con.execute("UPDATE held_groups SET n_items = n_items + 1 WHERE run_id = 20")

    assert "table 'held_groups', run 20" in " ".join(str(fault) for fault in lab.verify())


def test_the_gravest_come_first_as_in_qc_queue(judged_demo, ask):
    assert [row.item for row in ask("").rows] == [item.shown.item for item in qc.open_lab(judged_demo).queue()]


def test_a_decision_takes_an_item_out_of_the_queue_and_a_lapse_brings_it_back(demo_folder):
    lab = qc.open_lab(demo_folder)
    n_items = len(lab.queue())
    lab.decide("R20.103", "approve", actor="tester")

    def asked(text):
        with lab.facts.reading() as con:
            return ask_queue(lab, con, text, reader="tester").n_items

    assert (asked(""), asked("state:approved"), asked("mine state:any")) == (n_items - 1, 1, 1)
    with lab.facts.writing() as con:
        con.execute("UPDATE held_items SET judged_sha256 = 'another', values_sha256 = 'other' WHERE item = 'R20.103'")
        con.execute("UPDATE run_states SET assessment_id = assessment_id")
    assert (asked(""), asked("lapsed")) == (n_items, 1)


def test_a_row_is_decided_on_as_it_was_seen(demo_folder):
    lab = qc.open_lab(demo_folder)
    with lab.facts.reading() as con:
        row = ask_queue(lab, con, "item:R20.103").rows[0]

    (decided,) = lab.decide([row.seen], "approve", actor="tester")

    assert decided.item == "R20.103"


def test_a_lease_is_given_back_when_a_writer_waits(judged_demo, tmp_path):
    import shutil
    import threading
    import time

    folder = tmp_path / "lab"
    shutil.copytree(judged_demo, folder)
    lab = qc.open_lab(folder)
    lease = ReadLease(lab)
    lease.connection()
    done = threading.Event()

    def write():
        with qc.open_lab(folder).facts.writing(wait_s=20):
            done.set()

    writer = threading.Thread(target=write)
    writer.start()
    end = time.monotonic() + 20
    while not done.is_set() and time.monotonic() < end:
        lease.rest()
        time.sleep(0.02)
    writer.join(5)

    assert done.is_set()
    assert not lease.is_open
