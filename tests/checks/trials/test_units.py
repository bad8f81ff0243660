from __future__ import annotations

import json

import pytest

from qc.cli.main import _outcome


@pytest.fixture
def tried(capsys):
    def call(*arguments):
        code = _outcome(["try", "units", *arguments, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call


@pytest.mark.parametrize(
    ("arguments", "value", "unit", "verdict"),
    [
        (("17.9", "umol/L", "Fe", "Serum"), 99.96255, "ug/dL", "pass"),
        (("100", "mcg/dl", "serum iron", "serum"), 100.0, "ug/dL", "pass"),
        (("8.3", "\u00c2\u00b5g/L", "NEFL", "liquor"), 8300.0, "pg/mL", "pass"),
        (("0.29", "g/l", "siderophilin", "SERUM"), 29.0, "mg/dL", "reject"),
        (("1", "\u03bckat/L", "CPK", "serum"), 60.0, "U/L", "pass"),
        (("-5", "ng/mL", "ferritin", "serum"), -5.0, "ng/mL", "reject"),
        (("1200", "ng/mL", "ferritin", "serum"), 1200.0, "ng/mL", "warn"),
        (("6.1", "ug/dL", "iron", "csf"), 6.1, "ug/dL", "pass"),
    ],
)
def test_a_value_is_converted_and_judged(tried, arguments, value, unit, verdict):
    code, told = tried(*arguments)

    assert (code, told["unit"], told["verdict"], told["gated"]) == (int(verdict == "reject"), unit, verdict, False)
    assert told["value"] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("value", "unit", "analyte", "words"),
    [
        ("2.4", "mg/dL", "transferrin", "g/L entered as mg/dL: factor 100"),
        ("20000", "pg/mL", "nfl --method simoa", "fg/mL entered as pg/mL: factor 0.001"),
        ("17.9", "ug/dL", "iron", "umol/L entered as ug/dL: factor 5.5845"),
        ("5000", "pg/mL", "TNFa", "fg/mL entered as pg/mL: factor 0.001"),
    ],
)
def test_one_known_factor_is_suggested_and_not_applied(tried, value, unit, analyte, words):
    _, told = tried(value, unit, *analyte.split(" ", 1)[:1], "serum", *analyte.split()[1:])

    assert words in told["suggestion"]
    assert told["value"] == float(value)


def test_two_factors_that_would_do_are_not_suggested(tried):
    assert tried("0.1", "ng/mL", "ferritin", "serum")[1]["suggestion"] is None


@pytest.mark.parametrize(
    ("value", "limit", "verdict"),
    [("<0.5", 0.5, "reject"), ("<10", 10.0, "pass"), (">1000", 1000.0, "warn"), (">10", 10.0, "pass")],
)
def test_a_bound_is_converted_and_judged_by_what_it_proves(tried, value, limit, verdict):
    _, told = tried(value, "ug/L", "ferritin", "serum")

    assert (told["value"], told["censor"], told["verdict"]) == (limit, value[0], verdict)


@pytest.mark.parametrize("value", ["NA", "***", "OOR <", " "])
def test_a_cell_without_a_number_is_not_evaluable(tried, value):
    code, told = tried(value, "pg/mL", "nfl", "csf")

    assert (code, told["verdict"], told["value"]) == (1, "not_evaluable", None)


def test_a_text_that_is_no_result_is_refused(tried):
    code, told = tried("12 apples", "pg/mL", "nfl", "csf")

    assert (code, "is not a number" in told["error"]) == (3, True)


@pytest.mark.parametrize(
    ("unit", "words"), [("furlong", "is not known"), ("", "No unit is given"), ("IU/L", "different units")]
)
def test_a_unit_that_does_not_fit_is_a_verdict_and_nothing_is_guessed(tried, unit, words):
    code, told = tried("5", unit, "ck", "serum")

    assert (code, told["verdict"], told["value"], words in told["sentence"]) == (1, "reject", None, True)


def test_tibc_of_csf_is_not_applicable_unless_it_is_calculated(tried):
    measured, calculated = (
        tried("3", "ug/dL", "tibc", "csf")[1],
        tried("3", "ug/dL", "tibc", "csf", "--method", "calculated")[1],
    )

    assert (measured["verdict"], calculated["verdict"]) == ("reject", "pass")
    assert "only a value calculated" in measured["sentence"]


def test_an_unknown_analyte_and_an_unknown_matrix_are_refused_with_the_known_ones(tried):
    assert "Did you mean 'ferritin'?" in tried("5", "ng/mL", "ferittin", "serum")[1]["error"]
    assert "Known matrices: serum, csf" in tried("5", "ng/mL", "ferritin", "sweat")[1]["error"]
