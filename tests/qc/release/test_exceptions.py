from __future__ import annotations

import itertools
import json
import shutil

import polars as pl
import pytest

import qc
from checks.contrast_words.exceptions import exception_sentences
from qc.items.names import name_of_result
from qc.release.exceptions import release_exceptions


@pytest.fixture
def released(released_demo):
    return released_demo / "releases" / "ALS-1-R1"


def _manifest(folder):
    return json.loads((folder / "manifest.json").read_text())


def test_every_result_that_did_not_simply_pass_stands_in_one_exception_and_no_other_does(released):
    tables = pl.concat([pl.read_parquet(released / f"{name}.parquet") for name in ("results", "set_aside")])
    passed = tables.filter(
        (pl.col("state") == "approved")
        & ~pl.col("overridden")
        & ((pl.col("rules") == "") | (pl.col("approval") == "person"))
    )

    named = [item for one in _manifest(released)["exceptions"] for item in one["items"]]

    assert len(named) == len(set(named))
    everything = {name_of_result(result_id) for result_id in tables["result_id"]}
    assert set(named) == everything - {name_of_result(result_id) for result_id in passed["result_id"]}


def test_who_decided_when_and_why_stands_in_the_tables_as_in_the_ledger(released):
    decisions = {one["item"]: one for one in map(json.loads, (released / "decisions.json").read_text().splitlines())}
    decided = pl.read_parquet(released / "results.parquet").filter(pl.col("approval") == "person")

    assert decided.height
    for row in decided.to_dicts():
        one = decisions[name_of_result(row["result_id"])]
        assert (row["decided_by"], row["decided_at"][:16], row["decision"]) == (
            one["actor"],
            one["at"][:16],
            one["seq"],
        )
        assert (row["reason"], row["note"], row["overridden"]) == (one["reason"], one["note"], True)


def test_an_approval_over_a_warning_is_recorded_as_one_and_a_later_comment_is_its_why(released_demo, tmp_path):
    shutil.copytree(released_demo, tmp_path / "lab")
    lab = qc.open_lab(tmp_path / "lab")
    item = next(
        one for one in _manifest(released_demo / "releases" / "ALS-1-R1")["exceptions"] if "range.soft" in one["rules"]
    )["items"][0]
    lab.undo(item)

    (decided,) = lab.decide(item, "approve")
    lab.decide(item, "comment", note="the marathon of the day before")
    manifest = lab.release().manifest

    assert decided.over == ("range.soft",)
    found = next(one for one in manifest["exceptions"] if item in one["items"])
    assert (found["kind"], found["note"]) == ("approved_over", "the marathon of the day before")
    assert "approved by a person over a warning (" in exception_sentences([found])[0]
    assert "the marathon of the day before" in exception_sentences([found])[0]


def _row(state, approval, overridden, rules):
    return {
        "result_id": (1 << 20) + 1,
        "analyte": "gdnf",
        "matrix": "csf",
        "state": state,
        "verdict": "warn" if rules else "pass",
        "approval": approval,
        "overridden": overridden,
        "rules": rules,
        "reason": "",
        "note": "",
        "decided_by": "" if approval == "auto" else "jo",
        "decided_at": "" if approval == "auto" else "2025-01-02T03:04:05Z",
    }


KINDS = {
    ("approved", "auto", False, ""): [],
    ("approved", "auto", False, "identity"): ["approved_in_spite"],
    ("approved", "person", True, "range.soft"): ["approved_over"],
    ("approved", "person", False, ""): [],
    ("rejected", "person", False, ""): ["set_aside"],
    ("repeat_requested", "person", False, "range.hard"): ["set_aside"],
}


@pytest.mark.parametrize("row", KINDS, ids=lambda row: "-".join(map(str, row)))
def test_what_became_of_a_result_says_which_exception_it_is(row):
    table = pl.DataFrame([_row(*row)])

    assert [one["kind"] for one in release_exceptions(table)] == KINDS[row]


def test_what_persons_approved_over_a_finding_comes_first():
    tables = [pl.DataFrame([_row(*row) for row in order]) for order in itertools.permutations(KINDS)]

    kinds = {tuple(one["kind"] for one in release_exceptions(table)) for table in tables[:50]}

    assert kinds == {("approved_over", "approved_in_spite", "set_aside", "set_aside")}
