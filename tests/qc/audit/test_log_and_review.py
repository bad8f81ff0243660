from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

import qc
from qc.audit.audit_review import review
from qc.audit.log_view import Wanted, log, shown_entry
from qc.store.ledger import Draft, Kind
from schemas.errors import ConfigError

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)  # a Wednesday


@pytest.fixture
def lab(demo_folder):
    for path in demo_folder.glob("ledger.sqlite*"):  # a ledger without what came in: entries are numbered from 1 here
        path.unlink()
    lab = qc.open_lab(demo_folder)
    lab.ledger.create()
    return lab


def _decision(act="approve", *, over=(), bulk=None, reason="", supersedes=0):
    body = {"act": act, "reason": reason, "note": "", "scope": "result", "run": "", "study": "ALS-1"}
    body |= {"assessment_id": 1, "over": list(over), "judged_sha256": "x", "values_sha256": "x", "bulk": bulk}
    return body | {"supersedes": supersedes, "confirms": 0, "needs_second": False, "expires_at": None}


def _append(lab, *acts):
    for at, actor, kind, about, body in acts:
        lab.ledger.append([Draft(kind, about, body, actor)], at=at)


def _remarks(lab, what):
    return [remark for remark in review(lab) if remark.what == what]


def test_the_log_is_filtered_by_person_object_kind_and_time(lab):
    _append(
        lab,
        (NOON, "anna", Kind.DECISION, "R9.5", _decision()),
        (NOON + timedelta(hours=1), "ben", Kind.DECISION, "R9.6", _decision()),
        (NOON + timedelta(hours=2), "anna", Kind.UNDO, "R9.5", {"undoes": 1, "note": "", "covers": {}}),
        (NOON + timedelta(hours=3), "anna", Kind.DECISION, "R91", _decision()),
    )

    def numbers(**wanted):
        return [entry.seq for entry in log(lab, Wanted(**wanted))]

    assert numbers() == [1, 2, 3, 4]
    assert numbers(actor="anna") == [1, 3, 4]
    assert numbers(about="R9.5") == [1, 3]
    assert numbers(about="R9") == [1, 2, 3]
    assert numbers(kinds=("undo",)) == [3]
    assert numbers(since=NOON + timedelta(hours=1), until=NOON + timedelta(hours=3)) == [2, 3]
    assert numbers(last=1) == [4]
    with pytest.raises(ConfigError, match="no kind of entry"):
        numbers(kinds=("decisions",))


def test_the_log_tells_neither_a_hash_of_a_password_nor_the_text_of_a_plan(lab):
    lab.lock_plan(lab.paths.root / "plan.toml")
    (entry,) = log(lab, Wanted(kinds=("plan_lock",)))

    assert set(shown_entry(entry).as_json()["body"]) == {"plan_sha256"}


def test_odd_hours_are_by_local_time_and_include_weekends(lab, monkeypatch):
    import time

    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    _append(
        lab,
        (NOON, "anna", Kind.DECISION, "R9.5", _decision()),
        (NOON.replace(hour=3), "anna", Kind.DECISION, "R9.6", _decision()),
        (NOON.replace(day=7), "ben", Kind.DECISION, "R9.7", _decision()),  # a Saturday
    )

    assert [(r.actor, r.entries) for r in _remarks(lab, "odd_hours")] == [("anna", (2,)), ("ben", (3,))]


def test_a_burst_is_many_single_decisions_within_a_minute_and_a_bulk_decision_is_none(lab):
    _append(
        lab, *((NOON + timedelta(seconds=5 * n), "anna", Kind.DECISION, f"R9.{n + 1}", _decision()) for n in range(11))
    )
    bulk = {"n": 12, "cause": "x", "exceptions": []}
    _append(lab, *((NOON, "ben", Kind.DECISION, f"R10.{n + 1}", _decision(bulk=bulk)) for n in range(12)))

    assert [(r.actor, len(r.entries)) for r in _remarks(lab, "burst")] == [("anna", 11)]


def test_nine_decisions_in_a_minute_are_no_burst(lab):
    _append(lab, *((NOON + timedelta(seconds=n), "anna", Kind.DECISION, f"R9.{n + 1}", _decision()) for n in range(9)))

    assert _remarks(lab, "burst") == []


def test_who_measured_a_run_and_approves_it_is_pointed_out(lab):
    with lab.facts.writing() as con:
        con.execute("UPDATE runs SET operator = 'anna' WHERE run_id = 9")
    _append(
        lab,
        (NOON, "anna", Kind.DECISION, "R9.5", _decision()),
        (NOON, "ben", Kind.DECISION, "R9.5", _decision()),
        (NOON, "anna", Kind.DECISION, "R10.5", _decision()),
    )

    (first, *_) = lab.ledger.entries(kinds=[Kind.DECISION])
    assert [r.entries for r in _remarks(lab, "self_approval")] == [(first.seq,)]


def test_overrides_undoings_and_replaced_decisions_are_pointed_out(lab):
    _append(
        lab,
        (NOON, "anna", Kind.DECISION, "R9.5", _decision(over=["preanalytic.haemolysis"], reason="other")),
        (NOON, "ben", Kind.DECISION, "R9.5", _decision("reject", reason="other", supersedes=1)),
        (NOON, "ben", Kind.UNDO, "R9.5", {"undoes": 2, "note": "", "covers": {}}),
    )

    assert [r.entries for r in _remarks(lab, "override")] == [(1,)]
    assert [r.entries for r in _remarks(lab, "superseded")] == [(1, 2)]
    assert [r.entries for r in _remarks(lab, "undone")] == [(2, 3)]


def test_a_decision_after_a_look_behind_the_blind_is_pointed_out(lab):
    lab.unblind("R9.5", reason="label", actor="qa")
    lab.decide("R9.5", "reject", reason="haemolysed", actor="qa")
    lab.decide("R13.18", "reject", reason="haemolysed", actor="qa")

    assert [(r.object, r.entries) for r in _remarks(lab, "decided_unblinded")] == [("R9.5", (1, 2))]


def test_a_measurement_that_was_repeated_until_it_passed_is_pointed_out(tmp_path):
    from pathlib import Path

    root = Path(__file__).resolve().parents[3] / "sample_runs"
    folder = root / "faults" / "duplicate_result"
    lab = qc.init_lab(tmp_path / "lab", name="test", settings={"lab.default_study": "FAULTS"})
    lab.ingest(root / "study" / "controls.csv", root / "faults" / "subjects.csv", root / "faults" / "samples.csv")
    lab.ingest(folder / "fault-duplicate-result-1.csv")
    lab.assess()
    with lab.facts.reading() as con:
        ids = [row[0] for row in con.execute("SELECT result_id FROM latest_results").fetchall()]
    lab.decide([f"R{one >> 20}.{one & 0xFFFFF}" for one in ids], "repeat", reason="repeat_needed")
    lab.ingest(folder / "fault-duplicate-result-2.csv")
    lab.assess()

    (remark, *_) = _remarks(lab, "repeats_until_pass")

    assert "was measured 2 times in one sample" in remark.sentence


def test_failed_sign_ins_are_pointed_out_from_the_third_within_an_hour(lab):
    refused = {"outcome": "refused", "terminal": "t"}
    _append(
        lab,
        *((NOON + timedelta(minutes=50 * n), "os", Kind.SIGN_IN, "anna", refused) for n in range(4)),
        *((NOON + timedelta(minutes=20 * n), "os", Kind.SIGN_IN, "ben", refused) for n in range(3)),
    )

    assert [r.object for r in _remarks(lab, "failed_sign_ins")] == ["ben"]


def test_a_plan_that_was_locked_after_a_release_is_pointed_out(released_demo, tmp_path):
    folder = tmp_path / "lab"
    shutil.copytree(released_demo, folder)
    lab = qc.open_lab(folder)
    plan = folder / "plan.toml"
    plan.write_text(plan.read_text().replace("alpha = 0.05", "alpha = 0.01"))
    lab.lock_plan(plan)

    assert [r.object for r in _remarks(lab, "plan_after_release")] == ["ALS-1"]


def test_neither_log_shows_the_hash_of_a_password_or_the_text_of_a_plan(lab):
    from qc.people.account_changes import add_account
    from qc.triage.ledger_pages import log_page

    lab.lock_plan(lab.paths.root / "plan.toml")
    add_account(lab, "root", roles=["admin"], password="a password of tests")

    told = json.dumps([shown_entry(entry).as_json() for entry in log(lab, Wanted())])
    shown = json.dumps([line.as_json() for line in log_page(lab)])

    for text in (told, shown):
        assert '"plan_sha256"' in text
        assert "argon2" not in text
        assert "baseline =" not in text
