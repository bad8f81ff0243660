"""Every shipped factor against UCUM as ucumvert and pint read it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from schemas.catalogue import load_catalogue
from schemas.ucum import UNITS, factor_between
from schemas.units import conversion

CLOSE = 1e-12  # pint calculates in floats; a wrong factor is off by far more
CATALOGUE = load_catalogue()
FACTORS = [
    (entry.analyte, entry.matrix, code)
    for analyte in CATALOGUE.analytes.values()
    for entry in analyte.matrices.values()
    for code in entry.units
]


@pytest.fixture(scope="module")
def ucum():
    return pytest.importorskip("ucumvert").PintUcumRegistry()


@pytest.mark.parametrize("dimension", sorted({dimension for dimension, _ in UNITS.values()}))
def test_the_size_of_every_unit_of_the_table_is_that_of_ucum(ucum, dimension):
    codes = [code for code, (own, _) in UNITS.items() if own == dimension]
    first = codes[0]

    for code in codes:
        ratio = float((1 * ucum.from_ucum(code)).to(ucum.from_ucum(first).units).magnitude)
        ratio /= float(ucum.from_ucum(first).magnitude)
        assert float(factor_between(code, first)) == pytest.approx(ratio, rel=CLOSE), code


def test_units_that_ucum_keeps_apart_are_kept_apart(ucum):
    dimensions = {
        dimension: ucum.from_ucum(next(code for code, (own, _) in UNITS.items() if own == dimension)).dimensionality
        for dimension in {dimension for dimension, _ in UNITS.values()}
    }
    international = dimensions.pop("international")

    assert len(set(dimensions.values())) == len(dimensions)
    assert international != dimensions["catalytic"]


@pytest.mark.parametrize(("analyte", "matrix", "code"), FACTORS, ids=lambda part: str(part))
def test_every_factor_of_the_catalogue_is_that_of_pint(ucum, analyte, matrix, code):
    entry = CATALOGUE.entry(analyte, matrix)
    how = conversion(code, entry)
    quantity = ucum.Quantity(1, ucum.from_ucum(code).units) * ucum.from_ucum(code).magnitude
    if UNITS[code][0] == "molar" and UNITS[entry.unit][0] == "mass":
        quantity = quantity * ucum.Quantity(entry.molar_mass.value, "g/mol")
    if UNITS[code][0] == "mass" and UNITS[entry.unit][0] == "molar":
        quantity = quantity / ucum.Quantity(entry.molar_mass.value, "g/mol")
    target = ucum.from_ucum(entry.unit)

    told = quantity.to(target.units).magnitude / target.magnitude

    assert isinstance(how.factor, Fraction)
    assert float(how.factor) == pytest.approx(float(told), rel=CLOSE)
