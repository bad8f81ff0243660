from __future__ import annotations

import os
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.arithmetic.charts.westgard import RULES, evaluate
from schemas.errors import ConfigError
from schemas.finding import Verdict

LONG = os.environ.get("ASSAYGATE_LONG") == "1"

# Westgard QC, lesson 12: control 1 has mean 200 and SD 4, control 2 mean 250 and SD 5, one of each a day.
CONTROL_1 = (
    "200 205 195 202 186 207 194 209 200 196 190 204 196 207 200 205 209 197 196 198 197 195 198 199 191 197 190 202"
)
CONTROL_2 = (
    "247 250 255 243 254 263 251 264 253 244 261 254 239 236 250 259 257 256 249 257 241 255 250 259 247 242 256 246"
)
REJECTED_DAYS = {5, 8, 11, 14}
WARNED_DAYS = {6, 13, 17, 25, 27}


def lesson_12():
    pairs = zip(map(float, CONTROL_1.split()), map(float, CONTROL_2.split()), strict=True)
    return [[("C1", (first - 200) / 4), ("C2", (second - 250) / 5)] for first, second in pairs]


def said(runs, rules):
    return [[f"{v.rule}@{v.scope}" for v in verdict.violations] for verdict in evaluate(runs, rules)]


def test_the_published_verdicts_of_28_days_are_found():
    verdicts = evaluate(lesson_12(), ["1-2s", "1-3s", "2-2s", "R-4s"])

    by_day = {day: verdict.verdict for day, verdict in enumerate(verdicts, start=1)}
    assert {day for day, verdict in by_day.items() if verdict is Verdict.REJECT} == REJECTED_DAYS
    assert {day for day, verdict in by_day.items() if verdict is Verdict.WARN} == WARNED_DAYS
    assert sum(verdict is Verdict.PASS for verdict in by_day.values()) == 28 - 9


@pytest.mark.parametrize(
    ("day", "violation"),
    [(5, "1-3s@C1"), (8, "2-2s@across"), (11, "R-4s@run"), (14, "2-2s@C2")],
    ids=["1-3s", "2-2s in one run", "R-4s", "2-2s in two runs"],
)
def test_a_published_rejection_is_for_the_published_reason(day, violation):
    rejecting = said(lesson_12(), ["1-3s", "2-2s", "R-4s"])[day - 1]

    assert rejecting == [violation]


def test_rules_beyond_the_lesson_speak_on_its_days_17_and_27_and_23():
    four, ten, six = (said(lesson_12(), [rule]) for rule in ("4-1s", "10-x", "7-x"))

    assert [day for day, found in enumerate(four, start=1) if found] == [17]
    assert [day for day, found in enumerate(ten, start=1) if "10-x@C1" in found] == [27]
    assert [day for day, found in enumerate(six, start=1) if "7-x@C1" in found] == [24, 25, 26, 27]


@pytest.mark.parametrize(
    ("rule", "inside", "beyond"),
    [
        ("1-2s", 2.0, 2.01),
        ("1-2.5s", 2.5, 2.51),
        ("1-3s", 3.0, 3.01),
        ("1-3.5s", 3.5, 3.51),
        ("1-4s", 4.0, 4.01),
        ("1-5s", 5.0, 5.01),
    ],
)
@pytest.mark.parametrize("side", [1, -1])
def test_a_single_limit_is_exceeded_strictly_on_both_sides(rule, inside, beyond, side):
    assert said([[("L1", side * inside)]], [rule]) == [[]]
    assert said([[("L1", side * beyond)]], [rule]) == [[f"{rule}@L1"]]


@pytest.mark.parametrize("n_results", [7, 8, 9, 10, 12])
def test_n_x_speaks_at_the_nth_result_of_one_control_and_not_before(n_results):
    runs = [[("L1", 0.1)]] * n_results

    found = said(runs, [f"{n_results}-x"])

    assert found == [[]] * (n_results - 1) + [[f"{n_results}-x@L1"]]


def test_6_x_needs_two_controls():
    alone = said([[("L1", 0.1)]] * 6, ["6-x"])
    together = said([[("L1", 0.1), ("L2", 0.1)]] * 3, ["6-x"])

    assert alone[-1] == []
    assert together == [[], [], ["6-x@across"]]


def test_a_trend_needs_seven_strictly_monotone_results():
    rising = [[("L1", z)] for z in (-1.5, -1.2, -0.7, -0.1, 0.2, 0.9, 1.0)]
    tied = [[("L1", z)] for z in (-1.5, -1.2, -0.7, -0.7, 0.2, 0.9, 1.0)]

    assert said(rising, ["7-T"])[-1] == ["7-T@L1"]
    assert said([[(name, -z) for name, z in run] for run in rising], ["7-T"])[-1] == ["7-T@L1"]
    assert said(tied, ["7-T"])[-1] == []


def test_a_result_that_was_not_measured_is_skipped_and_the_row_goes_on():
    runs = [[("L1", 2.2)], [("L1", None)], [("L1", float("nan"))], [("L1", 2.3)]]

    verdicts = evaluate(runs, ["2-2s"])

    assert [verdict.verdict.value for verdict in verdicts] == ["pass", "not_evaluable", "not_evaluable", "reject"]


def test_a_reset_clears_the_history_of_every_rule():
    runs = [[("L1", 1.5), ("L2", 1.5)]] * 6

    assert any(said(runs, list(RULES))[-1])
    assert said([*runs, None, [("L1", 0.5)]], list(RULES))[-1] == []


def test_two_results_of_one_control_in_one_run_are_judged_within_the_run():
    assert said([[("L1", 2.5), ("L1", 2.6)]], ["2-2s"]) == [["2-2s@across"]]


def test_r_4s_never_looks_across_runs():
    assert said([[("L1", 2.5)], [("L1", -2.5)]], ["R-4s", "R-4s-range"]) == [[], []]


def test_an_unknown_rule_is_refused():
    with pytest.raises(ConfigError, match="'13-x' is not known"):
        evaluate([], ["13-x"])


Z = st.one_of(st.none(), st.floats(-6, 6).map(lambda z: round(z, 2)))
RUNS = st.lists(st.lists(st.tuples(st.sampled_from(["L1", "L2", "L3"]), Z), max_size=4), max_size=30)


@settings(max_examples=300 if LONG else 60, deadline=None)
@given(RUNS)
def test_mirrored_results_break_the_same_rules(runs):
    mirrored = [[(name, None if z is None else -z) for name, z in run] for run in runs]

    assert said(runs, list(RULES)) == said(mirrored, list(RULES))


@settings(max_examples=300 if LONG else 60, deadline=None)
@given(RUNS, st.integers(0, 29))
def test_the_future_changes_no_verdict(runs, n_known):
    assert evaluate(runs, list(RULES))[:n_known] == evaluate(runs[:n_known], list(RULES))


@settings(max_examples=300 if LONG else 60, deadline=None)
@given(RUNS)
def test_a_run_is_not_evaluable_only_if_nothing_was_measured(runs):
    for run, verdict in zip(runs, evaluate(runs, list(RULES)), strict=True):
        assert (verdict.verdict is Verdict.NOT_EVALUABLE) == all(z is None for _, z in run)


# Rates per run from 1e6 simulated runs of independent normal results, made by another program: rule, levels, shift in
# SD, factor on the SD, rate. 4-1s and 10-x: within one control only, for that program also looks across controls in the
# middle of a run, and here every rule is judged at the end of a run.
RATES = [
    ("1-2s", 2, 0, 1, 0.0889),
    ("1-3s", 2, 0, 1, 0.0054),
    ("2-2s", 2, 0, 1, 0.0031),
    ("R-4s", 2, 0, 1, 0.0011),
    ("R-4s-range", 2, 0, 1, 0.0046),
    ("4-1s", 2, 0, 1, 0.0025),
    ("10-x", 2, 0, 1, 0.0038),
    ("1-2s", 2, 1, 1, 0.295),
    ("2-2s", 2, 1, 1, 0.067),
    ("4-1s", 2, 1, 1, 0.121),
    ("10-x", 2, 1, 1, 0.323),
    ("1-3s", 2, 2, 1, 0.292),
    ("2-2s", 2, 2, 1, 0.500),
    ("R-4s", 2, 2, 1, 0.0),
    ("4-1s", 2, 2, 1, 0.751),
    ("10-x", 2, 2, 1, 0.958),
    ("2-2s", 2, 0, 2, 0.133),
    ("R-4s", 2, 0, 2, 0.050),
    ("R-4s-range", 2, 0, 2, 0.157),
    ("1-2s", 3, 0, 1, 0.1307),
    ("R-4s", 3, 0, 1, 0.0031),
    ("4-1s", 3, 0, 1, 0.0036),
    ("10-x", 3, 2, 1, 0.992),
]

# Two controls, within or across, from the closed form 3 p^n - 2 p^(3n/2) a side: each control and both together have
# the chance p^n, and one control and both together share all but a half.
# p is the chance of one result beyond the limit.
CLOSED_FORM = [("4-1s", 0, 0.003738), ("4-1s", 2, 0.7938), ("10-x", 0, 0.005737), ("10-x", 2, 0.96715)]
LOOK_BACK = {"4-1s": 4, "10-x": 10, "2-2s": 2}


def simulated(n_levels, shift, factor):
    chance = random.Random(20260401)
    n_runs = 200_000 if LONG else 6_000
    return [[(f"L{k}", shift + factor * chance.gauss(0, 1)) for k in range(n_levels)] for _ in range(n_runs)]


def tolerance(rule, rate, n_runs):
    # 4 SD of a binomial rate, widened for runs that share results, and the last digit of the table.
    return 4 * (2 * LOOK_BACK.get(rule, 1) * max(rate, 1e-4) * (1 - rate) / n_runs) ** 0.5 + 5e-4


@pytest.mark.parametrize(("rule", "n_levels", "shift", "factor", "rate"), RATES)
def test_a_rule_speaks_as_often_as_another_program_says(rule, n_levels, shift, factor, rate):
    runs = simulated(n_levels, shift, factor)

    found = said(runs, [rule])

    own = [any(rule not in LOOK_BACK or rule == "2-2s" or "across" not in name for name in run) for run in found]
    assert abs(sum(own) / len(runs) - rate) < tolerance(rule, rate, len(runs))


@pytest.mark.parametrize(("rule", "shift", "rate"), CLOSED_FORM)
def test_a_rule_across_two_controls_speaks_as_often_as_its_closed_form_says(rule, shift, rate):
    runs = simulated(2, shift, 1)

    found = said(runs, [rule])

    assert abs(sum(map(bool, found)) / len(runs) - rate) < tolerance(rule, rate, len(runs))
