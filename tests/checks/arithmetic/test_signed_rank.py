from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.arithmetic.pairs.signed_rank import SignedRank, average_ranks, signed_rank, smallest_two_sided_p
from checks.arithmetic.refusal import Refusal


def ranked(differences: list[float], zeros: str = "wilcox") -> SignedRank:
    outcome = signed_rank(np.array(differences, dtype=float), zeros=zeros)  # type: ignore[arg-type]
    assert isinstance(outcome, SignedRank)
    return outcome


def test_ties_share_the_mean_of_their_ranks() -> None:
    ranks = average_ranks(np.array([3.0, 1.0, 3.0, 2.0]))

    assert ranks.tolist() == [3.5, 1.0, 3.5, 2.0]


@pytest.mark.parametrize("n_pairs", [1, 2, 5, 6, 15])
def test_pairs_that_all_fall_reach_the_smallest_p(n_pairs: int) -> None:
    outcome = ranked([-float(n) for n in range(1, n_pairs + 1)])

    assert outcome.p_two == 2.0 ** (1 - n_pairs)
    assert outcome.p_two == smallest_two_sided_p(n_pairs)
    assert outcome.rank_biserial == -1


def test_fifteen_pairs_need_a_rank_sum_of_fifteen_for_one_percent() -> None:
    # Number of subsets of 1..15 with a sum of at most 15 is 137, of at most 16 is 168; over 2^15, doubled.
    at_15 = ranked([-n if n != 15 else n for n in range(1, 16)])
    at_16 = ranked([-n if n not in (1, 15) else n for n in range(1, 16)])

    assert at_15.p_two == 2 * 137 / 2**15
    assert at_16.p_two == 2 * 168 / 2**15


def test_zeros_are_dropped_before_or_after_ranking() -> None:
    # |d| = 0, 1, 2, 3: Wilcoxon ranks 1 2 3, Pratt ranks 2 3 4; the signs + + - give W+ = 3 or 5.
    wilcox = ranked([0, 1, 2, -3])
    pratt = ranked([0, 1, 2, -3], "pratt")

    assert (wilcox.w_plus, wilcox.w_minus, wilcox.n_used, wilcox.n_zero) == (3, 3, 3, 1)
    assert (pratt.w_plus, pratt.w_minus) == (5, 4)


def test_eight_zeros_and_six_falls_are_one_in_thirty_two_by_pratt() -> None:
    outcome = ranked([0] * 8 + [-1, -2, -3, -4, -5, -6], "pratt")

    assert outcome.p_two == 0.03125


def test_a_thousand_pairs_still_have_an_exact_p() -> None:
    outcome = ranked([(-1) ** n * n for n in range(1, 1001)])

    assert 0.9 < outcome.p_two <= 1


@pytest.mark.parametrize("differences", [[], [0.0, 0.0], [1.0] * 1001])
def test_what_cannot_be_ranked_is_a_sentence(differences: list[float]) -> None:
    outcome = signed_rank(np.array(differences))

    assert isinstance(outcome, Refusal)
    assert outcome.sentence.endswith(".")


def test_an_unknown_policy_for_zeros_is_refused() -> None:
    with pytest.raises(ValueError, match="zsplit"):
        signed_rank(np.array([1.0]), zeros="zsplit")  # type: ignore[arg-type]


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8).filter(any), st.sampled_from(["wilcox", "pratt"]))
@settings(deadline=None, max_examples=80)
def test_the_exact_p_is_that_of_all_sign_changes(steps: list[int], zeros: str) -> None:
    outcome = ranked([float(step) for step in steps], zeros)

    moving = [step for step in steps if step]
    ranked_steps = moving if zeros == "wilcox" else steps
    ranks = [
        sum(abs(o) < abs(m) for o in ranked_steps) + (sum(abs(o) == abs(m) for o in ranked_steps) + 1) / 2
        for m in moving
    ]
    sums = [
        sum(r for r, sign in zip(ranks, signs, strict=True) if sign) for signs in product([0, 1], repeat=len(ranks))
    ]
    observed = sum(r for r, step in zip(ranks, moving, strict=True) if step > 0)
    assert outcome.w_plus == observed
    assert outcome.p_less == pytest.approx(sum(total <= observed for total in sums) / len(sums), rel=1e-12)
    assert outcome.p_greater == pytest.approx(sum(total >= observed for total in sums) / len(sums), rel=1e-12)


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=20).filter(any))
@settings(deadline=None, max_examples=50)
def test_swapping_the_visits_keeps_the_two_sided_p(steps: list[int]) -> None:
    forward, backward = ranked([float(s) for s in steps]), ranked([-float(s) for s in steps])

    assert forward.p_two == pytest.approx(backward.p_two, rel=1e-12)
    assert (forward.w_plus, forward.w_minus) == (backward.w_minus, backward.w_plus)
