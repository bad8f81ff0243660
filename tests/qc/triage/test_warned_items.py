from __future__ import annotations

import shutil

import pytest

import qc
from qc.assess.prepare.rule_set import load_rule_set
from qc.items.states import REJECTED


@pytest.fixture
def lab(demo_folder):
    return qc.open_lab(demo_folder)


def _tolerated_and_passed(lab):
    with lab.facts.reading() as con:
        rows = con.execute("""
            SELECT DISTINCT f.item FROM findings f JOIN latest_results r USING (result_id, assessment_id)
            WHERE NOT f.holds AND r.state = 'auto_approved' AND f.scope = 'result'
        """).fetchall()
    return {row[0] for row in rows}


def test_what_passed_in_spite_of_a_warning_is_listed_whole_and_blinded(lab):
    listed = lab.approved_in_spite()

    assert {one.shown.item for one in listed} == _tolerated_and_passed(lab)
    assert len(listed) > 10
    assert {one.rules for one in listed} == {("identity",)}
    assert all(finding.suggestion for one in listed for finding in one.findings)


def test_what_a_person_decided_on_is_no_more_among_what_rules_approved(lab):
    first, *others = [one.shown.item for one in lab.approved_in_spite()]

    lab.decide(first, "reject", reason="identity_in_doubt")

    assert [one.shown.item for one in lab.approved_in_spite()] == others
    assert lab.show(first).state == REJECTED


def test_a_lab_can_let_every_tolerated_warning_wait(lab, tmp_path):
    shutil.copytree(lab.paths.root, tmp_path / "strict")
    settings = tmp_path / "strict" / "qc.toml"
    settings.write_text(settings.read_text().replace("warnings_wait = false", "warnings_wait = true"))

    lenient, strict = load_rule_set(lab), load_rule_set(qc.open_lab(tmp_path / "strict"))

    assert any(profile.tolerated_warnings for profile in lenient.profiles.values())
    assert not any(profile.tolerated_warnings for profile in strict.profiles.values())
    assert lenient.sha256 != strict.sha256
