from __future__ import annotations

import math

import numpy as np
import pytest

from checks.arithmetic.censoring.censored_pairs import (
    CensoredValues,
    Recensored,
    censored_signs,
    measured,
    recensor,
    substitute,
)
from checks.arithmetic.censoring.censored_summary import censored_summary
from checks.arithmetic.censoring.interval_mle import LogRatioMle, log_ratio_mle
from checks.arithmetic.censoring.prentice_wilcoxon import PrenticeWilcoxon, prentice_wilcoxon
from checks.arithmetic.pairs.sign_test import SignTest
from checks.arithmetic.refusal import Refusal


def values(*cells: str) -> CensoredValues:
    return CensoredValues(
        number=np.array([float(cell.lstrip("<>")) for cell in cells]),
        is_below=np.array([cell.startswith("<") for cell in cells]),
        is_above=np.array([cell.startswith(">") for cell in cells]),
    )


def test_everything_below_the_highest_limit_becomes_that_limit() -> None:
    pairs = recensor(values("<0.5", "0.7", "3"), values("<0.9", "2", "<0.5"))

    assert isinstance(pairs, Recensored)
    assert pairs.lower_limit == 0.9
    assert (pairs.after - pairs.before).tolist() == pytest.approx([0, 1.1, -2.1])


def test_everything_above_the_lowest_upper_limit_becomes_that_limit() -> None:
    pairs = recensor(values(">100", "90"), values("95", ">80"))

    assert isinstance(pairs, Recensored)
    assert (pairs.after - pairs.before).tolist() == [0, 0]


def test_limits_that_leave_no_value_are_refused() -> None:
    assert isinstance(recensor(values("<5"), values(">5")), Refusal)


def test_a_direction_counts_only_where_it_is_certain() -> None:
    before = values("<1", "<1", "<1", "2", "3", "<1")
    after = values("<2", "1", "0.5", "<1", "3", ">9")

    outcome = censored_signs(before, after, after.number - before.number)

    # Binomial with n = 3: P(X <= 2) = 7/8, P(X >= 2) = 4/8.
    assert outcome == SignTest(n_pos=2, n_neg=1, n_tied_or_unknown=3, p_two=1.0, p_less=0.875, p_greater=0.5)


def test_substitution_takes_a_fraction_of_the_limit_and_refuses_upper_ones() -> None:
    assert substitute(values("<4", "7"), 0.5).tolist() == [2, 7]
    with pytest.raises(ValueError, match="above"):
        substitute(values(">4"), 0.5)


def test_the_likelihood_without_limits_is_that_of_a_normal_sample() -> None:
    before, after = measured(np.array([1.0, 1.0, 1.0])), measured(np.exp([0.0, 1.0, 2.0]))

    outcome = log_ratio_mle(before, after)

    assert isinstance(outcome, LogRatioMle)
    assert outcome.mu == pytest.approx(1.0)
    assert outcome.sigma == pytest.approx(math.sqrt(2 / 3))
    assert outcome.se_mu == pytest.approx(math.sqrt(2 / 9))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("<1", "<1"), ("2", "3")),
        (("1", "2"), ("2", "4")),
        (("1", "<1"), ("2", "<1")),
        (("0", "1"), ("1", "3")),
        (("1", "<1"), ("4", "3")),
    ],
    ids=["none_measured_twice", "constant", "one_pair", "zero", "limit_agrees_with_the_only_pair"],
)
def test_an_estimate_that_does_not_exist_is_a_sentence(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert isinstance(log_ratio_mle(values(*before), values(*after)), Refusal)


def test_swapping_the_visits_turns_the_sign_of_the_scores() -> None:
    before, after = values("<1", "3", "5", "2"), values("2", "<2", "1", "4")

    forward, backward = prentice_wilcoxon(before, after), prentice_wilcoxon(after, before)

    assert isinstance(forward, PrenticeWilcoxon)
    assert isinstance(backward, PrenticeWilcoxon)
    assert forward.z == pytest.approx(-backward.z)


def test_pairs_that_are_all_below_have_no_scores_to_compare() -> None:
    assert isinstance(prentice_wilcoxon(values("<1", "<2"), values("<2", "<1")), Refusal)


def test_the_three_substitutions_stand_side_by_side() -> None:
    summary = censored_summary(values("<1", "3", "5"), values("2", "<1", "1"), decimals=0)

    assert {"substitute_full", "substitute_half", "substitute_sqrt2"} <= set(summary.parts)
    assert (summary.n_pre_blq, summary.n_post_blq, summary.n_both_blq) == (1, 1, 0)
