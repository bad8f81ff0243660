from __future__ import annotations

import duckdb
import pandera.polars as pa
import polars as pl
import pytest
from pandera.errors import SchemaError, SchemaErrors

import schemas.one_scan.answer as answering
import schemas.one_scan.backend  # noqa: F401 - registers the backend
from schemas.errors import SchemaDefinitionError
from schemas.one_scan.stored_rows import StoredRows
from schemas.tables.table import Table


class Numbered(Table):
    run: pl.Int64
    name: pl.String = pa.Field(nullable=True)

    class Config(Table.Config):
        unique = ["run", "name"]


@pytest.fixture
def con():
    with duckdb.connect() as connection:
        yield connection


def doubles(con, sql, monkeypatch):
    asked = []
    plain = answering.grouping_statement
    monkeypatch.setattr(answering, "grouping_statement", lambda *a, **k: asked.append("grouped") or plain(*a, **k))
    con.execute(f"CREATE OR REPLACE TABLE t AS SELECT run::BIGINT AS run, name FROM ({sql}) AS v(run, name)")
    rows = StoredRows(connection=con, table="t", key=("rowid",), is_sorted=True)
    try:
        Numbered.validate(rows, lazy=True)
    except SchemaErrors as errors:
        return sorted(errors.failure_cases["key.rowid"].to_list()), asked
    return [], asked


def test_equal_keys_are_found_among_neighbours(con, monkeypatch):
    sql = "VALUES (1, 'a'), (1, 'a'), (1, 'b'), (2, 'a'), (2, 'b'), (2, 'b'), (2, 'b')"

    assert doubles(con, sql, monkeypatch) == ([0, 1, 4, 5, 6], [])


@pytest.mark.parametrize(
    "sql",
    [
        "VALUES (1, 'a'), (2, 'a'), (1, 'a')",
        "VALUES (1, 'b'), (1, 'a'), (1, 'b')",
        "VALUES (1, 'a'), (1, NULL), (1, 'b'), (1, 'a')",
    ],
)
def test_a_table_out_of_order_is_grouped_after_all(con, monkeypatch, sql):
    found, asked = doubles(con, sql, monkeypatch)

    assert asked == ["grouped"]
    assert found == [0, len(sql.split("),")) - 1]


def test_a_single_row_out_of_order_far_down_is_seen(con, monkeypatch):
    sql = "SELECT range, 'x' FROM range(300000) UNION ALL SELECT 7, 'x'"

    assert doubles(con, sql, monkeypatch) == ([7, 300000], ["grouped"])


def test_an_answer_too_long_to_hold_is_grouped_after_all(con, monkeypatch):
    monkeypatch.setattr(answering, "_MOST_ROWS", 3)

    assert doubles(con, "VALUES (1, 'a'), (1, 'a'), (1, 'b'), (1, 'b')", monkeypatch) == ([0, 1, 2, 3], ["grouped"])


def test_an_eager_validation_raises_the_first_error_alone(con):
    con.execute("CREATE TABLE t AS SELECT NULL::BIGINT AS run, 'a' AS name")

    with pytest.raises(SchemaError, match="fail 'not_nullable'"):
        Numbered.validate(StoredRows(connection=con, table="t", key=("rowid",)))


def test_missing_and_mistyped_columns_are_told_and_hide_no_other_fault(con):
    class Wide(Table):
        run: pl.Int64
        name: pl.String = pa.Field(isin=["a"])
        value: pl.Float64

    con.execute("CREATE TABLE t AS SELECT 'x' AS run, 'b' AS name")

    with pytest.raises(SchemaErrors) as told:
        Wide.validate(StoredRows(connection=con, table="t", key=("rowid",)), lazy=True)

    checks = told.value.failure_cases.select("check", "failure_case").rows()
    assert checks == [("column_in_dataframe", "value"), ("dtype('Int64')", "VARCHAR"), ("isin(['a'])", "b")]


def test_a_part_of_a_table_is_not_judged(con):
    con.execute("CREATE TABLE t AS SELECT 1::BIGINT AS run, 'a' AS name")

    with pytest.raises(SchemaDefinitionError, match="judged whole"):
        Numbered.validate(StoredRows(connection=con, table="t", key=("rowid",)), head=5)


def test_a_reference_with_two_rows_of_one_key_is_refused(con):
    class Child(Table):
        run: pl.Int64

        class Config(Table.Config):
            stands_in = {"table": "parents", "column": "run"}

    con.execute("CREATE TABLE t AS SELECT 1::BIGINT AS run")
    rows = StoredRows(connection=con, table="t", key=("rowid",), references={"parents": pl.DataFrame({"run": [1, 1]})})

    with pytest.raises(SchemaDefinitionError, match="two rows"):
        Child.validate(rows, lazy=True)


def test_names_and_values_that_look_like_sql_stay_names_and_values(con):
    class Odd(Table):
        name: pl.String = pa.Field(alias='x"; DROP TABLE t; --', isin=["a'); DROP TABLE t; --"])

    con.execute("""CREATE TABLE "odd""; t" ("x""; DROP TABLE t; --" VARCHAR)""")
    con.execute("""INSERT INTO "odd""; t" VALUES ('a''); DROP TABLE t; --'), ('b')""")
    rows = StoredRows(connection=con, table='odd"; t', key=("rowid",), only={'x"; DROP TABLE t; --': ["b", "it's"]})

    with pytest.raises(SchemaErrors) as told:
        Odd.validate(rows, lazy=True)

    assert told.value.failure_cases["key.rowid"].to_list() == [1]
