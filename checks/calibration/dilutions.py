"""Samples that were measured at several dilutions on one plate."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from checks.result_rows import ResultRow

_SAME_SAMPLE = ("plate", "sample", "analyte", "matrix")


def diluted_samples(results: pl.DataFrame, *, n_dilutions: int) -> Iterator[pl.DataFrame]:
    """Yield the results of each sample that a plate carries at several dilutions.

    Parameters
    ----------
    results : DataFrame
        Results of a run (model JudgedResults).
    n_dilutions : int
        Fewest dilutions.

    Yields
    ------
    DataFrame
        All its results by rising dilution, those without a number in range included.
    """
    import polars as pl

    # To look for a series in each sample costs a hundred times as much, and most plates have one dilution.
    if results["dilution"].n_unique() < n_dilutions:
        return
    is_series = pl.col("dilution").n_unique().over(_SAME_SAMPLE) >= n_dilutions
    series = results.filter(pl.col("plate") != "").filter(is_series)
    for _, own in series.group_by(_SAME_SAMPLE, maintain_order=True) if series.height else ():
        yield own.sort("dilution", maintain_order=True)


def in_range(results: pl.DataFrame) -> pl.DataFrame:
    """Return the results that have a number within the range of their curve.

    Parameters
    ----------
    results : DataFrame
        Results (model JudgedResults).

    Returns
    -------
    DataFrame
        Those without a censor mark, in their order.
    """
    import polars as pl

    has_number = pl.col("value").is_finite().fill_null(False)
    return results.filter(has_number & (pl.col("value") > 0) & (pl.col("censor").fill_null("") == ""))


def speaker(series: pl.DataFrame, evidence: Collection[int]) -> ResultRow:
    """Return the one result of a series that what is said of all of them stands at.

    Parameters
    ----------
    series : DataFrame
        Results of one sample, one at least.
    evidence : collection of int
        Ordinals of results that are kept as evidence and do not count.

    Returns
    -------
    mapping
        The first that counts, else the first.
    """
    rows = list(series.iter_rows(named=True))
    return next((row for row in rows if row["ordinal"] not in evidence), rows[0])
