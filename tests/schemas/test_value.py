import math
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.value import ValueState, bounded, parse_value
from schemas.value_words import ValueWords

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
        ("=118", 118.0),
        ("=^23", 23.0),
        ("1.5E3", 1500.0),
        ("1.5 \u00d7 10\u00b3", 1500.0),
        ("1,204.5", 1204.5),
        ("1,204,500", 1204500.0),
        ("1'204.5", 1204.5),
        ("12\u202f345", 12345.0),
        ("1 204.5", 1204.5),
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
        ("< LOD (0.5)", "<", 0.5, ValueState.BELOW),
        ("ND (<0.5 pg/mL)", "<", 0.5, ValueState.BELOW),
        ("BLQ <0.5", "<", 0.5, ValueState.BELOW),
        ("< LLOQ 0.5", "<", 0.5, ValueState.BELOW),
        ("<0.5 (LLOD)", "<", 0.5, ValueState.BELOW),
        ("less than 0.5", "<", 0.5, ValueState.BELOW),
        ("> ULOQ (500)", ">", 500.0, ValueState.ABOVE),
        ("above 500", ">", 500.0, ValueState.ABOVE),
        ("b.d.", "<", None, ValueState.OOR_LOW),
        ("DNQ", "<", None, ValueState.OOR_LOW),
        ("off scale", ">", None, ValueState.OOR_HIGH),
        ("OOR <", "<", None, ValueState.OOR_LOW),
        ("oor>", ">", None, ValueState.OOR_HIGH),
        ("<LLOQ", "<", None, ValueState.OOR_LOW),
        ("N.D.", "<", None, ValueState.OOR_LOW),
        ("not  Detected", "<", None, ValueState.OOR_LOW),
        ("< LOD", "<", None, ValueState.OOR_LOW),
        ("OVRFLW", ">", None, ValueState.OOR_HIGH),
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
        ("QNS", ValueState.NOT_AVAILABLE),
        ("NaN", ValueState.NOT_AVAILABLE),
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
        "1_000",
        "1.204,5",
        "1,20,400",
        "12 34",
        "inf",
        "1e999",
        "1e-999",
        "12.3*",
        "5 parsec",
        "19 but poor collection",
        "٣",
        "0x10",
        "<",
        "< x",
        "-",
        "trace",
    ],
)
def test_what_is_not_plainly_a_number_is_text(text):
    value = parse_value(text)

    assert (value.number, value.limit, value.state) == (None, None, ValueState.TEXT)


def test_a_decimal_comma_is_read_only_when_it_is_told():
    assert parse_value("1,38", decimal_comma=True).number == 1.38
    assert parse_value("< 0,5", decimal_comma=True).limit == 0.5
    assert parse_value("1.38", decimal_comma=True).state is ValueState.TEXT
    assert parse_value("1.000,5", decimal_comma=True).number == 1000.5
    assert parse_value("1,000.5", decimal_comma=True).state is ValueState.TEXT


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

    other = "." if decimal_comma else ","
    bare = text.strip().removesuffix(value.unit)
    written = bare.lstrip("*<>=≤≥ ").replace("\u2212", "-").replace(other, "").replace(",", ".")
    for number in (value.number, value.limit):
        assert number is None or number == float("".join(written.split()))


@given(
    st.integers(1000, 10**12), st.integers(1, 99), st.sampled_from([",.", ".,", " .", " ,", "\u202f,", "'.", "\u2019."])
)
@settings(deadline=None, max_examples=EXAMPLES)
def test_thousands_come_back_whatever_parts_them_and_never_another_number(whole, cents, marks):
    written = f"{whole:,}".replace(",", marks[0]) + f"{marks[1]}{cents:02d}"

    read = [parse_value(written, decimal_comma=comma).number for comma in (False, True)]

    assert read[marks[1] == ","] == float(f"{whole}.{cents:02d}")
    assert read[marks[1] != ","] is None


@pytest.mark.parametrize(
    ("text", "bounds", "limit"),
    [
        ("ND", {"lod": 0.1, "lloq": 0.5}, 0.1),
        ("ND", {"lloq": 0.5}, 0.5),
        ("BLQ", {"lod": 0.1, "lloq": 0.5}, 0.5),
        ("BLQ", {"lod": 0.1}, None),
        ("OVRFLW", {"uloq": 90.0, "lloq": 0.5}, 90.0),
        ("<0.2", {"lloq": 0.5}, 0.2),
        ("QNS", {"lloq": 0.5}, None),
    ],
)
def test_a_word_takes_the_bound_that_fits_it_and_no_other(text, bounds, limit):
    value = bounded(parse_value(text), bounds)

    assert value.limit == limit
    assert (value.limit is not None) == (value.state in {ValueState.BELOW, ValueState.ABOVE})


def test_a_unit_behind_a_number_is_kept_and_one_that_nobody_knows_is_not():
    assert (parse_value("< 0.5 pg/mL").limit, parse_value("< 0.5 pg/mL").unit) == (0.5, "pg/mL")
    assert (parse_value("3,4mg/L", decimal_comma=True).number, parse_value("3.4 mg/L").unit) == (3.4, "mg/L")
    assert parse_value("5 furlong").state is ValueState.TEXT


def test_a_word_of_the_laboratory_wins_over_the_shipped_one():
    words = ValueWords({"Spurlos": "below_lod", "ND": "no_result"})

    assert parse_value("spurlos", words=words).state is ValueState.OOR_LOW
    assert parse_value("N.D.", words=words).state is ValueState.NOT_AVAILABLE


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None, max_examples=EXAMPLES)
def test_every_float_that_is_written_comes_back(number):
    assert parse_value(repr(number)).number == number


@pytest.mark.parametrize("text", ["ND (>0.5)", "0.5 (LLOQ)", "QNS 0.5", "ND 2 of 3", "BLQ (x)", "above", "not 0.5"])
def test_a_word_with_a_number_that_does_not_fit_it_stays_text_or_a_word(text):
    assert parse_value(text).limit is None
    assert parse_value(text).number is None
