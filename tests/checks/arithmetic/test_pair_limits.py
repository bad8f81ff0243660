from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.arithmetic.censoring.censored_pairs import CensoredValues, censored_signs, recensor
from checks.arithmetic.censoring.pair_limits import n_hidden_by_one_limit, recensor_in_pairs
from checks.arithmetic.censoring.prentice_wilcoxon import PrenticeWilcoxon, prentice_wilcoxon, score_rises
from checks.arithmetic.censoring.shift_interval import ranked_shift, scored_shift
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.refusal import Refusal

AS_MEASURED = ([50.8, 31.6, 44.9, 31.1, 38.6, 46.9, 24.3, 42.7], [60.0, 46.9, 50.7, 36.5, 43.0, 48.3, 31.9, 59.0])


def values(numbers: list[float], below: dict[int, float] | None = None) -> CensoredValues:
    told = np.array(numbers, dtype=np.float64)
    is_below = np.zeros(told.size, dtype=np.bool_)
    for place, limit in (below or {}).items():
        told[place], is_below[place] = limit, True
    return CensoredValues(told, is_below, np.zeros(told.size, dtype=np.bool_))


def differences(before: CensoredValues, after: CensoredValues) -> np.ndarray:
    pairs = recensor_in_pairs(before, after)
    return np.round(pairs.after - pairs.before, 6)


def reported(true: np.ndarray, limits: np.ndarray) -> CensoredValues:
    is_below = true < limits
    return CensoredValues(np.where(is_below, limits, true), is_below, np.zeros(true.size, dtype=np.bool_))


def test_one_bound_far_above_the_others_leaves_their_differences_as_measured() -> None:
    before, after = AS_MEASURED

    found = differences(values([*before, 0], {8: 50.0}), values([*after, 40.9]))

    assert found[1] == pytest.approx(15.3)
    assert found[8] == 0  # <50 and 40.9: no direction
    assert np.all(found[:8] > 0)
    assert n_hidden_by_one_limit(values([*before, 0], {8: 50.0}), values([*after, 40.9])) == 13


def test_one_limit_with_nothing_below_it_is_the_highest_limit_in_force() -> None:
    before, after = values([10, 20, 30, 10], {0: 10.0}), values([12, 10, 33, 10], {1: 10.0, 3: 10.0})

    in_pairs, at_one = recensor_in_pairs(before, after), recensor(before, after)

    assert not isinstance(at_one, Refusal)
    assert (in_pairs.lower_limit, in_pairs.upper_limit) == (10, None)
    assert np.array_equal(in_pairs.before, at_one.before)
    assert np.array_equal(in_pairs.after, at_one.after)


@given(
    st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=2, max_size=9),
    st.data(),
)
def test_swapping_one_pair_turns_its_difference_round_and_no_other(
    pairs: list[tuple[int, int]], data: st.DataObject
) -> None:
    # Limits of the two visits stay where they are: the size of an exact test rests on this.
    limits = [np.full(len(pairs), float(data.draw(st.integers(1, 30)))) for _ in range(2)]
    true = np.array(pairs, dtype=np.float64)
    place = data.draw(st.integers(0, len(pairs) - 1))
    swapped = true.copy()
    swapped[place] = true[place, ::-1]
    used = [
        {float(n) for values in map(reported, t.T, limits) for n in values.number[values.is_below]}
        for t in (true, swapped)
    ]

    found, turned = (differences(reported(t[:, 0], limits[0]), reported(t[:, 1], limits[1])) for t in (true, swapped))

    if used[0] == used[1]:  # the bounds that occur are those of the same limits
        assert turned[place] == -found[place]
        assert np.array_equal(np.delete(turned, place), np.delete(found, place))


@pytest.mark.parametrize("seed", range(5))
def test_without_bounds_the_shift_is_that_of_hodges_and_lehmann(seed: int) -> None:
    rng = np.random.default_rng(seed)
    before, after = np.round(rng.lognormal(3, 0.4, 13), 1), np.round(rng.lognormal(3.1, 0.4, 13), 1)
    moved = np.round(after - before, 1)
    tested = signed_rank(moved)
    assert isinstance(tested, SignedRank)

    found, expected = ranked_shift(values(list(before)), values(list(after)), tested), hodges_lehmann(moved)

    assert isinstance(found, HodgesLehmann)
    assert isinstance(expected, HodgesLehmann)
    for name in ("estimate", "ci_low", "ci_high"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-6)


@pytest.mark.parametrize("shift", [0.0, 0.15, 0.5])
def test_the_interval_leaves_out_zero_exactly_where_p_is_below_its_level(shift: float) -> None:
    rng = np.random.default_rng(11)
    n_told = 0
    for _ in range(30):
        level = rng.normal(3.5, 0.4, 12)
        true = np.round(np.exp(level[:, None] + rng.normal(0, 0.2, (12, 2)) + [0, shift]), 1)
        before, after = (reported(column, rng.choice([5.0, 30.0, 50.0], 12)) for column in true.T)
        tested, scored = signed_rank(differences(before, after)), prentice_wilcoxon(before, after)
        if isinstance(tested, Refusal) or isinstance(scored, Refusal):
            continue
        assert isinstance(scored, PrenticeWilcoxon)
        outcomes = (
            (tested.p_two, ranked_shift(before, after, tested)),
            (scored.exact.p_two, scored_shift(before, after, scored.exact)),
        )
        for p, interval in outcomes:
            if isinstance(interval, HodgesLehmann) and interval.is_attainable:
                n_told += 1
                assert (interval.ci_low > 0 or interval.ci_high < 0) == (p < 0.05)
    assert n_told > 30


def in_classes(readings: np.ndarray, lob: float = 1.0, loq: float = 4.0) -> CensoredValues:
    is_below = readings < loq
    number = np.where(readings <= lob, lob, np.where(is_below, loq, readings))
    lower = np.where((readings > lob) & is_below, lob, -np.inf)
    return CensoredValues(number, is_below, np.zeros(readings.size, dtype=np.bool_), lower)


def test_what_was_detected_scores_above_what_was_not_and_below_what_was_quantified() -> None:
    not_detected, detected, quantified = (in_classes(np.array([reading, 9.0])) for reading in (0.5, 2.0, 6.0))

    assert score_rises(not_detected, detected)[0] > 0
    assert score_rises(detected, quantified)[0] > 0
    assert score_rises(detected, detected)[0] == 0
    assert score_rises(detected, values([3.0, 9.0]))[0] == 0  # 3.0 may lie above or below it
    assert censored_signs(not_detected, detected, np.zeros(2)).n_pos == 1


@given(st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), min_size=3, max_size=9))
def test_scores_of_classes_change_their_sign_alone_when_a_pair_is_swapped(pairs: list[tuple[float, float]]) -> None:
    before, after = np.array(pairs).T
    swapped_before, swapped_after = before.copy(), after.copy()
    swapped_before[0], swapped_after[0] = after[0], before[0]

    rises = score_rises(in_classes(before), in_classes(after))
    swapped = score_rises(in_classes(swapped_before), in_classes(swapped_after))

    assert swapped[0] == pytest.approx(-rises[0])
    assert swapped[1:] == pytest.approx(rises[1:])
