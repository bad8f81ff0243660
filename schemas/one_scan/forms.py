"""The SQL form of each built-in check of pandera: an expression that is true for a value that fails.

NULL is the answer for a value that is absent, as in pandera, which then asks ``ignore_na``. Nothing here divides or
casts a column, so no engine can raise on a row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import Any  # statistics of checks are of every type

from sqlglot import exp

from schemas.errors import SchemaDefinitionError
from schemas.one_scan.pattern import portable_pattern

Form = Callable[[exp.Expr, Mapping[str, Any]], exp.Expr]
"""From a column and the statistics of a check to the expression of a failure."""


def literal(value: object) -> exp.Expr:
    """Return a value as an SQL expression.

    Parameters
    ----------
    value : bool, int, float, str, date or datetime
        Value of a check; a time without a zone.

    Returns
    -------
    Expression
        Literal, with its type where SQL would take another one.

    Raises
    ------
    SchemaDefinitionError
        If the value has no SQL form.
    """
    if isinstance(value, bool):
        return exp.Boolean(this=value)
    if isinstance(value, int):
        return exp.Literal.number(value)
    if isinstance(value, float):
        words = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
        text = words.get(repr(value))
        return exp.cast(exp.Literal.number(repr(value)) if text is None else exp.Literal.string(text), "double")
    if isinstance(value, str) and "\x00" not in value:
        return exp.Literal.string(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return exp.cast(exp.Literal.string(value.isoformat(sep=" ")), exp.DataType.Type.TIMESTAMPNTZ)
    if isinstance(value, date) and not isinstance(value, datetime):
        return exp.cast(exp.Literal.string(value.isoformat()), "date")
    raise SchemaDefinitionError(f"Value '{value}' of type {type(value).__name__} has no SQL form.")


def either(expressions: Collection[exp.Expr]) -> exp.Expr:
    """Join expressions by OR, as a balanced tree.

    Parameters
    ----------
    expressions : collection of Expression
        At least none.

    Returns
    -------
    Expression
        FALSE if there are none.
    """
    parts = [exp.paren(part, copy=False) for part in expressions]
    return exp.or_(*parts, copy=False) if parts else exp.false()


def _compared(operator: type[exp.Binary], name: str) -> Form:
    return lambda column, statistics: operator(this=column, expression=literal(statistics[name]))


def _in_range(column: exp.Expr, statistics: Mapping[str, Any]) -> exp.Expr:
    below = exp.LT if statistics.get("include_min", True) else exp.LTE
    above = exp.GT if statistics.get("include_max", True) else exp.GTE
    low, high = literal(statistics["min_value"]), literal(statistics["max_value"])
    return either([below(this=column, expression=low), above(this=column.copy(), expression=high)])


def _among(column: exp.Expr, values: Collection[object]) -> exp.Expr:
    if isinstance(values, str) or not values or any(value is None for value in values):
        raise SchemaDefinitionError(
            f"The values '{values}' of a check must be a list of at least one value, none empty."
        )
    return exp.In(this=column, expressions=[literal(value) for value in values])


def _not_among(column: exp.Expr, statistics: Mapping[str, Any]) -> exp.Expr:
    return exp.not_(_among(column, statistics["allowed_values"]), copy=False)


def _forbidden(column: exp.Expr, statistics: Mapping[str, Any]) -> exp.Expr:
    return _among(column, statistics["forbidden_values"])


def _searched(column: exp.Expr, pattern: str | re.Pattern[str], *, at_start: bool) -> exp.Expr:
    text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    text = portable_pattern(f"^{text}" if at_start and not text.startswith("^") else text)
    return exp.not_(exp.RegexpLike(this=column, expression=exp.Literal.string(text)), copy=False)


def _length(column: exp.Expr, statistics: Mapping[str, Any]) -> exp.Expr:
    length = exp.Length(this=column)
    bounds: list[exp.Expr] = []
    for name, operator in (("exact_value", exp.NEQ), ("min_value", exp.LT), ("max_value", exp.GT)):
        if statistics.get(name) is not None:
            bounds.append(operator(this=length.copy(), expression=literal(statistics[name])))
    return bounds[0] if statistics.get("exact_value") is not None else either(bounds)


COLUMN_FORMS: Mapping[str, Form] = {
    "equal_to": _compared(exp.NEQ, "value"),
    "not_equal_to": _compared(exp.EQ, "value"),
    "greater_than": _compared(exp.LTE, "min_value"),
    "greater_than_or_equal_to": _compared(exp.LT, "min_value"),
    "less_than": _compared(exp.GTE, "max_value"),
    "less_than_or_equal_to": _compared(exp.GT, "max_value"),
    "in_range": _in_range,
    "isin": _not_among,
    "notin": _forbidden,
    "str_matches": lambda column, said: _searched(column, said["pattern"], at_start=True),
    "str_contains": lambda column, said: _searched(column, said["pattern"], at_start=False),
    "str_startswith": lambda column, said: exp.not_(exp.StartsWith(this=column, expression=literal(said["string"]))),
    "str_endswith": lambda column, said: exp.not_(exp.EndsWith(this=column, expression=literal(said["string"]))),
    "str_length": _length,
}
"""SQL form of each built-in check that has one, by its name."""
