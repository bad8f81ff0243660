from __future__ import annotations

import json
import shutil

import pytest

import qc
from qc.audit.audit_review import review
from qc.audit.trace.trace import trace
from qc.items.names import name_of_result
from qc.store.entry import Kind
from schemas.errors import ConfigError

IN_A_PAIR = """
    SELECT result_id FROM latest_results r JOIN samples s USING (study, sample)
    WHERE r.verdict = 'pass' AND r.analyte = 'iron' AND s.matrix = 'serum' AND s.visit = '0' ORDER BY 1
"""


@pytest.fixture(scope="module")
def seen(released_demo, tmp_path_factory):
    folder = tmp_path_factory.mktemp("seen") / "lab"
    shutil.copytree(released_demo, folder)
    lab = qc.open_lab(folder)
    with lab.facts.reading() as con:
        held = {row[0] for row in con.execute("SELECT item FROM open_findings").fetchall()}
        passed = con.execute(IN_A_PAIR).fetchall()
    passing = next(name for (result_id,) in passed if (name := name_of_result(result_id)) not in held)
    unseen = "\n".join(trace(lab, passing).lines())
    lab.paired()
    lab.paired()
    lab.report()
    return lab, passing, unseen


def test_a_look_is_an_entry_once_a_person_and_release(seen):
    lab, _, unseen = seen

    looks = lab.ledger.entries(kinds=[Kind.LOOK])

    assert [(look.object, look.body["study"]) for look in looks] == [("ALS-1-R1", "ALS-1")]
    assert "'qc paired' tells its p-value" in unseen
    assert ": p " not in unseen


def test_a_passing_result_is_rejected_for_a_reason_of_its_own_kind_alone(seen):
    lab, passing, _ = seen

    with pytest.raises(ConfigError, match="'haemolysed' is not meant for 'reject_passing'"):
        lab.decide(passing, "reject", reason="haemolysed", note="so it seems")
    with pytest.raises(ConfigError, match="a note must say what does"):
        lab.decide(passing, "reject", reason="outside_record")


def test_a_release_after_a_look_says_so_in_manifest_report_and_review(seen):
    lab, passing, _ = seen
    lab.decide(passing, "reject", reason="outside_record", note="request form 12: the tube was dropped")
    made = lab.release(actor="tester")

    manifest = json.loads((lab.paths.releases / made.name / "manifest.json").read_text())
    sentences = manifest["looks_before"]["sentences"]
    assert sentences[0].startswith("The p-values of 'ALS-1-R1' had been seen by ")
    assert sentences[1] == "1 passing result was rejected in between."
    assert "What had been seen before" in lab.report().read_text()
    remarks = {remark.what: remark.sentence for remark in review(lab)}
    assert "1 passing result was rejected in between." in remarks["released_after_look"]
    assert "the tube was dropped" in remarks["rejected_passing"]
    assert lab.verify() == []
