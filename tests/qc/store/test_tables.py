from __future__ import annotations

import ast
import re
from pathlib import Path

import duckdb
import pytest

from qc.store.migration import shipped_migrations
from qc.store.tables import NUMBERED_TABLES, RENEWED_TABLES, TABLES, VIEWS

QC = Path(__file__).parents[3] / "qc"
OF_THE_ENGINE = {"information_schema", "pragma_table_info", "duckdb_tables", "duckdb_columns", "duckdb_views"}
LEDGER = {"entries", "decided", "decided_up_to", "sqlite_master"}
NAMED = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?([a-z_]+)\b\"?(?!\s*[(.])")
MADE_HERE = re.compile(
    r"\b([a-z_]+)\s+AS\s+(?:MATERIALIZED\s+)?\(|\bWITH\s+(?:RECURSIVE\s+)?([a-z_]+)\s*\("
    r"|\bTABLE\s+(?:IF NOT EXISTS\s+)?\"?([a-z_]+)"
)


@pytest.fixture(scope="module")
def facts():
    with duckdb.connect() as con:
        for migration in shipped_migrations():
            con.execute(migration.sql)
        yield con


def names(facts, kind):
    rows = facts.execute(f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE NOT internal").fetchall()
    return {row[0] for row in rows}


def test_tables_and_views_are_those_of_the_migrations(facts):
    assert names(facts, "table") | {"schema_migrations"} == TABLES
    assert names(facts, "view") == VIEWS


def test_kinds_of_tables_name_tables(facts):
    assert {*RENEWED_TABLES, *NUMBERED_TABLES} <= TABLES


BEGUN = {"covered"}
"""Parts of a query that another file begins it with: ``qc.triage.waiting_rows.covered_results``."""


def texts_of(path):
    """Return the string constants of a file, the parts of an f-string joined."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_every_table_that_a_query_names_is_there():
    strange = []
    for path in sorted(QC.rglob("*.py")):
        texts = list(texts_of(path))
        whole = "\n".join(texts)
        made = {name for found in MADE_HERE.findall(whole) for name in found if name}
        registered = set(re.findall(r"\.register\(\"([a-z_]+)\"", path.read_text(encoding="utf-8")))
        known = {*TABLES, *VIEWS, *OF_THE_ENGINE, *LEDGER, *BEGUN, *made, *registered}
        for text in texts:
            strange += [f"{path.relative_to(QC)}: {name}" for name in NAMED.findall(text) if name not in known]

    assert not strange, f"These queries name no table or view of qc/store/tables.py: {sorted(set(strange))}"
