from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.catalogue import load_catalogue
from schemas.unit_slip import TENS, is_in, known_factors, slip_of, slip_words, usual_molar

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("analyte", "unit"),
    [("iron", "umol/L"), ("ferritin", "pmol/L"), ("transferrin", "umol/L"), ("tibc", "umol/L")],
)
def test_the_usual_molar_unit_is_the_nearest_in_size(analyte, unit):
    assert usual_molar(CATALOGUE.entry(analyte, "serum"))[0] == unit


def test_an_analyte_without_molar_units_has_no_molar_factor():
    assert usual_molar(CATALOGUE.entry("nfl", "csf")) is None


def test_a_molar_slip_is_known_in_both_directions():
    from_mass, from_molar = known_factors(1.0, 5.5845), known_factors(5.5845, 5.5845)

    assert (from_mass[-1], from_molar[-1]) == (5.5845, 1 / 5.5845)
    assert known_factors(1.0, None) == TENS


@pytest.mark.parametrize(
    ("value", "bands", "factor"),
    [
        (2.4, [(150.0, 450.0)], 100.0),
        (300.0, [(150.0, 450.0)], None),
        (0.0, [(150.0, 450.0)], None),
        (-2.4, [(150.0, 450.0)], None),
        (0.1, [(5.0, 1000.0)], None),
        (0.1, [(5.0, 1000.0), (50.0, 400.0)], 1000.0),
        (5000.0, [(0.0, 20.0)], 0.001),
        (2.4, [(None, 450.0)], None),
        (0.1, [(5.0, 1000.0), (None, None)], None),
    ],
)
def test_one_factor_is_proposed_and_of_several_none(value, bands, factor):
    assert slip_of(value, bands, TENS) == factor


@given(st.floats(1e-9, 1e9), st.floats(1e-3, 1e3), st.floats(1.001, 50))
def test_a_proposed_factor_always_brings_the_value_into_the_band(value, low, width):
    band = (low, low * width)
    factor = slip_of(value, [band], TENS)

    assert factor is None or (is_in(value * factor, band) and not is_in(value, band))
    assert factor is None or sum(is_in(value * one, band) for one in TENS) == 1


@pytest.mark.parametrize(
    ("unit", "factor", "words"),
    [
        ("pg/mL", 1000.0, "looks like ng/mL entered as pg/mL: factor 1000"),
        ("mg/dl", 100.0, "looks like g/L entered as mg/dL: factor 100"),
        ("ng/dL", 100.0, "looks like ng/mL entered as ng/dL: factor 100"),
        ("U/L", 10.0, "looks like U/dL entered as U/L: factor 10"),
        ("bananas", 10.0, "looks like another unit: factor 10"),
    ],
)
def test_a_factor_is_told_as_the_unit_that_was_meant(unit, factor, words):
    assert slip_words(unit, factor, unit="ng/mL") == words
