"""Results of one control lot, as targets count them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from checks.arithmetic.charts.control_target import ControlReading

if TYPE_CHECKING:
    import polars as pl

KEYS = ("material", "level", "lot", "analyte", "matrix")
"""Columns that name a lot of a control for one analyte."""
ExcludedControls = Mapping[tuple[int, int], str]
"""Why a control counts towards no target, by run id and position in the run."""


def control_readings(rows: pl.DataFrame, excluded: ExcludedControls) -> list[ControlReading]:
    """Return control results as readings of a lot.

    Parameters
    ----------
    rows : DataFrame
        ``value``, ``started_at``, ``run_id`` and ``position``; a row without a finite value is passed over.
    excluded : mapping of (int, int) to str
        Why a result counts towards no target.

    Returns
    -------
    list of ControlReading
        In the order of the rows.
    """
    import polars as pl

    finite = rows.filter(pl.col("value").is_finite()).select("value", "started_at", "run_id", "position").iter_rows()
    return [ControlReading(value, at.date(), excluded.get((run, position), "")) for value, at, run, position in finite]
