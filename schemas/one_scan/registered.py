"""Registered checks on whole rows: one body for polars, one for SQL, and a name with statistics for YAML.

What a check compares a row with (catalogue, parent table) is a reference table, handed in for the time of one
validation and joined once, however many checks ask for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any  # statistics of checks are of every type

import polars as pl
from pandera.api.checks import Check
from pandera.api.extensions import register_check_method
from pandera.api.polars.types import PolarsData
from sqlglot import exp

from schemas.errors import SchemaDefinitionError

_REFERENCES: ContextVar[Mapping[str, pl.DataFrame]] = ContextVar("references", default={})  # noqa: B039 - never changed
_JOINED = "joined"


@dataclass(frozen=True, slots=True)
class Join:
    """A reference table that rows are joined to; it has at most one row for each key."""

    table: str
    """Name of the reference table."""
    on: tuple[str, ...]
    """Columns of the rows and, by the same names, of the reference."""


@dataclass(frozen=True, slots=True)
class RowForm:
    """SQL form of a check on whole rows."""

    fails: exp.Expr
    """True for a row that fails; columns of the reference are written by :func:`joined`."""
    reads: tuple[str, ...]
    """Columns of the row that it reads."""
    join: Join | None = None
    """Reference that it needs."""


ROW_FORMS: dict[str, Callable[..., RowForm]] = {}
"""Function from the statistics of a registered check to its SQL form, by the name of the check."""


def row_check(
    statistics: Sequence[str], sql: Callable[..., RowForm]
) -> Callable[[Callable[..., pl.LazyFrame]], Callable[..., pl.LazyFrame]]:
    """Register a check on whole rows with pandera and with the compiler.

    Parameters
    ----------
    statistics : sequence of str
        Keyword arguments of the check; they go into YAML with its name.
    sql : callable
        From the statistics to the SQL form.

    Returns
    -------
    callable
        Decorator of the polars body, which answers True, False or, where there is nothing to judge, null.
    """

    def register(body: Callable[..., pl.LazyFrame]) -> Callable[..., pl.LazyFrame]:  # numpydoc ignore=GL08
        if body.__name__ not in Check.REGISTERED_CUSTOM_CHECKS:
            register_check_method(body, statistics=list(statistics))
        ROW_FORMS[body.__name__] = sql
        return body

    return register


def row(name: str) -> exp.Column:
    """Return a column of the rows that are judged.

    Parameters
    ----------
    name : str
        Column.

    Returns
    -------
    Column
        Quoted, whatever its name.
    """
    return exp.column(name, table="r", quoted=True)


def joined(name: str) -> exp.Column:
    """Return a column of the reference of a check.

    Parameters
    ----------
    name : str
        Column.

    Returns
    -------
    Column
        Quoted; the compiler puts the alias of the join in place.
    """
    return exp.column(name, table=_JOINED, quoted=True)


def with_alias(fails: exp.Expr, alias: str) -> exp.Expr:
    """Put the alias of a join into an expression.

    Parameters
    ----------
    fails : Expression
        Expression with columns of a reference.
    alias : str
        Alias of the join.

    Returns
    -------
    Expression
        New expression.
    """

    def renamed(node: exp.Expr) -> exp.Expr:  # numpydoc ignore=GL08
        is_joined = isinstance(node, exp.Column) and node.table == _JOINED
        return exp.column(node.this.copy(), table=alias) if is_joined else node

    return fails.transform(renamed)


@contextmanager
def references_in_force(references: Mapping[str, pl.DataFrame]) -> Iterator[None]:
    """Let checks on frames see reference tables while the body runs.

    Parameters
    ----------
    references : mapping of str to DataFrame
        Reference tables by name.

    Yields
    ------
    None
        While they are in force.
    """
    token = _REFERENCES.set(references)
    try:
        yield
    finally:
        _REFERENCES.reset(token)


def join_reference(data: PolarsData, join: Join) -> pl.LazyFrame:
    """Join the rows of a frame to a reference table.

    Parameters
    ----------
    data : PolarsData
        What pandera hands to a check.
    join : Join
        Reference and key; a null in the key finds nothing.

    Returns
    -------
    LazyFrame
        The rows in their order, with each column of the reference as ``reference.<name>``.

    Raises
    ------
    SchemaDefinitionError
        If the reference was not handed in, or has two rows of one key.
    """
    frame = reference(join.table).select(pl.all().name.prefix("reference."))
    keys = [f"reference.{name}" for name in join.on]
    refuse_doubled(frame.select(keys), join)
    return data.lazyframe.join(
        frame.lazy(), left_on=list(join.on), right_on=keys, how="left", maintain_order="left", coalesce=False
    )


def reference(name: str) -> pl.DataFrame:
    """Return a reference table that is in force.

    Parameters
    ----------
    name : str
        Name of the reference.

    Returns
    -------
    DataFrame
        Its rows.

    Raises
    ------
    SchemaDefinitionError
        If it was not handed in.
    """
    if name not in _REFERENCES.get():
        raise SchemaDefinitionError(f"Reference table '{name}' was not handed in.")
    return _REFERENCES.get()[name]


def refuse_doubled(keys: pl.DataFrame, join: Join) -> None:
    """Refuse a reference that would multiply the rows it is joined to.

    Parameters
    ----------
    keys : DataFrame
        Key columns of the reference.
    join : Join
        What they are for.

    Raises
    ------
    SchemaDefinitionError
        If a key stands twice.
    """
    if keys.is_duplicated().any():
        raise SchemaDefinitionError(f"Reference table '{join.table}' has two rows of one {', '.join(join.on)}.")


def said(check: Check) -> Mapping[str, Any]:
    """Return the statistics of a check.

    Parameters
    ----------
    check : Check
        Check of pandera.

    Returns
    -------
    mapping
        Value by name; those that were not stated are left out.
    """
    stated = (check.statistics or {}).items()
    return {name: value for name, value in stated if name != "options" and value is not None}
