from __future__ import annotations

import json
from pathlib import Path

import pytest

import qc
from qc.cli.main import _outcome
from qc.items.masking import IDENTITY
from qc.triage.dossier import dossier
from qc.triage.queue_listing import ask_queue

RUNS = Path(__file__).resolve().parents[3] / "sample_runs"


@pytest.fixture(scope="module")
def swapped(tmp_path_factory):
    lab = qc.init_lab(tmp_path_factory.mktemp("swapped") / "lab", name="t", settings={"lab.default_study": "FAULTS"})
    lab.ingest(*(RUNS / "faults" / name for name in ("subjects.csv", "samples.csv")))
    (outcome,) = lab.ingest(RUNS / "faults" / "patient_swapped" / "fault-patient-swapped.csv")
    assert outcome.outcome == "in"
    lab.assess()
    with lab.facts.reading() as con:
        rules = {rule for (rule,) in con.execute("SELECT DISTINCT rule FROM findings").fetchall()}
    assert "identity.patient_swap" in rules
    return lab


@pytest.mark.parametrize("words", [["queue"], ["review", "--screen", "triage"], ["review"], ["show", "R1.1"], ["gate"]])
@pytest.mark.parametrize("form", [["--json"], []])
def test_nothing_a_reviewer_reads_names_a_rule_that_compares_samples(swapped, capsys, words, form):
    plain = ["--plain"] if words[0] == "review" and not form else form

    _outcome([*words, *plain, "--lab", str(swapped.paths.root)])

    told = "".join(capsys.readouterr())
    assert told
    assert "patient_swap" not in told
    assert "identity." not in told


def test_a_filter_cannot_ask_for_what_is_masked(swapped):
    with swapped.facts.reading() as con:
        named = ask_queue(swapped, con, "rule:patient_swap")
        masked = ask_queue(swapped, con, "rule:identity")

    assert (named.n_items, masked.n_items) == (0, 4)


def test_what_a_decision_goes_over_is_masked_as_well(swapped, capsys):
    _outcome(["review", "--screen", "triage", "--json", "--lab", str(swapped.paths.root)])

    items = json.loads(capsys.readouterr().out)["items"]
    items = [item for item in items if item["scope"] == "result"]
    assert len(items) == 4
    assert {tuple(item["rules"]) for item in items} == {("identity",)}
    assert {rule for item in items for rule in item["over"]} <= {"identity"}


@pytest.mark.parametrize("name", ["R1.1", "R1"])
def test_the_dossier_of_an_item_tells_only_that_an_identity_check_failed(swapped, name):
    with swapped.facts.reading() as con:
        told = dossier(swapped, con, name)

    masked = [finding for _, finding in told.findings if finding.rule.startswith("identity")]
    assert masked
    assert {(finding.rule, finding.sentence) for finding in masked} == {(IDENTITY.rule, IDENTITY.sentence)}
    assert {(finding.observed, finding.limits) for finding in masked} == {(None, ())}
