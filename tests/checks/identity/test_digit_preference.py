from __future__ import annotations

import random

import polars as pl
import pytest

from checks.identity.digit_preference import digit_preference, lattice_of
from checks.profile import load_profile
from checks.run_input import RunInput
from schemas.run import Run

UMOL_PER_UG_DL = 0.1791
LIMITS = load_profile("sample-rules").limits_by_rule["identity.digit_preference"]


def said_of(texts, *, molar_factor=5.5845):
    none = pl.DataFrame()
    results = pl.DataFrame({"text": texts}).with_columns(
        pl.lit("iron").alias("analyte"),
        pl.lit("serum").alias("matrix"),
        pl.lit(5.5845).alias("unit_factor"),
        pl.lit(molar_factor, pl.Float64).alias("molar_factor"),
    )
    run_input = RunInput(run=Run(run="R"), wells=none, results=results, controls=none, control_history=none)
    return digit_preference.judge(run_input, LIMITS)


def converted(whole):
    return [f"{number * UMOL_PER_UG_DL:.1f}" for number in whole]


@pytest.fixture
def whole():
    dice = random.Random(4)
    return [dice.randint(50, 109) for _ in range(3000)]


def test_converted_values_are_judged_by_the_digits_of_the_unit_they_were_measured_in(whole):
    assert said_of(converted(whole)) == []


def test_the_same_values_look_uneven_where_nobody_knows_the_other_unit(whole):
    assert len(said_of(converted(whole), molar_factor=None)) == 1


def test_converted_values_that_were_rounded_before_are_flagged(whole):
    rounded = [5 * round(number / 5) for number in whole]

    (finding,) = said_of(converted(rounded))

    assert "end in" in finding.sentence


def test_a_decimal_that_is_0_in_every_value_is_none(whole):
    assert said_of([f"{number}.0" for number in whole], molar_factor=None) == []
    assert len(said_of([f"{5 * (number // 5)}.00" for number in whole], molar_factor=None)) == 1


def test_values_that_were_not_converted_lie_on_no_lattice():
    dice = random.Random(4)

    assert lattice_of([f"{dice.uniform(5, 30):.1f}" for _ in range(60)], 5.5845) is None
    assert lattice_of(["17.9", "9.0", "18.8"], 5.5845) == [100, 50, 105]
