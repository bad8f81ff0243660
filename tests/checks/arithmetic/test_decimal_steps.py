from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.arithmetic.pairs.decimal_steps import decimal_steps, mean_as_written, rounded_as_written
from checks.arithmetic.pairs.hodges_lehmann import HodgesLehmann, hodges_lehmann
from checks.arithmetic.pairs.pair_differences import pair_differences
from checks.arithmetic.pairs.sign_flip import SignFlip, sign_flip
from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.arithmetic.visits.quade import Quade, quade


def written(places: int) -> st.SearchStrategy[str]:
    return st.integers(-99_999, 99_999).map(lambda whole: str(Decimal(whole).scaleb(-places)))


PAIRS = st.integers(0, 4).flatmap(lambda places: st.lists(st.tuples(written(places), written(places)), min_size=1))
FEW_PAIRS = st.lists(st.tuples(*[st.integers(1, 12).map(lambda n: f"{n / 10:.1f}")] * 2), min_size=2, max_size=8)


def doubles(pairs: list[tuple[str, str]]) -> tuple[np.ndarray, np.ndarray]:
    return np.array([float(first) for first, _ in pairs]), np.array([float(second) for _, second in pairs])


def exact(pairs: list[tuple[str, str]]) -> list[Fraction]:
    return [Fraction(second) - Fraction(first) for first, second in pairs]


@given(PAIRS)
def test_a_difference_is_the_double_next_to_that_of_the_written_decimals(pairs: list[tuple[str, str]]) -> None:
    assert pair_differences(*doubles(pairs)).tolist() == [float(difference) for difference in exact(pairs)]


@given(st.lists(st.tuples(*[st.floats(-1e12, 1e12)] * 2), min_size=1))
def test_digits_of_a_calculation_are_subtracted_as_their_shortest_text(pairs: list[tuple[float, float]]) -> None:
    texts = [(repr(first), repr(second)) for first, second in pairs]

    assert pair_differences(*doubles(texts)).tolist() == pytest.approx([float(d) for d in exact(texts)], rel=1e-15)


@given(PAIRS, st.integers(0, 3))
def test_halves_are_rounded_as_they_are_written(pairs: list[tuple[str, str]], decimals: int) -> None:
    values, _ = doubles(pairs)

    rounded = rounded_as_written(values, decimals)

    step = Decimal(1).scaleb(-decimals)
    assert rounded.tolist() == [float(Decimal(first).quantize(step, ROUND_HALF_EVEN)) for first, _ in pairs]


@settings(deadline=None)
@given(FEW_PAIRS)
def test_p_values_are_those_of_all_signs_over_ranks_of_fractions(pairs: list[tuple[str, str]]) -> None:
    moving = [difference for difference in exact(pairs) if difference]
    if not moving:
        return

    ranked, flipped = signed_rank(pair_differences(*doubles(pairs))), sign_flip(pair_differences(*doubles(pairs)))

    assert isinstance(ranked, SignedRank)
    assert isinstance(flipped, SignFlip)
    assert ranked.p_two == float(p_by_enumeration(moving, mid_ranks([abs(difference) for difference in moving])))
    assert flipped.p_two == float(p_by_enumeration(moving, [abs(difference) for difference in moving]))


def mid_ranks(sizes: list[Fraction]) -> list[Fraction]:
    return [
        Fraction(2 * sum(other < size for other in sizes) + sum(other == size for other in sizes) + 1, 2)
        for size in sizes
    ]


def p_by_enumeration(moving: list[Fraction], weights: list[Fraction]) -> Fraction:
    observed = sum(weight for difference, weight in zip(moving, weights, strict=True) if difference > 0)
    sums = [
        sum(weight for is_up, weight in zip(signs, weights, strict=True) if is_up)
        for signs in product([False, True], repeat=len(weights))
    ]
    tail = min(sum(one <= observed for one in sums), sum(one >= observed for one in sums))
    return min(Fraction(1), Fraction(2 * tail, len(sums)))


@given(PAIRS)
def test_the_shift_and_its_limits_are_walsh_averages_of_fractions(pairs: list[tuple[str, str]]) -> None:
    differences = exact(pairs)
    averages = sorted((a + b) / 2 for place, a in enumerate(differences) for b in differences[place:])
    middle = (averages[(len(averages) - 1) // 2] + averages[len(averages) // 2]) / 2

    shift = hodges_lehmann(pair_differences(*doubles(pairs)))

    assert isinstance(shift, HodgesLehmann)
    assert shift.estimate == float(middle)
    assert {shift.ci_low, shift.ci_high} <= {float(average) for average in averages}


def test_decimals_that_cancel_out_have_a_mean_of_zero() -> None:
    values = np.array([0.1, 0.2, -0.3])

    assert (mean_as_written(values), float(values.mean()) == 0) == (0.0, False)


@pytest.mark.parametrize(
    ("values", "per_unit"),
    [([1.0, -2.0], 1.0), ([0.1, 12.34], 100.0), ([1e-15], 1e15), ([1 / 3], None), ([1e16], None), ([], 1.0)],
)
def test_steps_are_the_coarsest_that_write_all_values(values: list[float], per_unit: float | None) -> None:
    steps = decimal_steps(np.array(values))

    assert (None if steps is None else steps.per_unit) == per_unit


def test_ranges_that_are_equal_decimals_weigh_alike_in_quades_test() -> None:
    tenths = np.array([[1.0, 2.0, 1.0], [2.0, 3.0, 2.0], [7.0, 6.0, 7.0], [1.0, 3.0, 2.0]])

    in_tenths, whole = quade(tenths / 10), quade(tenths)

    assert isinstance(in_tenths, Quade)
    assert isinstance(whole, Quade)
    assert in_tenths.F == whole.F
