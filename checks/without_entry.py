"""Results that cannot be judged yet (no entry in the catalogue, no sample, no unit): only the cause is told of them."""

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


def is_without_unit() -> pl.Expr:
    """Return where the unit of a result is not known, missing or of another dimension.

    Returns
    -------
    Expr
        True there.
    """
    import polars as pl

    return pl.col("unit_state").is_in(["unknown", "missing", "wrong_dimension"]).fill_null(value=False)


def is_without_basis() -> pl.Expr:
    """Return where nothing of a result can be judged: no entry, no sample that a sheet knows, or no unit that is known.

    Returns
    -------
    Expr
        True there. What nobody looked at (null, or an empty state) is judged, and told by the rules themselves.
    """
    import polars as pl

    no_sample = pl.col("sample_known").not_().fill_null(value=False)
    return is_without_entry() | no_sample | is_without_unit()
