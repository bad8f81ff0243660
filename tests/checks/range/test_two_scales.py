from __future__ import annotations

import math

import numpy as np
import pytest

from checks.arithmetic.reference.two_scales import Person, Tails, slip_chances, spread_of
from checks.profile import load_profile
from schemas.unit_slip import TENS

LIMITS = load_profile("sample-rules").limits_by_rule["range.two_scales"]
TAILS = Tails(*(LIMITS[name].value for name in ("slip_fraction", "tail_fraction", "tail_widening")))
FACTORS = (*TENS, 5.5845)
BETWEEN, WITHIN = 0.35, 0.2  # iron in serum, natural logarithm: reference limits of 50 to 150, CVI of 20 to 29 percent


def logs_of_people(rng: np.random.Generator, n: int) -> np.ndarray:
    person, result = rng.normal(0, BETWEEN, (n, 1)), rng.normal(0, WITHIN, (n, 2))
    return np.log(np.round(np.exp(math.log(95) + person + result), 1))


def named(logs: np.ndarray) -> np.ndarray:
    spread = spread_of(logs.ravel(), logs[:, 1] - logs[:, 0], None)
    people = [Person(own, np.array([])) for own in logs]
    chances = slip_chances(people, logs.size, [math.log(one) for one in FACTORS], spread, TAILS)
    return np.array([chance.sum(axis=0) for chance in chances]) >= LIMITS["chance"].value


@pytest.mark.parametrize("factor", [5.5845, 10.0, 100.0, 1000.0, 0.1])
def test_slips_are_named_and_their_neighbours_are_not(factor: float, is_long: bool) -> None:
    rng = np.random.default_rng(5)
    n_slips = n_hits = n_false = n_right = 0
    for _ in range(20 if is_long else 2):
        logs = logs_of_people(rng, 50)
        is_slip = np.zeros(logs.shape, dtype=bool)
        is_slip[rng.choice(50, 5, replace=False), rng.integers(0, 2, 5)] = True

        found = named(logs - math.log(factor) * is_slip)

        n_slips, n_hits = n_slips + int(is_slip.sum()), n_hits + int((found & is_slip).sum())
        n_right, n_false = n_right + int((~is_slip).sum()), n_false + int((found & ~is_slip).sum())
    assert n_hits >= 0.9 * n_slips
    assert n_false <= 0.005 * n_right


def test_runs_of_one_scale_raise_no_alarm_with_unusual_people_among_them(is_long: bool) -> None:
    rng = np.random.default_rng(6)
    n_false = n_results = 0
    for _ in range(40 if is_long else 4):
        logs = logs_of_people(rng, 50)
        logs[rng.random(50) < 0.04] -= 1.4  # iron deficiency: a quarter of the usual iron, at both visits

        n_false, n_results = n_false + int(named(logs).sum()), n_results + logs.size
    assert n_false <= 0.005 * n_results


def test_a_result_of_another_run_tells_an_unusual_person_from_a_slip() -> None:
    rng = np.random.default_rng(7)
    logs = logs_of_people(rng, 50)
    spread, shifts = spread_of(logs.ravel(), logs[:, 1] - logs[:, 0], None), [math.log(5.5845)]
    low, usual = np.array([math.log(17.0)]), np.array([math.log(95.0)])

    (alone,), (beside_low,), (beside_usual,) = (
        slip_chances([Person(low, others)], 100, shifts, spread, TAILS)[0][0] for others in (np.array([]), low, usual)
    )

    assert beside_low < 0.5 < beside_usual
    assert beside_low < alone < beside_usual


@pytest.mark.parametrize("kind", ["tenths near zero", "whole numbers", "spread over decades"])
def test_columns_of_few_digits_or_a_wide_spread_raise_no_alarm(kind: str) -> None:
    rng = np.random.default_rng(8)
    n_false = 0
    for _ in range(4):
        person, result = rng.normal(0, 0.6, (50, 1)), rng.normal(0, 0.3, (50, 2))
        values = {
            "tenths near zero": np.maximum(np.round(np.exp(-1 + person + result), 1), 0.1),
            "whole numbers": np.maximum(np.round(np.exp(1 + person / 2 + result / 3)), 1.0),
            "spread over decades": np.exp(2 + 2 * person + 2 * result),
        }[kind]

        n_false += int(named(np.log(values)).sum())
    assert n_false <= 2
