from __future__ import annotations

import math
from collections import Counter
from datetime import datetime

import duckdb
import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandera.errors import SchemaErrors

import schemas.one_scan.backend  # noqa: F401 - registers the backend
from schemas.one_scan.registered import references_in_force
from schemas.one_scan.stored_rows import StoredRows
from schemas.tables.table import LARGEST, NOT_BLANK, Table

START = datetime(2025, 1, 1)
AWKWARD = [
    "",
    " ",
    "a",
    "A1",
    "a'b",
    'a"b',
    "a\\b",
    "µ",
    "\u03bc",
    "é",
    "e\u0301",
    "𝛼",
    "\u00a0",
    "\u2003x",
    "\t",
    "--",
    "%",
]
FLOATS = [0.0, -0.0, 1.5, -1.5, 100.0, math.nan, math.inf, -math.inf, LARGEST, -LARGEST, 5e-324, 0.1]
COLUMNS = {
    "run": pl.Int64,
    "sample": pl.String,
    "analyte": pl.String,
    "matrix": pl.String,
    "unit": pl.String,
    "value": pl.Float64,
    "limit": pl.Float64,
    "state": pl.String,
    "name": pl.String,
    "taken": pl.Datetime("us"),
    "frozen": pl.Datetime("us"),
    "known": pl.Boolean,
    "code": pl.Int64,
}


class Dirty(Table):
    run: pl.Int64 = pa.Field(ge=0, le=3)
    sample: pl.String = pa.Field(str_matches=NOT_BLANK)
    analyte: pl.String = pa.Field(isin=["a", "A1", "a'b", "µ"])
    matrix: pl.String = pa.Field(nullable=True, notin=["--", "%"])
    unit: pl.String = pa.Field(nullable=True, str_length={"min_value": 1, "max_value": 2})
    value: pl.Float64 = pa.Field(ge=-LARGEST, le=LARGEST)
    limit: pl.Float64 = pa.Field(nullable=True, gt=0, lt=100.0)
    state: pl.String = pa.Field(str_startswith="a", str_endswith="1", str_contains="A|b$")
    name: pl.String = pa.Field(nullable=True, ne="a\\b")
    taken: pl.Datetime = pa.Field(nullable=True, ge=START)
    frozen: pl.Datetime = pa.Field(nullable=True)
    known: pl.Boolean
    code: pl.Int64 = pa.Field(
        nullable=True, unique=True, in_range={"min_value": 0, "max_value": 4, "include_max": False}
    )

    class Config(Table.Config):
        unique = ["run", "sample", "analyte"]
        value_in_catalogue_range = {"catalogue": "catalogue", "error": "range"}
        unit_as_catalogued = {"catalogue": "catalogue", "only": "state", "values": ["a", "a'b"]}
        kind_in_catalogue = {"catalogue": "catalogue"}
        stands_in = {"table": "runs", "column": "run"}
        not_before = {"later": "frozen", "earlier": "taken"}
        named_by = {"role": "state", "value": "a", "column": "name", "otherwise": "unit"}
        number_within = {"column": "code", "bits": 1, "of": "run"}


CATALOGUE = pl.DataFrame(
    {
        "analyte": ["a", "a", "A1", "a'b", "µ"],
        "matrix": ["a", "", "a", "é", "a"],
        "unit": ["a", "µ", "a'b", "%", "\u00a0"],
        "low": [0.0, -1.5, None, 0.1, 5e-324],
        "high": [100.0, math.inf, 1.5, None, LARGEST],
    }
)
REFERENCES = {"catalogue": CATALOGUE, "runs": pl.DataFrame({"run": [0, 1, 2]})}
TEXTS = (
    st.none() | st.sampled_from(AWKWARD) | st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=3)
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "run": st.none() | st.integers(-1, 4),
            **dict.fromkeys(("sample", "analyte", "matrix", "unit", "state", "name"), TEXTS),
            "value": st.none() | st.sampled_from(FLOATS) | st.floats(),
            "limit": st.none() | st.sampled_from(FLOATS) | st.floats(),
            "taken": st.none() | st.datetimes(datetime(2024, 12, 30), datetime(2025, 1, 3)),
            "frozen": st.none() | st.datetimes(datetime(2024, 12, 30), datetime(2025, 1, 3)),
            "known": st.none() | st.booleans(),
            "code": st.none() | st.integers(-2, 6),
        }
    ),
    max_size=12,
)


def as_frame(rows, doubled):
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    return pl.concat([frame, frame.head(doubled)]).with_row_index("n").with_columns(pl.col("n").cast(pl.Int64))


def by_polars(frame):
    try:
        with references_in_force(REFERENCES):
            Dirty.to_schema().validate(frame, lazy=True)
    except SchemaErrors as errors:
        return told(errors.failure_cases, "index")
    return Counter()


def by_scan(frame, con, **options):
    con.register("incoming", frame.to_arrow())
    con.execute("CREATE OR REPLACE TABLE stored AS FROM incoming")
    rows = StoredRows(connection=con, table="stored", key=("n",), references=REFERENCES, **options)
    try:
        Dirty.to_schema().validate(rows, lazy=True)
    except SchemaErrors as errors:
        return told(errors.failure_cases, "key.n")
    return Counter()


@pytest.fixture(scope="module")
def con():
    with duckdb.connect(config={"threads": 1}) as connection:
        yield connection


def told(cases, row):
    value = pl.when(pl.col("schema_context") == "Column").then(pl.col("failure_case"))
    return Counter(cases.select(row, "column", "check", "check_number", value).iter_rows())


def compare(con, rows, doubled, is_sorted):
    frame = as_frame(rows, doubled)
    stored = frame.sort("run", "sample", "analyte") if is_sorted else frame

    assert by_scan(stored, con, is_sorted=is_sorted) == by_polars(frame)


DIRTY = {"rows": ROWS, "doubled": st.integers(0, 3), "is_sorted": st.booleans()}
UNHURRIED = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@settings(max_examples=80, **UNHURRIED)
@given(**DIRTY)
def test_both_executors_name_the_same_rows_rules_and_values(con, rows, doubled, is_sorted):
    compare(con, rows, doubled, is_sorted)


@pytest.mark.long
@settings(max_examples=5000, **UNHURRIED)
@given(**DIRTY)
def test_both_executors_agree_on_thousands_of_dirty_frames(con, rows, doubled, is_sorted):
    compare(con, rows, doubled, is_sorted)


def test_every_rule_of_the_model_fails_somewhere_in_both_executors(con):
    row = dict.fromkeys(COLUMNS, None)
    bad = row | {
        "run": 4,
        "sample": " ",
        "analyte": "x",
        "matrix": "%",
        "unit": "abc",
        "value": math.inf,
        "limit": -1.0,
        "state": "z",
        "name": "a\\b",
        "taken": datetime(2024, 12, 31),
        "frozen": datetime(2024, 12, 30),
        "known": None,
        "code": 6,
    }
    named = bad | {
        "state": "a",
        "name": "",
        "unit": "",
        "analyte": "a",
        "matrix": "a",
        "code": -1,
        "run": -1,
        "limit": 1e9,
    }

    below = bad | {"value": -math.inf}

    frame = as_frame([row, bad, below, named, named], 1)
    failed = {key[2] for key in by_scan(frame, con)}

    assert failed == {key[2] for key in by_polars(frame)}
    assert failed.issuperset({check.error or check.name for check in Dirty.to_schema().checks})
    assert failed.issuperset({check.error for c in Dirty.to_schema().columns.values() for check in c.checks})
    assert failed.issuperset({"not_nullable", "field_uniqueness", "multiple_fields_uniqueness"})
