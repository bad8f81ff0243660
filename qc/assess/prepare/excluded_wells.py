"""Wells that a person has rejected: flagged before anything is calculated, so that no mean takes them in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qc.assess.prepare.stored_run import LoadedRun

FLAG = "rejected by a person"
"""What stands in the flag of a rejected well."""

ExcludedWells = Mapping[int, frozenset[tuple[int, str]]]
"""By run on which a well was ever decided: which plate of the run, from 1, and which well; empty if none is out now."""


def without_excluded(loaded: LoadedRun, excluded: ExcludedWells) -> LoadedRun:
    """Return a run with its rejected wells flagged.

    Parameters
    ----------
    excluded : mapping of int to frozenset
        What :func:`excluded_wells` returned.

    Returns
    -------
    LoadedRun
        The same run; signals, order and count of the wells are as they were.
    """
    import polars as pl

    wells_of_run = excluded.get(loaded.run_id)
    if not wells_of_run:
        return loaded
    plate = pl.col("plate").rank("dense").cast(pl.Int64)
    is_out = pl.any_horizontal((plate == number) & (pl.col("well") == well) for number, well in sorted(wells_of_run))
    return replace(
        loaded,
        wells=loaded.wells.with_columns(pl.when(is_out).then(pl.lit(FLAG)).otherwise("flag").alias("flag")),
        excluded=tuple(sorted(wells_of_run)),
    )
