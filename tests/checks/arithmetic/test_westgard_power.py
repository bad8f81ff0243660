from __future__ import annotations

import numpy as np
import pytest

from checks.arithmetic.charts.westgard import RULES, evaluate
from checks.arithmetic.charts.westgard_power import broken, rule_power
from checks.rule_sets.named import named_rule_sets, usual_rules


@pytest.mark.parametrize("n_levels", [1, 2, 3, 4, 6])
def test_many_rows_at_once_speak_where_one_row_does(n_levels, is_long):
    chance = np.random.default_rng(7)
    z = chance.normal(0.4, 1.6, (60 if is_long else 6, 30, n_levels))

    for row in z:
        runs = [[(f"L{level}", value) for level, value in enumerate(run)] for run in row.tolist()]
        verdicts = evaluate(runs, list(RULES))
        for name in RULES:
            single = [any(violation.rule == name for violation in verdict.violations) for verdict in verdicts]
            assert broken(row[None], name)[0].tolist() == single, name


def test_many_rows_at_once_keep_the_limits_strict():
    z = np.array([[[2.0, 2.0], [1.0, 1.0], [0.5, 2.0], [-2.0, 2.0]]])

    assert not any(broken(z, name).any() for name in ("1-2s", "1-3s", "2-2s", "R-4s", "R-4s-range"))


# Rates per run from 1e6 simulated runs of independent normal results, made by another program (FIELD 2.4's table):
# levels, shift in SD, rules, in control, long after the shift.
TABLE = [
    (2, 2.0, ["1-2s"], 0.0889, 0.750),
    (2, 2.0, ["1-3s"], 0.0054, 0.292),
    (2, 2.0, ["2-2s"], 0.0031, 0.500),
    (2, 2.0, ["R-4s"], 0.0011, 0.0),
    (2, 2.0, ["R-4s-range"], 0.0046, 0.0047),
    (2, 2.0, ["1-3s", "2-2s", "R-4s"], 0.0091, 0.579),
    (2, 1.0, ["1-3s", "2-2s", "R-4s"], 0.0091, 0.100),
    (3, 2.0, ["1-2s"], 0.1307, 0.875),
    (3, 2.0, ["1-3s"], 0.0081, 0.404),
    (3, 2.0, ["2-2s"], 0.0061, 0.687),
    (3, 2.0, ["R-4s"], 0.0031, 0.0001),
    (3, 2.0, ["R-4s-range"], 0.0131, 0.0128),
    (3, 2.0, ["1-3s", "2-2s", "R-4s"], 0.0162, 0.746),
]
# With 4-1s and 10-x. That program looks for a row across controls that ends anywhere in the run; here a rule is judged
# at the end of a run, and speaks a little less often. Both readings are simulated: the other one must give the table.
WITH_ROWS = [(2, 1.0, 0.0202, 0.517), (2, 2.0, 0.0202, 0.992), (3, 2.0, 0.0320, 0.999)]
ROW_RULES = ["1-3s", "2-2s", "R-4s", "4-1s", "10-x"]


def monte_carlo_error(p, n_rows):
    # 4 SD of a rate, and the last digit of the table.
    return 4 * (max(p, 1e-4) * (1 - p) / n_rows) ** 0.5 + 5e-4


def ends_anywhere(z, n_results, sd_limit):
    flat = z.reshape(z.shape[0], -1)
    sides = [np.lib.stride_tricks.sliding_window_view(side > sd_limit, n_results, axis=1) for side in (flat, -flat)]
    ends = np.zeros(flat.shape, dtype=bool)
    ends[:, n_results - 1 :] = sides[0].all(axis=2) | sides[1].all(axis=2)
    return ends.reshape(z.shape).any(axis=2)


@pytest.mark.parametrize(("n_levels", "shift", "in_control", "shifted"), WITH_ROWS)
def test_rows_across_controls_that_end_anywhere_give_the_table_and_those_at_the_end_of_a_run_less(
    n_levels, shift, in_control, shifted, is_long
):
    n_rows = 200_000 if is_long else 20_000
    chance = np.random.default_rng(20260401)

    for shift_sd, expected in ((0.0, in_control), (shift, shifted)):
        z = chance.normal(shift_sd, 1.0, (n_rows, 13, n_levels))
        ours = np.logical_or.reduce([broken(z, name)[:, -1] for name in ROW_RULES])
        theirs = ours | ends_anywhere(z, 4, 1.0)[:, -1] | ends_anywhere(z, 10, 0.0)[:, -1]
        assert abs(theirs.mean() - expected) < monte_carlo_error(expected, n_rows)
        assert theirs.mean() - 0.03 < ours.mean() <= theirs.mean()


@pytest.mark.parametrize(("n_levels", "shift", "rules", "in_control", "shifted"), TABLE)
def test_power_agrees_with_the_table_within_monte_carlo_error(n_levels, shift, rules, in_control, shifted, is_long):
    n_rows = 200_000 if is_long else 20_000

    told = rule_power(rules, n_levels=n_levels, shift_sd=shift, n_rows=n_rows, seed=20260401)

    alone = told.p_by_rule[rules[0]] if len(rules) == 1 else (told.p_false_rejection, told.p_per_run)
    for p, expected in zip(alone, (in_control, shifted), strict=True):
        assert abs(p - expected) < monte_carlo_error(expected, n_rows)


def test_a_rule_on_random_error_does_not_react_to_a_shift():
    told = rule_power(["R-4s"], n_levels=2, shift_sd=3.0, n_rows=5_000)

    assert told.p_per_run < 0.001


def test_the_same_seed_gives_the_same_power():
    assert rule_power(["1-3s"], n_levels=2, n_rows=500, seed=3) == rule_power(["1-3s"], n_levels=2, n_rows=500, seed=3)


def test_a_warning_rule_rejects_nothing():
    told = rule_power(["1-2s"], n_levels=2, n_rows=500)

    assert (told.p_false_rejection, told.p_per_run) == (0, 0)
    assert told.p_by_rule["1-2s"][1] > 0.5


@pytest.mark.parametrize("n_levels", [2, 3])
def test_every_sigma_has_exactly_one_sigma_rule_for_each_number_of_levels(n_levels):
    for sigma in (-1.0, 2.0, 3.99, 4.0, 4.99, 5.0, 5.99, 6.0, 9.0):
        fitting = [one.name for one in named_rule_sets().values() if one.is_for_sigma(sigma) and n_levels in one.levels]
        assert len(fitting) == 1, (sigma, fitting)


@pytest.mark.parametrize(("n_levels", "set_rule"), [(1, "10-x"), (2, "10-x"), (3, "6-x"), (4, "10-x"), (6, "6-x")])
def test_the_usual_rules_follow_the_number_of_levels(n_levels, set_rule):
    assert set_rule in usual_rules(n_levels)


def test_a_stricter_set_finds_a_shift_sooner_and_rejects_more_often_without_one():
    loose, strict = (
        rule_power(named_rule_sets()[name].rules, n_levels=2, n_rows=5_000) for name in ("sigma-6-n2", "modern-n2-8x")
    )

    assert strict.p_first_run > loose.p_first_run
    assert strict.mean_runs_to_rejection < loose.mean_runs_to_rejection
    assert strict.p_false_rejection > loose.p_false_rejection
