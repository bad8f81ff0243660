"""Samples: what patients gave, one row a sample."""

from __future__ import annotations

from datetime import datetime

import pandera.polars as pa
import polars as pl

from schemas.tables.table import LARGEST, NOT_BLANK, Table

EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - local time of the laboratory, as everywhere in the tables
"""No sample is older; 1970-01-01 is what software writes for an unknown time."""
LATEST = datetime(2100, 1, 1)  # noqa: DTZ001
"""No sample is younger."""


class SampleColumns(Table):
    """What is known of a sample."""

    study: pl.String
    """Study; empty means the default of qc.toml."""
    sample: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Sample code."""
    subject: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Subject code."""
    visit: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Visit, as text: ``0``, ``3``."""
    matrix: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Matrix id."""
    collected_at: pl.Datetime = pa.Field(nullable=True, ge=EARLIEST, le=LATEST)
    """When it was taken, local time; null if unknown."""
    frozen_at: pl.Datetime = pa.Field(nullable=True, ge=EARLIEST, le=LATEST)
    """When it was frozen, local time; null if unknown."""
    tube: pl.String
    """Tube; empty if unknown."""
    haemolysis_index: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Haemolysis index in the unit of its platform; null if not measured."""
    haemolysis_platform: pl.String
    """Platform of the haemolysis index; empty if there is none."""
    rbc_per_ul: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Red cells per uL of CSF; null if not counted."""
    freeze_thaw_cycles: pl.Int64 = pa.Field(nullable=True, ge=0, le=1000)
    """Freeze-thaw cycles; null if unknown."""

    class Config(Table.Config):
        """Rules on whole rows."""

        not_before = {  # noqa: RUF012 - pandera reads it from the class
            "later": "frozen_at",
            "earlier": "collected_at",
            "error": "A sample cannot be frozen before it is collected.",
        }


class Samples(SampleColumns):
    """The sample sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["study", "sample"]  # noqa: RUF012 - pandera reads the list from the class
