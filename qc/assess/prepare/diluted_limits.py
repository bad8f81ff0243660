"""How far a sample was diluted beyond what its method asks for: its limits rise by as much."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def fold_of_dilution() -> pl.Expr:
    """Return the factor, 1 or more, from the limits of the method to those of a sample.

    Returns
    -------
    Expr
        The limits of a method hold for the least dilution that it asks for: of a sample that was diluted further is
        only known that it lies below so many times the limit.
    """
    import polars as pl

    return pl.max_horizontal(pl.col("dilution") / pl.col("least_dilution").fill_null(1.0), pl.lit(1.0))
