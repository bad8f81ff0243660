from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime

import duckdb
import pandera.polars as pa
import polars as pl
import pytest
from sqlglot.executor import env, execute

from schemas.one_scan.answer import answer
from schemas.one_scan.rules import rules_of, unique_keys
from schemas.one_scan.statement import Question, flag, grouping_statement
from schemas.one_scan.stored_rows import StoredRows
from schemas.tables.table import LARGEST, NOT_BLANK, Table

START = datetime(2025, 1, 1)


class Portable(Table):
    run: pl.Int64 = pa.Field(ge=0, le=3)
    sample: pl.String = pa.Field(str_matches=NOT_BLANK)
    analyte: pl.String = pa.Field(isin=["a", "a'b", 'a"b', "a\\b", "µ"])
    matrix: pl.String = pa.Field(nullable=True, notin=["--"])
    unit: pl.String = pa.Field(nullable=True, str_length={"min_value": 1, "max_value": 2})
    value: pl.Float64 = pa.Field(ge=-LARGEST, le=LARGEST)
    state: pl.String = pa.Field(str_startswith="a", str_endswith="1", str_contains="1|b$")
    taken: pl.Datetime = pa.Field(nullable=True, ge=START)
    frozen: pl.Datetime = pa.Field(nullable=True)
    code: pl.Int64 = pa.Field(nullable=True)

    class Config(Table.Config):
        unique = ["run", "sample", "analyte"]
        value_in_catalogue_range = {"catalogue": "catalogue", "only": "state", "values": ["a1"]}
        unit_as_catalogued = {"catalogue": "catalogue"}
        kind_in_catalogue = {"catalogue": "catalogue"}
        stands_in = {"table": "runs", "column": "run"}
        not_before = {"later": "frozen", "earlier": "taken"}
        named_by = {"role": "state", "value": "a1", "column": "sample", "otherwise": "unit"}
        number_within = {"column": "code", "bits": 1, "of": "run"}


CATALOGUE = pl.DataFrame(
    {
        "analyte": ["a", "a'b", "µ", "a\\b"],
        "matrix": ["x", "x", "x", "y"],
        "unit": ["g", "µg", "g", "a'b"],
        "low": [0.0, None, 0.1, 5e-324],
        "high": [100.0, 1.5, None, LARGEST],
    }
)
RUNS = pl.DataFrame({"run": [0, 1, 2]})
COLUMNS = {"n": pl.Int64, **{name: column.dtype.type for name, column in Portable.to_schema().columns.items()}}
GOOD = {"run": 1, "sample": "s", "analyte": "a", "matrix": "x", "unit": "g", "value": 1.0, "state": "a1", "code": 2}
CHANGES = [
    {"run": None},
    {"run": 4},
    {"run": -1, "code": -1},
    *({"sample": text} for text in ("", " ", "\t", "\u00a0", "\u2003x", "\n", "µ", "a'b", 'a"b', "a\\b", None)),
    *({"analyte": text} for text in ("a'b", 'a"b', "a\\b", "µ", "\u03bc", "A", "", None)),
    {"matrix": "--"},
    {"matrix": None},
    {"unit": ""},
    {"unit": "abc"},
    {"unit": None},
    {"value": None},
    {"value": -0.0},
    {"value": -1.5},
    {"value": 100.5},
    {"value": 100.5, "state": "ab1"},
    *({"state": text} for text in ("b1", "a", "a1b", "a1\n", "ab\n", None)),
    {"taken": datetime(2024, 12, 31, 23, 59, 59)},
    {"taken": START, "frozen": datetime(2025, 1, 1)},
    {"taken": datetime(2025, 1, 2), "frozen": datetime(2025, 1, 1)},
    {"code": 5},
    {},
    {},
]
NOT_FINITE = [{"value": math.nan}, {"value": math.inf}, {"value": -math.inf}]


def frame_of(changes):
    rows = [GOOD | {"sample": f"s{n}", "n": n} | change for n, change in enumerate(changes)]
    rows += [rows[-1] | {"n": len(rows)}, GOOD | {"sample": None, "n": 900}, GOOD | {"sample": None, "n": 901}]
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def question():
    schema = Portable.to_schema()
    return Question(table="t", key=("n",), only={}, rules=rules_of(schema), unique=unique_keys(schema))


def by_duckdb(frame):
    with duckdb.connect() as con:
        con.register("t", frame.to_arrow())
        references = {"catalogue": CATALOGUE, "runs": RUNS}
        rows = StoredRows(connection=con, table="t", key=("n",), references=references)
        found = answer(rows, question())
    return flags_of(found.iter_rows(named=True))


def flags_of(rows):
    names = [flag("rule", number) for number in range(len(question().rules))] + [flag("unique", 0)]
    return Counter((row["row n"], name) for row in rows for name in names if row.get(name))


@pytest.fixture
def python_functions(monkeypatch):
    def cast(value, kind):
        return datetime.fromisoformat(value) if kind == "TIMESTAMPNTZ" else env.cast(value, kind)

    def searched(text, pattern):
        return None if text is None else re.search(re.sub(r"\\z$", r"\\Z", pattern), text) is not None

    monkeypatch.setitem(env.ENV, "REGEXPLIKE", searched)
    monkeypatch.setitem(env.ENV, "STARTSWITH", lambda text, start: None if text is None else text.startswith(start))
    monkeypatch.setitem(env.ENV, "ENDSWITH", lambda text, end: None if text is None else text.endswith(end))
    monkeypatch.setitem(env.ENV, "ISNAN", lambda value: None if value is None else math.isnan(value))
    monkeypatch.setitem(env.ENV, "TIMESTAMPNTZ", "TIMESTAMPNTZ")
    monkeypatch.setitem(env.ENV, "TRYCAST", cast)
    monkeypatch.setitem(env.ENV, "NULLSAFEEQ", lambda left, right: left == right)


def test_the_spark_text_gives_the_same_failures_in_the_executor_of_sqlglot(python_functions):
    frame = frame_of(CHANGES)
    asked = question()
    # One half after the other: the executor takes both halves of a union over one table for the same.
    halves = [replace(asked, unique=()), replace(asked, rules=())]
    kinds = {pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.String: "STRING", pl.Datetime("us"): "TIMESTAMP"}
    tables = {"t": frame, "catalogue": CATALOGUE, "runs": RUNS}
    schema = {name: {column: kinds[kind] for column, kind in table.schema.items()} for name, table in tables.items()}

    found: Counter = Counter()
    for half in halves:
        rows = {name: table.to_dicts() for name, table in tables.items()}
        told = execute(grouping_statement(half).sql("spark"), schema=schema, dialect="spark", tables=rows)
        found += flags_of(dict(zip(told.columns, row, strict=True)) for row in told.rows)

    assert found == by_duckdb(frame)
    assert len({name for _, name in found}) >= 20


@pytest.mark.long
def test_the_spark_text_gives_the_same_failures_in_spark():
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed (the `spark` extra)")
    frame = frame_of(CHANGES + NOT_FINITE)
    text = grouping_statement(question()).sql("spark")

    spark = sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        for name, table in {"t": frame, "catalogue": CATALOGUE, "runs": RUNS}.items():
            spark.createDataFrame(table.to_dicts(), schema=spark_columns(table)).createOrReplaceTempView(name)
        found = flags_of(row.asDict() for row in spark.sql(text).collect())
    finally:
        spark.stop()

    assert found == by_duckdb(frame)


def spark_columns(table):
    kinds = {pl.Int64: "BIGINT", pl.Float64: "DOUBLE", pl.String: "STRING", pl.Datetime("us"): "TIMESTAMP_NTZ"}
    return ", ".join(f"{name} {kinds[kind]}" for name, kind in table.schema.items())
