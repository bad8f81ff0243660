from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.several_results import RepeatPolicy, Role, Several, choose

DAY = datetime(2026, 1, 1)
NUMBERS = st.floats(0.1, 1000)
BOUNDS = st.sampled_from(["", "", "<"])
SERIES = st.lists(st.tuples(NUMBERS, BOUNDS), min_size=2, max_size=6)
WHERE = st.tuples(st.integers(1, 3), st.integers(1, 3), st.sampled_from([1.0, 2.0, 8.0]), NUMBERS, BOUNDS)


def one(number, value, *, run=1, plate="P1", dilution=1.0, censor="", limit=None, method="elisa", is_replaced=False):
    return Several(
        result_id=(run << 20) + number,
        run=f"T{run}",
        started_at=DAY + timedelta(days=run),
        plate=plate,
        dilution=dilution,
        value=None if censor else value,
        unit="ng/mL",
        method=method,
        censor=censor,
        censor_limit=(value if limit is None else limit) if censor else None,
        is_replaced=is_replaced,
    )


def diluted(series):
    return [one(n, value, dilution=2.0**n, censor=censor) for n, (value, censor) in enumerate(series, start=1)]


@settings(max_examples=200, deadline=None)
@given(SERIES, st.randoms(use_true_random=False))
def test_mean_and_lowest_in_range_of_a_series_are_those_of_three_lines(series, random):
    several = diluted(series)
    random.shuffle(several)
    in_range = [value for value, censor in series if not censor]  # the reference: rising dilution, bounds left out
    mean, lowest = (fmean(in_range), in_range[0]) if in_range else (None, None)

    chosen = [choose(several, RepeatPolicy(several_dilutions=name)) for name in ("mean_in_range", "lowest_in_range")]

    assert [choice.value for choice in chosen] == [mean, lowest]


@settings(max_examples=300, deadline=None)
@given(st.lists(WHERE, min_size=2, max_size=6), st.randoms(use_true_random=False), st.data())
def test_the_same_result_is_chosen_whatever_the_order_in_which_runs_come_in(places, random, data):
    names = data.draw(st.sampled_from([None, "first_in_range", "latest_in_range", "mean_in_range", "exclude", "ask"]))
    several = [
        one(n, value, run=run, plate=f"P{plate}", dilution=dilution, censor=censor)
        for n, (run, plate, dilution, value, censor) in enumerate(places, start=1)
    ]
    # Runs are numbered as they come in: in another order the same results carry other numbers.
    turned = [replace(x, result_id=x.result_id + ((9 - 2 * (x.result_id >> 20)) << 20)) for x in several]
    random.shuffle(turned)
    policy = RepeatPolicy(several_results=names)

    first, second = choose(several, policy), choose(turned, policy)

    assert (first.value, first.policy, first.why) == (second.value, second.policy, second.why)
    assert by_place(first) == by_place(second)
    assert [*by_place(first).values()].count(Role.REPORTED) == (first.policy != "exclude")


def by_place(choice):
    return {(x.run, x.result_id & 0xFFFFF): choice.roles[x.result_id] for x in choice.members}


def test_below_the_limit_at_a_high_dilution_is_no_evidence_against_a_number_at_a_low_one():
    choice = choose([one(1, 5.0, dilution=2), one(2, 8.0, dilution=8, censor="<")], RepeatPolicy())

    assert (choice.value, choice.roles[choice.members[1].result_id]) == (5.0, Role.EVIDENCE)


@pytest.mark.parametrize(
    ("censor", "expected"), [("<", 1), (">", 2)], ids=["lowest upper bound", "highest lower bound"]
)
def test_where_none_is_in_range_the_narrowest_bound_counts(censor, expected):
    choice = choose([one(1, 2.0, dilution=2, censor=censor), one(2, 8.0, dilution=8, censor=censor)], RepeatPolicy())

    assert (choice.reported, choice.value) == ((1 << 20) + expected, None)


PLANNED = {
    "over two plates of a run": ([one(1, 10.0), one(2, 20.0, plate="P2")], "mean_in_range", 15.0),
    "one dilution in another run": ([one(1, 10.0), one(1, 20.0, run=2, dilution=4)], "lowest_in_range", 10.0),
    "the same in another run": ([one(1, 10.0), one(1, 20.0, run=2)], "ask", 10.0),
    "twice in a table": ([one(1, 10.0, plate=""), one(2, 20.0, plate="")], "ask", 10.0),
    "by another method": ([one(1, 10.0), one(2, 20.0, plate="P2", method="simoa")], "ask", 10.0),
    "bounds of both sides": ([one(1, 1.0, censor="<"), one(2, 9.0, plate="P2", censor=">")], "ask", None),
    "replaced by its sender": ([one(1, 10.0, is_replaced=True), one(2, 20.0)], "mean_in_range", 20.0),
}


@pytest.mark.parametrize(("several", "policy", "value"), PLANNED.values(), ids=PLANNED)
def test_what_maps_plan_is_settled_and_the_rest_is_asked_about(several, policy, value):
    choice = choose(several, RepeatPolicy())

    assert (choice.policy, choice.value) == (policy, value)


def test_the_latest_counts_where_the_laboratory_says_so():
    several = [one(1, 10.0), one(1, 20.0, run=2), one(1, 30.0, run=3, censor="<")]

    assert choose(several, RepeatPolicy(several_results="latest_in_range")).value == 20.0
