import os
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import load_catalogue
from schemas.ucum import UNITS, UnitState, factor_between, parse_unit
from schemas.units import conversion, convert

EXAMPLES = 5000 if os.environ.get("ASSAYGATE_LONG") else 300


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ng/mL", "ng/mL"),
        ("NG/ML", "ng/mL"),
        (" ng / ml ", "ng/mL"),
        ("ng mL⁻¹", "ng/mL"),
        ("pg·mL-1", "pg/mL"),
        ("ng per mL", "ng/mL"),
        ("mcg/dl", "ug/dL"),
        ("\u00b5g/dL", "ug/dL"),
        ("\u03bcg/dL", "ug/dL"),
        ("\u00c2\u00b5g/dL", "ug/dL"),
        ("\u00ce\u00bcg/dL", "ug/dL"),
        ("㎍/dL", "ug/dL"),
        ("ug/100 mL", "ug/dL"),
        ("mg%", "mg/dL"),
        ("U/L", "U/L"),
        ("u/l", "U/L"),
        ("IU/L", "[iU]/L"),
        ("UI/L", "[iU]/L"),
        ("mIU/mL", "m[iU]/mL"),
        ("\u00b5kat/L", "ukat/L"),
        ("nM", "nmol/L"),
        ("%", "%"),
        ("10⁹/L", "10*9/L"),
        ("cells/µL", "/uL"),
    ],
)
def test_what_laboratories_write_is_read_as_ucum(text, code):
    unit = parse_unit(text)

    assert (unit.code, unit.state) == (code, UnitState.OK)


@pytest.mark.parametrize(
    "text", ["?g/dL", "\ufffdg/dL", "nm", "MU/mL", "MIU/L", "furlong", "pg", "OD", "ng/mL FEU", "ppb"]
)
def test_what_could_mean_something_else_is_unknown(text):
    assert parse_unit(text).state is UnitState.UNKNOWN


def test_no_unit_is_missing_and_not_unknown():
    assert parse_unit("  ").state is UnitState.MISSING


@given(st.one_of(st.text(max_size=10), st.text(alphabet="munpgLdl/UIM%µμ⁻¹10*^ []", max_size=8)))
@settings(deadline=None, max_examples=EXAMPLES)
def test_any_text_gives_a_code_of_the_table_or_none(text):
    unit = parse_unit(text)

    assert unit.text == text
    assert (unit.code in UNITS) == (unit.state is UnitState.OK)
    assert unit.code or not unit.factor


@given(st.sampled_from(sorted(UNITS)), st.sampled_from(sorted(UNITS)))
@settings(deadline=None, max_examples=EXAMPLES)
def test_there_and_back_again_is_exactly_one(one, other):
    factor = factor_between(one, other, 55.845)
    back = factor_between(other, one, 55.845)

    assert (factor is None) == (back is None)
    assert factor is None or factor * back == 1


@pytest.mark.parametrize(
    ("analyte", "value", "unit", "expected"),
    [
        ("iron", 17.907, "umol/L", 100.0016415),  # 17.907 umol/L x 55.845 g/mol / 10
        ("iron", 1000.0, "ug/L", 100.0),
        ("ferritin", 2.247191011235955, "pmol/L", 1.0),  # 1 / 0.445 pmol/L of a 445 kDa protein is 1 ng/mL
        ("transferrin", 2.4, "g/L", 240.0),
        ("transferrin", 12.567550584390097, "umol/L", 100.0),  # 1 g/L / 79570 g/mol
        ("ck", 1.0, "ukat/L", 60.0),  # 1 ukat = 60 U by definition
        ("tnf_alpha", 0.024, "ng/mL", 24.0),
        ("nfl", 8.3, "ug/L", 8300.0),
    ],
)
def test_conversions_agree_with_hand_worked_factors(catalogue, analyte, value, unit, expected):
    converted = convert(value, unit, catalogue.entry(analyte, "serum"))

    assert converted.state is UnitState.OK
    assert converted.value == pytest.approx(expected, rel=1e-12)


def test_the_iron_factor_is_that_of_the_clinical_tables():
    assert float(factor_between("ug/dL", "umol/L", 55.845)) == pytest.approx(0.17907, abs=5e-6)


def test_decimal_digits_survive_a_conversion(catalogue):
    assert convert(0.29, "g/L", catalogue.entry("transferrin", "serum")).value == 29.0
    assert factor_between("pg/mL", "ng/L") == Fraction(1)


def test_international_units_are_not_enzyme_units(catalogue):
    converted = convert(5.0, "IU/L", catalogue.entry("ck", "serum"))

    assert (converted.value, converted.state) == (None, UnitState.WRONG_DIMENSION)
    assert "U/L and [iU]/L are different units" in converted.sentence


def test_a_lab_may_state_that_its_international_units_are_enzyme_units():
    own = load_catalogue({"ck.toml": 'id = "ck"\n[matrices.serum]\nunit_means = { "[iU]/L" = "U/L" }'})

    assert convert(5.0, "IU/L", own.entry("ck", "serum")).value == 5.0


@pytest.mark.parametrize(
    ("unit", "state"),
    [
        ("", UnitState.MISSING),
        ("pg/m", UnitState.UNKNOWN),
        ("U/L", UnitState.WRONG_DIMENSION),
        ("g/L", UnitState.UNKNOWN),
    ],
)
def test_a_unit_that_does_not_fit_is_told_with_the_known_ones(catalogue, unit, state):
    how = conversion(unit, catalogue.entry("nfl", "csf"))

    assert (how.factor, how.state, how.apply(1.0)) == (None, state, None)
    assert "Known units: pg/mL, ng/L" in how.sentence


def test_mass_and_molar_units_do_not_convert_without_a_molar_mass(catalogue):
    how = conversion("pmol/L", catalogue.entry("gdnf", "serum"))

    assert how.state is UnitState.WRONG_DIMENSION
    assert "no molar mass" in how.sentence


def test_nan_stays_nan(catalogue):
    value = convert(float("nan"), "g/L", catalogue.entry("transferrin", "serum")).value

    assert value != value


def test_iron_of_nhanes_agrees_in_both_unit_systems_in_every_row(catalogue, shared):
    # LBXSIR is in whole ug/dL; LBDSIRSI is the same in umol/L, made with factor 0.1791 and rounded to one decimal.
    pandas = pytest.importorskip("pandas")
    rows = pandas.read_sas(shared / "data" / "nhanes_biochem_2017" / "BIOPRO_J.XPT")[["LBXSIR", "LBDSIRSI"]].dropna()
    how = conversion("umol/L", catalogue.entry("iron", "serum"))

    back = [round(how.apply(value)) for value in rows["LBDSIRSI"].round(1)]

    assert len(rows) > 5800
    assert back == rows["LBXSIR"].astype(int).tolist()
