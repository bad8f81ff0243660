"""What every table model shares."""

from __future__ import annotations

import sys
from typing import Any  # keyword arguments of a class statement

import pandera.polars as pa

from schemas.one_scan import row_checks as row_checks  # registers the checks that the models name
from schemas.one_scan.pattern import NOT_BLANK as NOT_BLANK
from schemas.one_scan.rules import rules_of

LARGEST = sys.float_info.max
"""Largest finite float: polars sorts NaN above it, so ``le=LARGEST`` refuses NaN and infinity."""
ROLES = ("calibrator", "control", "sample", "blank", "empty")
"""What a well may hold."""
SEXES = ("female", "male", "")
"""Sex of a subject; empty if unknown."""
CENSORS = ("", "<", ">")
"""Side of a censored value."""


class Table(pa.DataFrameModel):
    """Base of the table models: types are never coerced, further columns are allowed, rows are never dropped."""

    def __init_subclass__(cls, **kwargs: Any) -> None:  # Any: see above
        """Refuse a model with a check that could not run where the rows lie.

        Raises
        ------
        SchemaDefinitionError
            If a check or a setting has no SQL form.
        """
        super().__init_subclass__(**kwargs)  # type: ignore[no-untyped-call] # pandera does not annotate it
        rules_of(cls.to_schema())

    class Config:
        """Settings of pandera; ``drop_invalid_rows`` stays off, because it lets bad rows pass in silence."""

        coerce = False
        strict = False
        drop_invalid_rows = False
