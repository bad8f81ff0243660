from __future__ import annotations

from importlib import import_module

import pandera.polars as pa
import pytest
from sqlglot import exp, parse_one

from schemas.one_scan.rules import rules_of, unique_keys
from schemas.one_scan.statement import Question, grouping_statement, neighbour_statement
from schemas.tables.models import MODELS
from schemas.tables.stored.models import STORED

IN_MEMORY = {"judged_results": "JudgedResults", "control_results": "ControlResults"}


def all_models():
    yield from ((f"incoming {name}", model()) for name, model in MODELS.items())
    yield from ((f"stored {name}", table.model()) for name, table in STORED.items())
    yield from ((name, getattr(import_module(f"schemas.tables.{name}"), cls)) for name, cls in IN_MEMORY.items())


def rules_in_words(schema):
    # A tuple of allowed values comes back from YAML as a list.
    brackets = str.maketrans("()", "[]")
    return [(r.column, r.name.translate(brackets), r.number, r.reads, r.join) for r in rules_of(schema)]


CONTRACTS = [pytest.param(model.to_schema(), id=name) for name, model in all_models()]


def question(schema):
    return Question(table="t", key=("k",), only={}, rules=rules_of(schema), unique=unique_keys(schema))


@pytest.mark.parametrize("schema", CONTRACTS)
def test_a_model_comes_back_from_yaml_as_it_was(schema):
    text = schema.to_yaml()

    again = pa.DataFrameSchema.from_yaml(text)

    assert again.to_yaml() == text
    assert rules_in_words(again) == rules_in_words(schema)
    assert grouping_statement(question(again)).sql("duckdb") == grouping_statement(question(schema)).sql("duckdb")


def test_registered_checks_keep_name_statistics_and_words_in_yaml():
    text = STORED["results"].model().to_schema().to_yaml()

    checks = {check.registry_name: check for check in pa.DataFrameSchema.from_yaml(text).checks}

    assert set(checks) == {
        "stands_in",
        "number_within",
        "kind_in_catalogue",
        "unit_as_catalogued",
        "value_in_catalogue_range",
    }
    said = checks["value_in_catalogue_range"]
    assert said.statistics["catalogue"] == "catalogue_kinds"
    assert said.statistics["values"] == ["auto_approved"]
    assert said.error == "The result is approved, and no method makes it possible."


@pytest.mark.parametrize("schema", CONTRACTS)
@pytest.mark.parametrize("dialect", ["duckdb", "spark"])
def test_each_model_is_one_statement_that_its_dialect_parses(schema, dialect):
    statement = grouping_statement(question(schema))

    text = statement.sql(dialect)

    assert isinstance(parse_one(text, read=dialect), exp.Query)
    assert ";" not in text


@pytest.mark.parametrize("schema", CONTRACTS)
def test_no_statement_divides_or_casts_a_column_so_no_engine_raises_on_a_row(schema):
    statements = [grouping_statement(question(schema), hash_function="hash")]
    statements += [neighbour_statement(question(schema), most_rows=1)] if len(unique_keys(schema)) == 1 else []

    for statement in statements:
        assert not list(statement.find_all(exp.Div, exp.IntDiv, exp.Mod, exp.Ln, exp.Log))
        assert all(isinstance(cast.this, exp.Literal | exp.Neg) for cast in statement.find_all(exp.Cast))


@pytest.mark.parametrize("schema", CONTRACTS)
def test_every_reference_is_joined_once(schema):
    rules = rules_of(schema)
    joins = [join for join in grouping_statement(question(schema)).find_all(exp.Join) if join.side == "LEFT"]

    assert len(joins) == len({rule.join for rule in rules if rule.join})
