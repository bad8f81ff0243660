"""Which columns of a run have equal numbers at all: where there are too few of them no heap is looked for."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from checks.arithmetic.counts.heaps import SHIPPED, HeapLimits

COLUMN = ("analyte", "matrix", "unit_text")
"""What names the results that are looked at together."""


def columns_with_equal(
    rows: pl.DataFrame, numbers: str, parts: Iterable[str | None] = (None,), limits: HeapLimits = SHIPPED
) -> set[tuple[object, ...]]:
    """Return the columns in which so many numbers are equal that they may be a heap.

    Parameters
    ----------
    rows : DataFrame
        Results with ``analyte``, ``matrix`` and ``unit_text``.
    numbers : str
        Column that holds their numbers, finite.
    parts : iterable of (str or None)
        Columns by which each is looked at in parts; None looks at all of it.
    limits : HeapLimits
        From when on equal values are a heap.

    Returns
    -------
    set of tuple
        Analyte, matrix and unit. A column that is not among them has no heap at either end, in none of its parts.

    Notes
    -----
    All columns are counted in one pass: looking for heaps in each of them costs a hundred times as much.
    """
    found: set[tuple[object, ...]] = set()
    # A number that so many share leaves that many fewer different ones: most runs end here.
    if rows.height - rows[numbers].n_unique() < limits.min_equal - 1:
        return found
    for part in parts:
        by = COLUMN if part is None else (*COLUMN, part)
        counts = (
            rows.group_by(*by, numbers).len("n").group_by(by).agg(pl.col("n").max().alias("most"), pl.col("n").sum())
        )
        is_enough = pl.col("most") >= pl.max_horizontal(pl.lit(limits.min_equal), limits.min_fraction * pl.col("n"))
        may_be = counts.filter(is_enough & (pl.col("n") >= limits.min_values))
        found.update(may_be.select(COLUMN).iter_rows())
    return found
