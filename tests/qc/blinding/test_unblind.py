from __future__ import annotations

import json

import pytest

import qc
from qc.items.masking import is_masked, masked_rules, shown_rule
from qc.store.ledger import Kind
from schemas.errors import ConfigError, RightsError
from schemas.finding import Verdict

ITEM = "R9.5"


@pytest.fixture
def lab(demo_folder):
    return qc.open_lab(demo_folder)


def _behind(lab):
    sql = """SELECT s.sample, s.subject, s.visit FROM latest_results r JOIN latest_samples s USING (study, sample)
        WHERE r.result_id = ?"""
    with lab.facts.reading() as con:
        return con.execute(sql, [(9 << 20) + 5]).fetchall()[0]


def test_what_stands_behind_a_result_is_told_and_the_look_is_in_the_ledger(lab):
    (told,) = lab.unblind(ITEM, reason="the tube broke; which patient must come again?", actor="qa")

    assert (told.sample, told.subject, told.visit) == _behind(lab)
    assert {other.visit for other in told.others} >= {"0", "3"}
    (entry,) = lab.ledger.entries(kinds=[Kind.UNBLINDING])
    assert (entry.actor, entry.object, entry.body) == (
        "qa", ITEM, {"reason": "the tube broke; which patient must come again?"},
    )  # fmt: skip


def test_a_sample_is_unblinded_by_its_code(lab):
    code = lab.show(ITEM).shown.code

    (told,) = lab.unblind(code, reason="label check")

    assert (told.sample, told.subject, told.visit) == _behind(lab)


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_is_told(lab, reason):
    with pytest.raises(ConfigError, match="A reason is needed"):
        lab.unblind(ITEM, reason=reason)

    assert lab.ledger.entries(kinds=[Kind.UNBLINDING]) == []


def test_unblinding_needs_the_right(lab):
    text = lab.paths.settings.read_text()
    lab.paths.settings.write_text(text.replace('unblind = ["qa", "statistician"]', "unblind = []"))

    with pytest.raises(RightsError, match="may not unblind"):
        qc.open_lab(lab.paths.root).unblind(ITEM, reason="curious")


def _add_finding(lab, rule):
    sql = """INSERT INTO findings BY NAME SELECT * REPLACE (? AS rule, 'reject' AS verdict, 999 AS ordinal,
        'Fell by 71 % since the visit before.' AS sentence, 0.29 AS observed) FROM findings WHERE item = ? LIMIT 1"""
    with lab.facts.writing() as con:
        con.execute(sql, [rule, ITEM])


@pytest.mark.parametrize(
    ("rule", "shown_as", "words"),
    [
        ("identity.patient_swap", "identity", "Identity check failed."),
        ("identity.delta", "identity", "Identity check failed."),
        ("delta.rcv", "identity", "Identity check failed."),
        ("design.plate_and_visit", "design", "laid out over plates and lots failed."),
    ],
)
def test_a_check_that_would_unblind_tells_only_that_it_failed(lab, rule, shown_as, words):
    _add_finding(lab, rule)

    shown = json.dumps(lab.show(ITEM).as_json())
    (decided,) = lab.decide(ITEM, "approve", reason="biologically_plausible")

    assert words in shown
    assert "71 %" not in shown
    assert rule not in shown
    assert "0.29" not in shown
    assert decided.over == ("preanalytic.haemolysis", shown_as)
    (told,) = lab.unblind(ITEM, reason="swap?")
    assert "Fell by 71 % since the visit before." in [finding.sentence for finding in told.findings]


@pytest.mark.parametrize(
    "rule", ["identity.matrix", "identity.sample_known", "westgard.2-2s", "preanalytic.haemolysis"]
)
def test_a_check_that_looks_at_one_sample_alone_is_told_in_full(rule):
    assert not is_masked(rule)


def test_a_new_rule_on_identity_is_masked_until_somebody_has_thought_about_it():
    assert is_masked("identity.not_written_yet")


@pytest.mark.parametrize(
    ("rule", "verdict", "shown_as"),
    [
        ("identity.patient_swap", "reject", "identity"),
        ("identity.patient_swap", "broken", "broken.identity.patient_swap"),
        ("design.plate_and_visit", "broken", "broken.design.plate_and_visit"),
        ("replicates.cv", "broken", "replicates.cv"),
    ],
)
def test_what_the_blind_hides_is_what_a_check_found_and_not_that_it_broke(rule, verdict, shown_as):
    named = shown_rule(rule, Verdict(verdict))

    assert (named, masked_rules([named])) == (shown_as, (shown_as,))
