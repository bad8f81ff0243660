from __future__ import annotations

from collections import Counter

import pytest

import qc
from qc.decide.queue_causes import by_cause, n_results_of
from qc.items.names import parse_item
from qc.triage.ledger_states import read_ledger_states
from qc.triage.queue_query import question_of
from qc.triage.row_positions import row_positions
from qc.triage.shared_causes import alone_of, members_of, shared_causes
from qc.triage.waiting_counts import waiting_counts
from schemas.queue_filter import parse_filter


@pytest.fixture
def lab(demo_folder):
    return qc.open_lab(demo_folder)


def _asked(lab, con, text=""):
    wanted = parse_filter(text)
    return question_of(wanted, "gravest", read_ledger_states(lab, con, reader="", wanted=wanted), lab.ledger.head()[0])


def _as_listed(lab):
    """Return what the command line counts from the items themselves, and what the screens count over the runs."""
    items = lab.queue()
    told = by_cause(items)
    with lab.facts.reading() as con:
        asked = _asked(lab, con)
        causes = shared_causes(con, asked)
        n_alone = row_positions(con, alone_of(asked, causes)).n_items
        n_members = {cause.cause: row_positions(con, members_of(asked, cause.cause)).n_items for cause in causes}
        listed = [(one.cause, one.n_items, one.n_results, one.verdict, one.says, one.way_on) for one in causes]
        counted = waiting_counts(con, asked)
    assert n_members == {one.cause: one.n_items for one in told.causes}
    assert n_alone == len(told.alone)
    assert (counted.n_things, counted.n_results) == (told.n_items, n_results_of(items))
    assert Counter(counted.n_by_verdict) == Counter(one.verdict.value for one in (*told.causes, *told.alone))
    named = {(item.cause or item.shown.item, parse_item(item.shown.item).run_id) for item in items}
    assert Counter(counted.n_by_run) == Counter(run_id for _, run_id in named)
    return listed, [(one.cause, one.n_items, one.n_results, one.verdict, one.says, one.way_on) for one in told.causes]


def test_causes_counted_over_the_runs_are_those_of_the_items_before_and_after_decisions(lab):
    listed, told = _as_listed(lab)
    assert listed == told
    assert len(told) > 1

    first, second, *_ = [item.shown.item for item in lab.queue() if item.cause == told[0][0]]
    lab.decide(first, "reject", reason="haemolysed")
    listed, told = _as_listed(lab)
    assert listed == told
    assert second in {item.shown.item for item in lab.queue()}

    lab.decide(told[0][0], "reject", reason="haemolysed", exceptions=[second])
    listed, told = _as_listed(lab)
    assert listed == told


@pytest.mark.parametrize("text", ["ferritin", "-verdict:warn", "mine", "-run:chem"])
def test_causes_of_a_filter_are_those_that_two_of_its_items_share(lab, text):
    with lab.facts.reading() as con:
        asked = _asked(lab, con, text)
        causes = shared_causes(con, asked)
        n_items = row_positions(con, asked).n_items
        n_alone = row_positions(con, alone_of(asked, causes)).n_items
        n_members = [row_positions(con, members_of(asked, cause.cause)).n_items for cause in causes]

    assert [cause.n_items for cause in causes] == n_members
    assert n_alone + sum(n_members) == n_items


def test_each_cause_says_what_settles_it(lab):
    with lab.facts.reading() as con:
        causes = shared_causes(con, _asked(lab, con))

    assert all(cause.way_on for cause in causes)
