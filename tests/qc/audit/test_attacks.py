"""What somebody who can write the folder of a lab has tried: each is refused by a release, or named by verify."""

from __future__ import annotations

import shutil

import pytest

import qc
from qc.audit.audit_review import review
from qc.items.names import parse_item
from qc.release.release import release
from qc.store.facts import transaction
from qc.store.seals import seal, sealed_tables
from schemas.errors import GateError

OPENING = (
    "DELETE FROM findings WHERE holds",
    "DELETE FROM held_items",
    "DELETE FROM held_groups",
    "UPDATE results SET state = 'auto_approved' WHERE state = 'waiting'",
    "UPDATE run_states SET state = 'auto_approved', n_waiting = 0",
)
"""Together they open the gate on everything that waited."""


def _run(lab, statements):
    with lab.facts.writing() as con, transaction(con):
        for statement in statements:
            con.execute(statement)


def _sealed_anew(con):
    con.execute("DELETE FROM seals WHERE key_column = 'assessment_id'")
    ids = [number for (number,) in con.execute("SELECT assessment_id FROM assessments").fetchall()]
    seal(con, {"assessment_id": ids})


@pytest.fixture
def waiting(judged_demo, tmp_path):
    shutil.copytree(judged_demo, tmp_path / "waiting")
    return qc.open_lab(tmp_path / "waiting")


@pytest.fixture
def decided(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "decided")
    return qc.open_lab(tmp_path / "decided")


@pytest.mark.parametrize("is_resealed", [False, True], ids=["as it is", "sealed anew"])
def test_a_gate_that_was_opened_by_statements_releases_nothing(waiting, is_resealed):
    _run(waiting, OPENING)
    if is_resealed:
        with waiting.facts.writing() as con, transaction(con):
            _sealed_anew(con)
    assert waiting.gate().is_open

    with pytest.raises(GateError, match="not what was judged"):
        release(waiting, actor="tester")

    assert not [path for path in waiting.paths.releases.iterdir() if path.is_dir()]
    assert waiting.verify()


@pytest.mark.parametrize("statement", OPENING[1:])
def test_one_derived_table_that_says_otherwise_is_enough_to_refuse_a_release(decided, statement):
    # Of the demo everything is decided: what is deleted here would change nothing for an honest gate.
    _run(decided, [statement])

    with pytest.raises(GateError, match="not what was judged"):
        release(decided, actor="tester")


def test_a_decision_is_not_made_to_count_for_something_else(decided):
    item = next(name for name in (entry.object for entry in decided.ledger.entries()) if name.startswith("R9."))
    result_id = parse_item(item).result_id
    _run(decided, [f"UPDATE results SET value = value * 1.6 WHERE result_id = {result_id}"])
    with decided.facts.writing() as con, transaction(con):
        _sealed_anew(con)

    told = [str(fault) for fault in decided.verify()]

    assert any("sealed anew" in text for text in told)
    assert any(f"item '{item}'" in text for text in told)


def _forged_assessment(lab, run_id, factor):
    """Write another assessment of a run as the program itself would, with other numbers; return one of its results."""
    with lab.facts.writing() as con, transaction(con):
        (old,) = con.execute("SELECT assessment_id FROM run_states WHERE run_id = ?", [run_id]).fetchall()[0]
        (new,) = con.execute("SELECT max(assessment_id) + 1 FROM assessments").fetchall()[0]
        keyed = [table for table, (key, _) in sealed_tables(con).items() if key == "assessment_id"]
        for table in [*keyed, "held_groups"]:
            con.execute(
                f'INSERT INTO "{table}" BY NAME SELECT * REPLACE ({new} AS assessment_id) FROM "{table}" '
                f"WHERE assessment_id = {old}"
            )
        con.execute(f"UPDATE results SET value = value * {factor} WHERE assessment_id = {new}")
        con.execute("UPDATE run_states SET assessment_id = ? WHERE run_id = ?", [new, run_id])
        seal(con, {"assessment_id": [new]})
        return new, con.execute(
            "SELECT count(*) FROM results WHERE assessment_id = ? AND value IS NOT NULL", [new]
        ).fetchall()[0][0]


def test_results_that_were_multiplied_sealed_and_entered_do_not_come_out_when_they_are_judged_again(decided):
    free = "SELECT run_id FROM run_states WHERE state = 'auto_approved' AND n_results > 5 ORDER BY run_id LIMIT 1"
    with decided.facts.reading() as con:
        ((run_id,),) = con.execute(free).fetchall()
    assessment_id, n_values = _forged_assessment(decided, run_id, 1.6)
    assert decided.verify(reads_again=True) == []  # whoever knows the program well enough leaves no other trace

    told = [str(fault) for fault in decided.verify(n_runs=None)]

    own = [text for text in told if f"table 'results', assessment {assessment_id}" in text]
    assert len(own) == 6
    assert "result_id" in own[0]
    assert "Judged again, value comes out otherwise." in own[0]
    assert own[-1].endswith(f"{n_values - 5} more rows come out otherwise when they are judged again.")


def test_everything_of_an_honest_lab_comes_out_when_it_is_judged_again(decided):
    from qc.audit.again.judged_again import judge_again

    again = judge_again(decided, n_runs=None)

    assert again.faults == ()
    assert (again.n_runs, again.waiting) == (again.n_judged, ())
    assert again.n_runs > 15


def test_a_changed_limit_is_named_until_it_is_judged_by(decided):
    text = decided.paths.settings.read_text(encoding="utf-8")
    decided.paths.settings.write_text(text + "\n# another limit\n", encoding="utf-8")
    assert [fault.where for fault in decided.verify()] == ["qc.toml"]

    decided.assess()

    assert decided.verify() == []


def test_a_head_that_a_kill_cut_off_is_entered_by_whoever_writes_next_and_is_no_fault(decided):
    from qc.audit.verify import verified
    from qc.store.facts import Facts

    n_entries = decided.ledger.head()[0]
    with Facts(decided.paths.facts).writing() as con, transaction(con):  # as if it were killed before its entry
        con.execute(
            "INSERT INTO run_summaries BY NAME SELECT * REPLACE (9999 AS assessment_id) FROM run_summaries LIMIT 1"
        )
        seal(con, {"assessment_id": [9999]}, tables=["run_summaries"])
    between = verified(decided)
    assert between.faults == []
    assert "not entered in the ledger yet" in between.remarks[0]

    with decided.facts.writing():
        pass

    assert verified(decided).remarks == []
    (entry,) = decided.ledger.entries(after=n_entries)
    assert entry.body["n_late"] == 1
    assert any(remark.what == "late_head" for remark in review(decided))


def test_times_that_run_backwards_or_are_still_to_come_are_told(decided):
    from datetime import UTC, datetime, timedelta

    from qc.audit.verify import verified
    from qc.store.entry import Draft, Kind

    now = datetime.now(UTC)
    for moment in (now + timedelta(days=2), now - timedelta(days=400)):
        decided.ledger.append([Draft(Kind.NOTE, "clock", {}, "tester")], at=moment)

    remarks = verified(decided).remarks

    assert len(remarks) == 2
    assert "which is before entry" in remarks[0]
    assert "still to come" in remarks[1]
