"""Random decisions in random order, judged in between or not, cut off now and then: one round, the same states."""

from __future__ import annotations

import random
import shutil
from datetime import UTC, datetime

import pytest

import qc
import qc.assess.assess
from qc.items.decisions import newest_decisions
from qc.items.result_states import result_states
from qc.items.states import item_states

N_SUBJECTS = 14
SHEET = """[run]
run = "{run}"
study = "S"
matrix = "serum"
unit = "ug/dL"
method = "chemistry"
platform = "P"
instrument = "I1"
started_at = 2025-06-0{day}T09:00:00
profile = "clinical-westgard-n2"
"""
ACTS = ("approve", "approve", "reject", "repeat")


class _Killed(BaseException):
    pass


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A lab with a share of flagged results, results of one sample in two runs, and a control beyond its limits."""
    folder = tmp_path_factory.mktemp("order")
    lab = qc.init_lab(folder / "lab", name="order", settings={"lab.default_study": "S"})
    samples = [f"S,A{number},P{number},0,serum" for number in range(N_SUBJECTS)]
    levels = {"L1": (50, 5), "L2": (200, 20)}
    controls = [f"M,{level},1,iron,serum,ug/dL,{mean},{sd},fixed" for level, (mean, sd) in levels.items()]
    hand_in(lab, "samples", ["study,sample,subject,visit,matrix", *samples])
    hand_in(lab, "controls", ["material,level,lot,analyte,matrix,unit,target,sd,target_from", *controls])
    values = [(number, 3 + number / 7 if number < 4 else 80 + 3.7 * number) for number in range(N_SUBJECTS)]
    take(lab, "T1", values, day=1)
    take(lab, "T2", [(number, value * 1.02) for number, value in values[4:8]], day=2, control=171)
    lab.assess()
    return lab.paths.root


def hand_in(lab, name, lines):
    file = lab.paths.root.parent / f"{name}.csv"
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    (taken,) = lab.ingest(file)
    assert taken.outcome == "in", (taken.message, taken.faults)


def take(lab, run, values, *, day, control=200):
    (lab.paths.root.parent / f"{run}.run.toml").write_text(SHEET.format(run=run, day=day), encoding="utf-8")
    rows = ["control,,iron,50,M,L1,1", f"control,,iron,{control},M,L2,1"]
    rows += [f"sample,A{number},iron,{value:.2f},,," for number, value in values]
    hand_in(lab, run, ["role,sample,analyte,value,material,level,lot", *rows])


def settle(lab, dice, monkeypatch):
    """Judge what is left; now and then somebody pulls the plug before it is written."""

    def _die(*_):
        raise _Killed

    with monkeypatch.context() as patched:
        if dice.random() < 0.3:
            patched.setattr(qc.assess.assess, "write_chunk", _die)
        try:
            lab.settle()
        except _Killed:
            return


def lapsed(lab):
    with lab.facts.reading() as con:
        states = item_states(con, newest_decisions(lab.ledger), datetime.now(UTC))
    return [item for item, state in states.items() if state.has_lapsed]


def play(lab, acts, dice, monkeypatch, *, wholes_first):
    """Decide item by item in an order of its own, undo now and then; return the state of each result.

    What is said of a whole run moves with each of its results that is rejected after it was decided on.
    """
    order = dice.sample(sorted(acts), len(acts))
    for item in sorted(order, key=lambda item: "." in item) if wholes_first else order:
        if dice.random() < 0.2:
            lab.decide(item, "reject", reason="outside_record", note="bench book")
            settle(lab, dice, monkeypatch)
            lab.undo(item)
        lab.decide(item, acts[item], reason="other")
        if dice.random() < 0.4:
            settle(lab, dice, monkeypatch)
        assert lapsed(lab) == []
    lab.settle()
    assert lapsed(lab) == []
    with lab.facts.reading() as con:
        states = item_states(con, newest_decisions(lab.ledger), datetime.now(UTC))
        found = result_states(con, states, "S").select("result_id", "state").rows()
    return dict(found)


@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, 40))])
def test_one_round_in_any_order_reaches_the_same_states_and_no_decision_lapses(judged, tmp_path, monkeypatch, seed):
    dice = random.Random(seed)
    items = [line.shown.item for line in qc.open_lab(judged).queue()]
    acts = {item: "approve" if "." not in item else dice.choice(ACTS) for item in items} | {"R1.1": "reject"}
    ends, waiting = [], []

    for number in range(2):
        shutil.copytree(judged, tmp_path / f"{number}")
        lab = qc.open_lab(tmp_path / f"{number}")
        ends.append(play(lab, acts, dice, monkeypatch, wholes_first=number == 0))
        waiting += lab.queue()

    assert {item for item in items if "." not in item} >= {"R1/iron"}
    assert waiting == []
    assert ends[0] == ends[1]
    assert set(newest_decisions(lab.ledger)) == set(items)
    assert lab.verify() == []
