from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.stats import fisher_exact

from checks.arithmetic.counts.exact_mcnemar import exact_mcnemar
from checks.arithmetic.counts.exact_table import exact_table_test
from checks.arithmetic.pairs.sign_test import sign_test

JOB_SATISFACTION = [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]]


@pytest.mark.parametrize("table", [[[8, 2], [1, 5]], [[3, 1], [1, 3]], [[12, 0], [0, 12]], [[5, 9], [7, 2]]])
def test_two_by_two_is_fishers_exact_test_of_scipy(table):
    tested = exact_table_test(table)

    assert tested.is_exact
    assert tested.p == pytest.approx(fisher_exact(table).pvalue, rel=1e-6)  # both sum the same tables, in doubles


def test_a_four_by_four_table_agrees_with_r():
    # fisher.test(Job) of R's manual prints p-value = 0.7827; 0.01 is three standard errors of 20 000 draws.
    assert exact_table_test(JOB_SATISFACTION).p == pytest.approx(0.7827, abs=0.01)


def test_drawing_stops_once_p_is_surely_above_alpha_and_goes_on_below_it():
    weak = exact_table_test(JOB_SATISFACTION, alpha=0.05)
    strong = exact_table_test([[20, 1, 1, 1], [1, 20, 1, 1], [1, 1, 20, 1], [1, 1, 1, 20]], alpha=0.05)

    assert weak.p == pytest.approx(0.7827, abs=0.04)  # three standard errors of the first 1 000 draws
    assert not strong.is_exact
    assert strong.p == pytest.approx(1 / 20_001)  # no drawn table was as unlikely


@pytest.mark.parametrize("table", [[[4, 3]], [[4], [3]], [[4, 3], [0, 0]], [[4, 0], [3, 0]]])
def test_one_row_or_one_column_is_no_test(table):
    assert exact_table_test(table) is None


@pytest.mark.parametrize("most", [5, 60, 700, 2000])
def test_random_tables_up_to_thousands_of_counts_agree_with_scipy(most: int, is_long: bool) -> None:
    rng = np.random.default_rng(most)
    for _ in range(2_500 if is_long else 40):
        # Cells of one size, and a table with an empty diagonal now and then.
        table = (rng.integers(0, most + 1, (2, 2)) * (rng.random((2, 2)) < 0.95)).tolist()
        tested = exact_table_test(table)
        if tested is not None:
            theirs = float(fisher_exact(table).pvalue)
            assert tested.is_exact
            assert tested.p > 0
            assert tested.p == pytest.approx(theirs, rel=1e-6, abs=1e-300), table


SMALL_TABLES = st.sampled_from([(2, 2), (2, 3), (2, 4), (3, 3)]).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 4), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


@settings(deadline=None, max_examples=100, phases=[Phase.generate])
@given(SMALL_TABLES)
def test_small_tables_of_any_shape_agree_with_every_table_counted_in_whole_numbers(table: list[list[int]]) -> None:
    tested = exact_table_test(table)

    if tested is not None:
        assert tested.is_exact
        assert tested.p == pytest.approx(float(p_by_placing_columns(table)), rel=1e-6)


def p_by_placing_columns(table: list[list[int]]) -> Fraction:
    """Count the ways to deal the subjects of each column to the rows, column by column; no logarithm, no state."""
    room = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table, strict=True)]

    def weights(column: int, room: list[int], so_far: int) -> list[int]:
        if column == len(columns):
            return [so_far]
        return [
            weight
            for dealt in ways_to_deal(columns[column], room)
            for weight in weights(
                column + 1, [a - b for a, b in zip(room, dealt, strict=True)], so_far * multinomial(dealt)
            )
        ]

    observed = math.prod(multinomial(list(column)) for column in zip(*table, strict=True))
    all_weights = weights(0, room, 1)
    return Fraction(sum(weight for weight in all_weights if weight <= observed), sum(all_weights))


def ways_to_deal(n: int, room: list[int]) -> list[list[int]]:
    if len(room) == 1:
        return [[n]] if n <= room[0] else []
    return [[first, *rest] for first in range(min(n, room[0]) + 1) for rest in ways_to_deal(n - first, room[1:])]


def multinomial(dealt: list[int]) -> int:
    return math.factorial(sum(dealt)) // math.prod(math.factorial(n) for n in dealt)


def test_no_p_is_zero_where_the_machine_has_no_number_for_it() -> None:
    told = exact_table_test([[2000, 0], [0, 2000]]), sign_test(0, 5000)

    assert [outcome.p if hasattr(outcome, "p") else outcome.p_two for outcome in told] == [2.2250738585072014e-308] * 2
    assert exact_mcnemar(0, 5000) > 0


def test_thousands_of_lost_subjects_do_not_overflow() -> None:
    # 2 P(X <= 2450), X binomial(5000, 1/2), by scipy.stats.binomtest(2450, 5000).
    assert exact_mcnemar(2450, 2550) == pytest.approx(0.1615, abs=1e-4)
