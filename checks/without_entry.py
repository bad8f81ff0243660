"""Results that the catalogue has no entry for: nothing but their cause is told of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


def is_without_entry() -> pl.Expr:
    """Return where the catalogue has no entry for the analyte of a result in its matrix.

    Returns
    -------
    Expr
        True where it says the same of the unit as of the method: that there is none to judge by.
    """
    import polars as pl

    says_so = (pl.col("unit_sentence") != "") & (pl.col("unit_sentence") == pl.col("applicable_sentence"))
    return ((pl.col("unit_state") == "unknown") & says_so).fill_null(value=False)
