"""The columns of what links a run to others: results of the same subjects, and plates with the same signals."""

from __future__ import annotations

import polars as pl

TEXTS = (
    "run",
    "sample",
    "subject",
    "visit",
    "analyte",
    "matrix",
    "unit",
    "censor",
    "method",
    "platform",
    "reagent_lot",
    "calibrator_lot",
    "plate",
)
"""Text columns of linked results."""
NUMBERS = ("value", "censor_limit")
"""Number columns of linked results."""
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    "started_at": pl.Datetime("us"),
}
"""Columns of ``RunInput.linked``; ``started_at`` is when the other run began."""


def no_neighbours() -> pl.DataFrame:
    """Return linked results of a run that has none.

    Returns
    -------
    DataFrame
        No row, every column.
    """
    return pl.DataFrame(schema=SCHEMA)


def no_copied_plates() -> pl.DataFrame:
    """Return the copied plates of a run that shares no signals with another one.

    Returns
    -------
    DataFrame
        No row; columns ``plate``, ``n_equal`` and ``n_compared``.
    """
    return pl.DataFrame(schema={"plate": pl.String, "n_equal": pl.Int64, "n_compared": pl.Int64})
