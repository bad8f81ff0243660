from __future__ import annotations

import pytest
from scipy.stats import fisher_exact

from checks.arithmetic.counts.exact_table import exact_table_test

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
