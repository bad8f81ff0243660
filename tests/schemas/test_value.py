import math
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.value import ValueState, parse_value

EXAMPLES = 5000 if os.environ.get("ASSAYGATE_LONG") else 300


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", 12.0),
        (" 12.30 ", 12.3),
        ("-0.5", -0.5),
        ("\u22120.5", -0.5),
        (".5", 0.5),
        ("1.2E-03", 0.0012),
        ("0.000", 0.0),
    ],
)
def test_a_plain_number_is_read(text, number):
    value = parse_value(text)

    assert (value.number, value.state, value.censor, value.limit) == (number, ValueState.NUMBER, "", None)


@pytest.mark.parametrize(
    ("text", "side", "limit", "state"),
    [
        ("<0.5", "<", 0.5, ValueState.BELOW),
        ("< 0.5", "<", 0.5, ValueState.BELOW),
        ("<=0.5", "<", 0.5, ValueState.BELOW),
        ("≤ 0.5", "<", 0.5, ValueState.BELOW),
        (">1000", ">", 1000.0, ValueState.ABOVE),
        ("≥1000", ">", 1000.0, ValueState.ABOVE),
        ("OOR <", "<", None, ValueState.OOR_LOW),
        ("oor>", ">", None, ValueState.OOR_HIGH),
        ("<LLOQ", "<", None, ValueState.OOR_LOW),
        ("> ULOQ", ">", None, ValueState.OOR_HIGH),
    ],
)
def test_a_bound_is_no_number(text, side, limit, state):
    value = parse_value(text)

    assert (value.number, value.censor, value.limit, value.state) == (None, side, limit, state)


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", ValueState.EMPTY),
        (" \u00a0", ValueState.EMPTY),
        ("NA", ValueState.NOT_AVAILABLE),
        ("n/a", ValueState.NOT_AVAILABLE),
        ("n.a.", ValueState.NOT_AVAILABLE),
        ("***", ValueState.MASKED),
        ("Masked", ValueState.MASKED),
        ("---", ValueState.REJECTED),
    ],
)
def test_marks_keep_their_different_meanings(text, state):
    value = parse_value(text)

    assert (value.number, value.censor, value.limit, value.state) == (None, "", None, state)


def test_a_starred_number_stays_and_is_called_extrapolated():
    value = parse_value("*12.3")

    assert (value.number, value.state) == (12.3, ValueState.EXTRAPOLATED)


@pytest.mark.parametrize(
    "text",
    [
        "1,38",
        "1,000",
        "1 000",
        "1_000",
        "NaN",
        "inf",
        "1e999",
        "1e-999",
        "12.3*",
        "5 pg/mL",
        "٣",
        "0x10",
        "<",
        "< x",
        "-",
        "ND",
    ],
)
def test_what_is_not_plainly_a_number_is_text(text):
    value = parse_value(text)

    assert (value.number, value.limit, value.state) == (None, None, ValueState.TEXT)


def test_a_decimal_comma_is_read_only_when_it_is_told():
    assert parse_value("1,38", decimal_comma=True).number == 1.38
    assert parse_value("< 0,5", decimal_comma=True).limit == 0.5
    assert parse_value("1.38", decimal_comma=True).state is ValueState.TEXT
    assert parse_value("1.000,5", decimal_comma=True).state is ValueState.TEXT


cells = st.one_of(st.text(max_size=12), st.text(alphabet="0123456789.,<>=*-+eE ≤≥NAOR", max_size=10))


@given(cells, st.booleans())
@settings(deadline=None, max_examples=EXAMPLES)
def test_any_text_is_kept_and_never_breaks_the_reader(text, decimal_comma):
    value = parse_value(text, decimal_comma=decimal_comma)

    assert value.text == text
    assert all(number is None or math.isfinite(number) for number in (value.number, value.limit))
    assert (value.number is not None) == (value.state in {ValueState.NUMBER, ValueState.EXTRAPOLATED})
    assert (value.limit is not None) == (value.state in {ValueState.BELOW, ValueState.ABOVE})


@given(cells, st.booleans())
@settings(deadline=None, max_examples=EXAMPLES)
def test_no_number_is_invented(text, decimal_comma):
    value = parse_value(text, decimal_comma=decimal_comma)

    written = text.strip().lstrip("*<>=≤≥ ").replace("\u2212", "-").replace(",", ".").strip()
    for number in (value.number, value.limit):
        assert number is None or number == float(written)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None, max_examples=EXAMPLES)
def test_every_float_that_is_written_comes_back(number):
    assert parse_value(repr(number)).number == number
