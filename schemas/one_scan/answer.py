"""Ask the statement of a model where the rows lie, and read the answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import polars as pl
import pyarrow as pa

from schemas.one_scan.registered import Join, refuse_doubled
from schemas.one_scan.statement import DISORDER, Question, grouping_statement, neighbour_statement
from schemas.one_scan.stored_rows import StoredRows

_DIALECT = "duckdb"
_HASH = "hash"
_MOST_ROWS = 1_000_000
"""Rows of an answer by neighbours, so that a table out of order fills no memory before it is grouped."""


def answer(rows: StoredRows, question: Question) -> pl.DataFrame:
    """Return the rows that fail, each with a flag for every rule.

    Parameters
    ----------
    rows : StoredRows
        Rows to judge.
    question : Question
        What to ask of them.

    Returns
    -------
    DataFrame
        Columns of the question under ``column_alias``, and its flags; empty if nothing fails.
    """
    with ExitStack() as stack:
        for join in question.joins:
            stack.enter_context(_named(rows, join))
        found = _by_neighbours(rows, question) if rows.is_sorted and len(question.unique) == 1 else None
        if found is not None:
            return found
        statement = grouping_statement(question, hash_function=_HASH)
        return _frame(rows.connection.sql(statement.sql(_DIALECT, copy=False)).to_arrow_table())


@contextmanager
def _named(rows: StoredRows, join: Join) -> Iterator[None]:
    if join.table not in rows.references:
        yield
        return
    table = rows.references[join.table]
    refuse_doubled(table.select(join.on), join)
    rows.connection.register(join.table, table.to_arrow())
    try:
        yield
    finally:
        rows.connection.unregister(join.table)


def _by_neighbours(rows: StoredRows, question: Question) -> pl.DataFrame | None:
    statement = neighbour_statement(question, most_rows=_MOST_ROWS)
    found = _frame(rows.connection.sql(statement.sql(_DIALECT, copy=False)).to_arrow_table())
    holds = found.height <= _MOST_ROWS and not found[DISORDER].any()
    return found if holds else None


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"Expected a table, got {type(frame).__name__}.")
    return frame
