from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import qc
from qc.items.decisions import decisions_on
from qc.lab.settings_edit import with_settings
from qc.release.gate import gate
from qc.store.entry import Kind
from schemas.errors import ConfigError, ConflictError, RightsError

HURT = "R9.5"  # a haemolysed sample: reject
DISAGREE = "R15.22"  # replicates that lie apart: warn


@pytest.fixture
def lab(demo_folder):
    return qc.open_lab(demo_folder)


def _line(lab, item):
    return next(line for line in lab.queue() if line.shown.item == item)


def _waits(lab):
    return {line.shown.item for line in lab.queue()}


def _with(lab, settings):
    path = lab.paths.settings
    path.write_text(with_settings(path.read_text(), settings))
    return qc.open_lab(lab.paths.root)


def _set_four_eyes(lab, acts):
    text = lab.paths.settings.read_text().replace("four_eyes = []", f"four_eyes = {acts}")
    lab.paths.settings.write_text(text)
    return qc.open_lab(lab.paths.root)


def test_the_queue_carries_the_hash_that_a_look_at_the_facts_gives(lab):
    from qc.items.judged_content import judged_items

    lines = lab.queue()
    with lab.facts.reading() as con:
        judged = judged_items(con, [line.shown.item for line in lines])

    assert {line.shown.item: (line.seen.judged_sha256, line.seen.values_sha256) for line in lines} == {
        item: (told.sha256, told.values_sha256) for item, told in judged.items()
    }


def test_a_line_of_the_queue_is_decided_on_without_opening_the_facts(lab):
    line = _line(lab, DISAGREE)

    with lab.facts.writing():  # a bulk load holds the facts
        (decided,) = lab.decide(line, "approve")

    assert decided.item == DISAGREE
    assert DISAGREE not in _waits(lab)


def test_the_second_of_two_people_is_told_and_nothing_is_lost(lab):
    line = _line(lab, DISAGREE)
    lab.decide(line, "approve", actor="anna")

    with pytest.raises(ConflictError, match="'anna' said 'approve'"):
        lab.decide(line, "reject", reason="outlier_well", actor="ben")

    assert [(d.actor, d.act) for d in decisions_on(lab.ledger, [DISAGREE])] == [("anna", "approve")]


def test_a_comment_of_somebody_else_is_no_conflict(lab):
    line = _line(lab, DISAGREE)
    lab.decide(line, "comment", note="looks like a bubble", actor="anna")

    lab.decide(line, "reject", reason="outlier_well", actor="ben")

    assert DISAGREE not in _waits(lab)


def test_by_name_somebody_elses_decision_is_replaced_only_on_demand(lab):
    lab.decide(DISAGREE, "approve", actor="anna")
    with pytest.raises(ConflictError, match="--supersede"):
        lab.decide(DISAGREE, "reject", reason="outlier_well", actor="ben")

    (decided,) = lab.decide(DISAGREE, "reject", reason="outlier_well", actor="ben", supersede=True)

    assert decided.supersedes == decided.seq - 1
    assert lab.show(DISAGREE).state == "rejected"


def test_an_undo_is_an_entry_and_the_decision_before_counts_again(lab):
    lab.decide(DISAGREE, "approve")
    lab.decide(DISAGREE, "reject", reason="outlier_well")

    (undone,) = lab.undo(DISAGREE)

    assert (undone.undoes, undone.counts_again) == (undone.seq - 1, undone.seq - 2)
    assert lab.show(DISAGREE).state == "approved"
    assert [d.undone_by for d in decisions_on(lab.ledger, [DISAGREE])] == [0, undone.seq]


def test_undoing_everything_makes_the_item_wait_again(lab):
    lab.decide(DISAGREE, "approve")

    lab.undo(DISAGREE)

    assert DISAGREE in _waits(lab)
    with pytest.raises(ConfigError, match="Nothing was decided that could be undone"):
        lab.undo(DISAGREE)


@pytest.mark.parametrize(
    "first, second, why",
    [
        ("approve", "approve", "approved already"),
        ("reject", "reject", "rejected already"),
        ("repeat", "dilute", "asked for already"),
    ],
)
def test_an_illegal_transition_is_refused_with_the_reason(lab, first, second, why):
    reasons = {"approve": "", "reject": "outlier_well", "repeat": "repeat_needed", "dilute": "dilution"}
    lab.decide(DISAGREE, first, reason=reasons[first])

    with pytest.raises(ConfigError, match=why):
        lab.decide(DISAGREE, second, reason=reasons[second])


def test_what_passed_every_rule_can_be_rejected_but_not_approved(lab):
    with pytest.raises(ConfigError, match="nothing to approve"):
        lab.decide("R15.1", "approve")

    lab.decide("R15.1", "reject", reason="outside_record", note="bench book")

    assert lab.show("R15.1").state == "rejected"


def test_a_bulk_decision_needs_one_cause_and_lists_its_exceptions(lab):
    blood = ["R2.10", "R4.20", "R6.28"]
    with pytest.raises(ConfigError, match="one cause"):
        lab.decide(blood[:2], "approve", exceptions=blood[2:])

    lab.decide(blood[:2], "approve", note="blood below what matters for these", exceptions=blood[2:])

    told = decisions_on(lab.ledger, blood)
    assert [dict(d.bulk) for d in told] == [
        {"n": 2, "cause": "blood below what matters for these", "exceptions": ["R6.28"]}
    ] * 2
    assert "R6.28" in _waits(lab)


def test_a_bulk_decision_with_one_item_that_is_not_there_records_nothing(lab):
    with pytest.raises(ConfigError, match=r"R99\.1"):
        lab.decide(["R2.10", "R99.1"], "reject", reason="outside_record", note="bench book")

    assert lab.ledger.entries(kinds=[Kind.DECISION]) == []


def test_a_decision_on_a_sample_covers_its_results_and_is_undone_as_one(lab):
    code = _line(lab, HURT).shown.code
    of_sample = {line.shown.item for line in lab.queue() if line.shown.code == code}

    (decided,) = lab.decide(code, "reject", reason="haemolysed")

    assert decided.n_covered == 8
    assert of_sample.isdisjoint(_waits(lab))
    with pytest.raises(ConfigError, match=f"undo '{code}'"):
        lab.undo(HURT)
    lab.undo(code)
    assert of_sample <= _waits(lab)


def test_a_decision_on_one_analyte_of_a_sample_leaves_the_others_waiting(lab):
    line = _line(lab, HURT)

    lab.decide(f"{line.shown.code}/ferritin", "reject", reason="haemolysed")

    assert HURT not in _waits(lab)
    assert "R13.18" in _waits(lab)


def test_the_ledger_does_not_name_the_sample_of_a_decision(lab):
    with lab.facts.reading() as con:
        names = {
            row[0] for row in con.execute("SELECT sample FROM samples UNION SELECT subject FROM samples").fetchall()
        }

    lab.decide(_line(lab, HURT).shown.code, "reject", reason="haemolysed")

    content = b"".join(path.read_bytes() for path in lab.paths.root.glob("ledger.sqlite*"))
    assert [name for name in names if name.encode() in content] == []


def test_a_rejected_well_is_left_out_of_its_result_and_the_rejection_can_be_undone(lab):
    line = _line(lab, DISAGREE)
    first, second = line.shown.wells.split(",")
    before = lab.show(DISAGREE).shown.value

    lab.decide(f"R15@{first}", "reject", reason="outlier_well")
    assert "serum-tnf-1" in gate(lab).runs_not_assessed
    assert "serum-tnf-1" not in lab.gate().runs_not_assessed
    alone = lab.show(DISAGREE).shown

    assert (alone.wells, alone.value != before) == (second, True)
    lab.undo(f"R15@{first}")
    lab.assess()
    assert lab.show(DISAGREE).shown.value == before
    assert not lab.gate().runs_not_assessed


def test_a_well_is_never_approved(lab):
    with pytest.raises(ConfigError, match="A well can be rejected"):
        lab.decide("R15@F6", "approve")


def test_an_override_counts_until_it_expires(lab, monkeypatch):
    until = datetime.now(UTC) + timedelta(days=7)
    lab.decide(HURT, "approve", reason="biologically_plausible", expires_at=until)
    assert HURT not in _waits(lab)

    class Later(datetime):
        @classmethod
        def now(cls, tz=None):
            return until + timedelta(seconds=1)

    monkeypatch.setattr("qc.decide.queue_and_show.datetime", Later)

    line = _line(lab, HURT)
    assert line.has_lapsed
    assert "was good until" in line.why


def test_only_an_approval_over_a_failure_expires(lab):
    with pytest.raises(ConfigError, match="can expire"):
        lab.decide(DISAGREE, "approve", expires_at=datetime.now(UTC) + timedelta(days=1))


def test_with_four_eyes_an_override_counts_when_somebody_else_confirms_it(lab):
    lab = _set_four_eyes(lab, '["approve_over"]')
    (first,) = lab.decide(HURT, "approve", reason="biologically_plausible", actor="anna")

    assert first.needs_second
    assert "second person" in _line(lab, HURT).why
    with pytest.raises(ConfigError, match="Nobody confirms their own"):
        lab.decide(HURT, "approve", reason="biologically_plausible", actor="anna")
    (second,) = lab.decide(HURT, "approve", reason="biologically_plausible", actor="ben")
    assert second.confirms == first.seq
    assert HURT not in _waits(lab)


def test_a_lapsed_rejection_of_what_passes_now_waits_again(lab):
    lab.decide("R15.1", "reject", reason="outside_record", note="bench book")
    with lab.facts.writing() as con:  # what a calibration by another rule version would do
        con.execute(
            "INSERT INTO results BY NAME SELECT * REPLACE (9999 AS assessment_id, value + 1 AS value) FROM results"
        )
        con.execute("UPDATE run_states SET assessment_id = 9999 WHERE run_id = 15")
        con.execute("INSERT INTO assessments BY NAME SELECT * REPLACE (9999 AS assessment_id) FROM assessments LIMIT 1")

    line = _line(lab, "R15.1")

    assert line.has_lapsed
    assert "a value has changed" in line.why


def test_who_has_no_right_is_refused_in_the_core(lab):
    settings = lab.paths.settings
    text = settings.read_text()
    settings.write_text(text.replace('["analyst", "lab_manager", "qa", "statistician"]', '["analyst"]', 1))
    lab = qc.open_lab(lab.paths.root)

    with pytest.raises(RightsError, match="lab_manager or qa"):
        lab.decide(DISAGREE, "approve")
    lab.decide(DISAGREE, "repeat", reason="repeat_needed")
