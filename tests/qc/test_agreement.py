from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "benchmarks" / "agreement.py"


@pytest.fixture(scope="module")
def agreement():
    spec = importlib.util.spec_from_file_location("agreement_of_real_plates", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def sizes(compared):
    return np.abs(np.concatenate([one.relative for one in compared]))


def test_softmax_standards_are_given_back_as_by_the_instrument(shared, agreement):
    compared = list(agreement.softmax(shared / "data"))

    assert len(compared) == 5
    assert np.median(sizes(compared)) < 0.005
    assert sizes(compared).max() < 0.05


def test_gen5_concentrations_agree_with_the_straight_line_of_the_instrument(shared, agreement):
    compared, _ = agreement.gen5(shared / "data")

    assert compared.relative.size > 80
    assert np.abs(compared.relative).max() < 0.02


def test_the_lowry_plate_differs_from_its_instrument_by_the_line_alone(shared, agreement):
    _, compared = agreement.gen5(shared / "data")

    # The line is the instrument's: refitted from the standards it gives every number back to its three decimals.
    assert "Y = 0.00297 X +0.0490, from which its numbers differ by 0.0005;" in compared.note
    # But the standards bend: by the line that of 10 is read as 6.7, by the curve as 9.2.
    assert "gives the standards back with 67 to 118 %" in compared.note
    assert 0.04 < np.median(np.abs(compared.relative)) < 0.06


def test_softmax_fits_the_means_of_the_levels(shared, agreement):
    # A masked standard then counts as much as its two neighbours together; else both fits are the same.
    medians = [float(re.search(r"median ([0-9.]+) %", one.note)[1]) for one in agreement.softmax(shared / "data")]

    assert max(medians) < 0.1


@pytest.mark.long
def test_xponent_keeps_standards_below_its_background_and_differs_in_nothing_else(shared, agreement):
    compared = list(agreement.luminex_instrument(shared / "data"))
    excess = {one.name: float(re.search(r"RSS is ([0-9.]+) times", one.note)[1]) for one in compared}
    left_out = {one.name: int(re.search(r"(\d+) standards of 0 MFI", one.note)[1]) for one in compared}

    assert len(compared) == 30
    assert {name for name, n in left_out.items() if n == 0} == {name for name, one in excess.items() if one == 1.0}
    assert max(float(re.search(r"rule we differ by ([0-9.e+\-]+) %", one.note)[1]) for one in compared) < 1e-3
    assert all(float(re.search(r"differs by ([0-9.e+\-]+) %", one.note)[1]) < 1e-9 for one in compared)


@pytest.mark.long
def test_prion_concentrations_agree_with_the_authors(shared, agreement):
    compared = list(agreement.prion(shared / "data"))

    # The authors give ng/mL with three decimals: of the lowest, 0.05, that is 1 %.
    assert sizes(compared).size > 1250
    assert np.median(sizes(compared)) < 1e-5
    assert sizes(compared).max() < 0.01
