from __future__ import annotations

import json
import subprocess
import sys

import pytest

import qc
from qc.store.entry import Kind
from qc.triage.decide_filtered import undo_all_of
from schemas.errors import ConfigError, ConflictError

TEXT = "rule:csf_blood"


def _count(lab):
    return sum(any("csf_blood" in f.rule for f in item.findings) for item in lab.queue())


def test_all_that_fits_is_decided_in_one_act_and_taken_back_in_one(demo_folder):
    lab = qc.open_lab(demo_folder)
    before, n = len(lab.queue()), _count(lab)

    told = lab.decide_fitting(TEXT, "approve", n_items=n, note="looked at all", actor="tester")

    assert (told.n_items, told.last_seq - told.first_seq + 1) == (n, n)
    assert len(lab.queue()) == before - n
    assert undo_all_of(lab, told.first_seq, told.last_seq, actor="tester") == n
    assert len(lab.queue()) == before
    assert lab.verify() == []


@pytest.mark.parametrize(("n", "error"), [(None, ConfigError), (1, ConflictError)])
def test_another_number_than_was_said_decides_nothing(demo_folder, n, error):
    lab = qc.open_lab(demo_folder)

    with pytest.raises(error, match=f"{_count(lab)} items fit the filter"):
        lab.decide_fitting(TEXT, "approve", n_items=n, note="looked at all", actor="tester")

    assert lab.ledger.entries(kinds=[Kind.DECISION]) == []


def test_the_command_line_decides_on_all_that_fits_but_for_the_exceptions(demo_folder):
    lab = qc.open_lab(demo_folder)
    left_out = next(i.shown.item for i in lab.queue() if any("csf_blood" in f.rule for f in i.findings))
    words = [sys.executable, "-m", "qc", "decide", "approve", "--filter", TEXT, "--lab", str(demo_folder)]
    n = _count(lab) - 1
    more = ["--count", str(n), "--except", left_out, "--note", "looked at", "--json"]

    done = subprocess.run([*words, *more], capture_output=True, text=True, check=True)
    both = subprocess.run([*words, "R1"], capture_output=True, text=True)

    told = json.loads(done.stdout)
    assert (told["n_decided"], told["last_seq"] - told["first_seq"] + 1) == (n, n)
    assert [item.shown.item for item in lab.queue() if any("csf_blood" in f.rule for f in item.findings)] == [left_out]
    assert both.returncode == 2
