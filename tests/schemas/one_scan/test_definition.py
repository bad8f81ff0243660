from __future__ import annotations

import pandera.polars as pa
import polars as pl
import pytest

from schemas.errors import SchemaDefinitionError
from schemas.one_scan.pattern import NOT_BLANK, portable_pattern
from schemas.one_scan.rules import rules_of
from schemas.tables.table import Table


def schema(column=None, checks=(), **options):
    return pa.DataFrameSchema({"a": column or pa.Column(pl.String)}, checks=list(checks), name="M", **options)


@pytest.mark.parametrize(
    "refused",
    [
        schema(pa.Column(pl.String, pa.Check(lambda data: data.lazyframe.select(pl.col(data.key) == "x")))),
        schema(pa.Column(pl.String, pa.Check.unique_values_eq(["x"]))),
        schema(pa.Column(pl.String, pa.Check.str_matches(r"\s"))),
        schema(pa.Column(pl.String, pa.Check.isin([]))),
        schema(pa.Column(pl.String, pa.Check.isin(["x", None]))),
        schema(pa.Column(pl.String, pa.Check.eq("a\x00b"))),
        schema(pa.Column(pl.String, pa.Check.eq("x", raise_warning=True))),
        schema(pa.Column(pl.String, pa.Check.eq("x", n_failure_cases=3))),
        schema(pa.Column(pl.String, pa.Check.eq("x", element_wise=True))),
        schema(pa.Column(pl.List(pl.Int64))),
        schema(pa.Column(pl.Datetime("us", "UTC"))),
        schema(pa.Column(pl.String, coerce=True)),
        schema(pa.Column(pl.String, default="x")),
        schema(pa.Column(pl.String, drop_invalid_rows=True)),
        schema(pa.Column(pl.String, regex=True)),
        schema(checks=[pa.Check(lambda data: data.lazyframe.select(pl.lit(True)))]),
        schema(checks=[pa.Check.stands_in(table="t", column="b")]),
        schema(coerce=True),
        schema(drop_invalid_rows=True),
        schema(strict="filter"),
        schema(ordered=True),
        schema(add_missing_columns=True),
        schema(dtype=pl.String),
    ],
)
def test_what_has_no_sql_form_is_refused(refused):
    with pytest.raises(SchemaDefinitionError):
        rules_of(refused)


def test_a_model_with_a_check_of_its_own_is_refused_when_the_class_is_made():
    with pytest.raises(SchemaDefinitionError, match="no SQL form"):

        class Own(Table):
            a: pl.String

            @pa.check("a")
            def _is_x(cls, data):  # noqa: N805
                return data.lazyframe.select(pl.col(data.key) == "x")


def test_every_fault_of_a_definition_is_told_at_once():
    with pytest.raises(SchemaDefinitionError) as told:
        rules_of(schema(pa.Column(pl.String, [pa.Check.isin([]), pa.Check.unique_values_eq(["x"])]), ordered=True))

    assert all(word in str(told.value) for word in ("'ordered'", "isin", "unique_values_eq"))


@pytest.mark.parametrize(
    "pattern",
    [NOT_BLANK, "^[A-Z]{1,2}[1-9][0-9]?$", "a|b", "(?:ab)+c*", r"a\.b\\c", "[^]x]", "µ[α-ω]", "^x{2,}y??$", ""],
)
def test_a_plain_pattern_is_portable(pattern):
    assert portable_pattern(pattern).removesuffix("\\z") == pattern.removesuffix("$")


def test_the_end_of_a_text_is_not_the_end_of_its_last_line():
    assert portable_pattern("a$") == "a\\z"
    assert portable_pattern("a\\$") == "a\\$"


@pytest.mark.parametrize(
    "pattern",
    [
        r"\s",
        r"\d+",
        r"\bx",
        r"\w",
        "a.b",
        "(?i)x",
        "(?=x)",
        r"(x)\1",
        "a++",
        "a$b",
        "[[:alpha:]]",
        "[a&&b]",
        r"\pL",
        "[a",
        "x\\",
    ],
)
def test_a_pattern_that_engines_read_differently_is_refused(pattern):
    with pytest.raises(SchemaDefinitionError, match="cannot be compiled"):
        portable_pattern(pattern)
