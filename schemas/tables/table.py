"""What every table model shares."""

from __future__ import annotations

import sys

import pandera.polars as pa

LARGEST = sys.float_info.max
"""Largest finite float: polars sorts NaN above it, so ``le=LARGEST`` refuses NaN and infinity."""
NOT_BLANK = r"\S"
"""Pattern of a text with at least one letter, digit or mark."""
ROLES = ("calibrator", "control", "sample", "blank", "empty")
"""What a well may hold."""
SEXES = ("female", "male", "")
"""Sex of a subject; empty if unknown."""
CENSORS = ("", "<", ">")
"""Side of a censored value."""


class Table(pa.DataFrameModel):
    """Base of the table models: types are never coerced, further columns are allowed, rows are never dropped."""

    class Config:
        """Settings of pandera; ``drop_invalid_rows`` stays off, because it lets bad rows pass in silence."""

        coerce = False
        strict = False
        drop_invalid_rows = False
