"""Where a result lies against a low and a high limit; a bound (``<0.5``) is judged by what it proves."""

from __future__ import annotations

import polars as pl

from checks.result_rows import ResultRow, plain


def is_below(low: str) -> pl.Expr:
    """Return an expression that is true where a result certainly lies below a limit.

    Parameters
    ----------
    low : str
        Column of the limit, in the unit of ``value``; null is no limit.

    Returns
    -------
    Expr
        True, or false; ``<x`` lies below only if x does not reach the limit.
    """
    bound = (pl.col("censor") == "<") & (pl.col("censor_limit") <= pl.col(low))
    return ((_is_plain() & (pl.col("value") < pl.col(low))) | bound).fill_null(False)


def is_above(high: str) -> pl.Expr:
    """Return an expression that is true where a result certainly lies above a limit.

    Parameters
    ----------
    high : str
        Column of the limit, in the unit of ``value``; null is no limit.

    Returns
    -------
    Expr
        True, or false; ``>x`` lies above only if x reaches the limit.
    """
    bound = (pl.col("censor") == ">") & (pl.col("censor_limit") >= pl.col(high))
    return ((_is_plain() & (pl.col("value") > pl.col(high))) | bound).fill_null(False)


def is_outside(low: str, high: str) -> pl.Expr:
    """Return an expression that is true where a result certainly lies outside a range.

    Parameters
    ----------
    low, high : str
        Columns of the two limits.

    Returns
    -------
    Expr
        True, or false.
    """
    return is_below(low) | is_above(high)


def contradicts_itself(low: str, high: str) -> pl.Expr:
    """Return an expression that is true where the low limit is not below the high one.

    Parameters
    ----------
    low, high : str
        Columns of the two limits.

    Returns
    -------
    Expr
        True, or false; a limit that is missing contradicts nothing.
    """
    return (pl.col(low) >= pl.col(high)).fill_null(False)


def observed_of(row: ResultRow) -> tuple[float, str]:
    """Return the number that was judged, which is the bound of a censored result, and its unit.

    Parameters
    ----------
    row : mapping
        One row of JudgedResults.

    Returns
    -------
    tuple of (float, str)
        Number and unit.
    """
    number = row["censor_limit"] if row["censor"] else row["value"]
    return float(number), str(row["unit"])


def observed_text(row: ResultRow) -> str:
    """Return the result as a person writes it: ``>1000 pg/mL``.

    Parameters
    ----------
    row : mapping
        One row of JudgedResults.

    Returns
    -------
    str
        Bound sign, number and unit.
    """
    number, unit = observed_of(row)
    return f"{row['censor']}{plain(number)} {unit}"


def _is_plain() -> pl.Expr:
    return pl.col("value").is_finite() & (pl.col("censor").fill_null("") == "")
