"""The registered checks on whole rows that table models use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl
from pandera.api.polars.types import PolarsData
from sqlglot import exp

from schemas.one_scan.forms import either, literal
from schemas.one_scan.pattern import NOT_BLANK, portable_pattern
from schemas.one_scan.registered import Join, RowForm, join_reference, joined, row, row_check


def _only(fails: exp.Expr, only: str | None, values: Sequence[str] | None) -> exp.Expr:
    if not only:
        return fails
    is_meant = exp.In(this=row(only), expressions=[literal(value) for value in values or ()])
    return exp.and_(exp.paren(fails), is_meant)


def _where(passes: pl.Expr, only: str | None, values: Sequence[str] | None) -> pl.Expr:
    return passes if not only else pl.when(pl.col(only).is_in(list(values or ()))).then(passes)


_CATALOGUE = ("catalogue", "only", "values")
_KIND = ("analyte", "matrix")


def _catalogue_form(reads: Sequence[str], fails: Callable[[], exp.Expr]) -> Callable[..., RowForm]:
    def form(*, catalogue: str, only: str | None = None, values: Sequence[str] | None = None) -> RowForm:
        columns = (*reads, *_KIND, *([only] if only else []))
        return RowForm(_only(fails(), only, values), columns, Join(catalogue, _KIND))

    return form


def _joined_to(data: PolarsData, catalogue: str) -> pl.LazyFrame:
    return join_reference(data, Join(catalogue, _KIND))


@row_check(
    _CATALOGUE,
    _catalogue_form(
        ["value"],
        lambda: either(
            [
                exp.LT(this=row("value"), expression=joined("low")),
                exp.GT(this=row("value"), expression=joined("high")),
            ]
        ),
    ),
)
def value_in_catalogue_range(
    data: PolarsData, *, catalogue: str, only: str | None = None, values: Sequence[str] | None = None
) -> pl.LazyFrame:
    """Tell which values lie in the range that the catalogue states for their kind.

    Parameters
    ----------
    data : PolarsData
        Rows with ``value`` and the key.
    catalogue : str
        Reference table with the key, ``low`` and ``high``, in the unit of ``value``; null is no limit.
    only : str, optional
        Column that says which rows are meant; None for all.
    values : sequence of str, optional
        What it must say.

    Returns
    -------
    LazyFrame
        True or false; null for a value that is absent, and where the catalogue states nothing. A limit is inside.
    """
    passes = (pl.col("value") >= pl.col("reference.low")) & (pl.col("value") <= pl.col("reference.high"))
    return _joined_to(data, catalogue).select(_where(passes, only, values).alias("passes"))


@row_check(_CATALOGUE, _catalogue_form(["unit"], lambda: exp.NEQ(this=row("unit"), expression=joined("unit"))))
def unit_as_catalogued(
    data: PolarsData, *, catalogue: str, only: str | None = None, values: Sequence[str] | None = None
) -> pl.LazyFrame:
    """Tell which rows carry the unit that the catalogue states for their kind.

    Parameters
    ----------
    data : PolarsData
        Rows with ``unit`` and the key.
    catalogue : str
        Reference table with the key and ``unit``.
    only : str, optional
        Column that says which rows are meant; None for all.
    values : sequence of str, optional
        What it must say.

    Returns
    -------
    LazyFrame
        True or false; null where the catalogue states nothing.
    """
    passes = pl.col("unit") == pl.col("reference.unit")
    return _joined_to(data, catalogue).select(_where(passes, only, values).alias("passes"))


@row_check(_CATALOGUE, _catalogue_form([], lambda: exp.Is(this=joined("unit"), expression=exp.null())))
def kind_in_catalogue(
    data: PolarsData, *, catalogue: str, only: str | None = None, values: Sequence[str] | None = None
) -> pl.LazyFrame:
    """Tell which rows are of a kind that the catalogue knows.

    Parameters
    ----------
    data : PolarsData
        Rows with the key.
    catalogue : str
        Reference table with the key and ``unit``, which is never null.
    only : str, optional
        Column that says which rows are meant; None for all.
    values : sequence of str, optional
        What it must say.

    Returns
    -------
    LazyFrame
        True or false; null only for rows that are not meant.
    """
    passes = pl.col("reference.unit").is_not_null()
    return _joined_to(data, catalogue).select(_where(passes, only, values).alias("passes"))


def _stands_in(*, table: str, column: str) -> RowForm:
    missing = exp.Is(this=joined(column), expression=exp.null())
    is_there = exp.not_(exp.Is(this=row(column), expression=exp.null()))
    return RowForm(exp.and_(missing, is_there), (column,), Join(table, (column,)))


@row_check(["table", "column"], _stands_in)
def stands_in(data: PolarsData, *, table: str, column: str) -> pl.LazyFrame:
    """Tell which rows name a row that the parent table has.

    Parameters
    ----------
    data : PolarsData
        Rows with the column.
    table : str
        Reference table with the same column, each value once.
    column : str
        Column.

    Returns
    -------
    LazyFrame
        True or false; null where the column is null.
    """
    found = pl.col(f"reference.{column}").is_not_null()
    passes = pl.when(pl.col(column).is_not_null()).then(found)
    return join_reference(data, Join(table, (column,))).select(passes.alias("passes"))


def _not_before(*, later: str, earlier: str) -> RowForm:
    return RowForm(exp.LT(this=row(later), expression=row(earlier)), (later, earlier))


@row_check(["later", "earlier"], _not_before)
def not_before(data: PolarsData, *, later: str, earlier: str) -> pl.LazyFrame:
    """Tell where one time does not come before another.

    Parameters
    ----------
    data : PolarsData
        Rows with both columns.
    later, earlier : str
        Columns; the same time is allowed.

    Returns
    -------
    LazyFrame
        True or false; null where one of them is null.
    """
    return data.lazyframe.select((pl.col(later) >= pl.col(earlier)).alias("passes"))


def _named_by(*, role: str, value: str, column: str, otherwise: str) -> RowForm:
    is_value = exp.EQ(this=row(role), expression=literal(value))
    name = exp.case().when(is_value, row(column)).else_(row(otherwise))
    has_text = exp.RegexpLike(this=name, expression=exp.Literal.string(portable_pattern(NOT_BLANK)))
    return RowForm(exp.not_(has_text), (role, column, otherwise))


@row_check(["role", "value", "column", "otherwise"], _named_by)
def named_by(data: PolarsData, *, role: str, value: str, column: str, otherwise: str) -> pl.LazyFrame:
    """Tell which rows have a name in the column that their role asks for.

    Parameters
    ----------
    data : PolarsData
        Rows with all three columns.
    role, value : str
        Column of the role, and the role whose name stands in ``column``.
    column, otherwise : str
        Column of the name for that role, and for every other one; blanks are no name.

    Returns
    -------
    LazyFrame
        True or false; null where the name is null.
    """
    name = pl.when(pl.col(role) == value).then(pl.col(column)).otherwise(pl.col(otherwise))
    return data.lazyframe.select(name.str.contains(NOT_BLANK).alias("passes"))


def _number_within(*, column: str, bits: int, of: str) -> RowForm:
    shifted = exp.BitwiseRightShift(this=row(column), expression=literal(bits))
    return RowForm(exp.NEQ(this=exp.paren(shifted), expression=row(of)), (column, of))


@row_check(["column", "bits", "of"], _number_within)
def number_within(data: PolarsData, *, column: str, bits: int, of: str) -> pl.LazyFrame:
    """Tell where a number carries another one in its upper bits.

    Parameters
    ----------
    data : PolarsData
        Rows with both columns.
    column : str
        Number that carries.
    bits : int
        Bits below.
    of : str
        Number that it must carry.

    Returns
    -------
    LazyFrame
        True or false; null where one of them is null.
    """
    return data.lazyframe.select((pl.col(column).floordiv(1 << bits) == pl.col(of)).alias("passes"))
