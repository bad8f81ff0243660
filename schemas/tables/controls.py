"""Controls: what control materials should read, one row a level, lot and analyte."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.table import LARGEST, NOT_BLANK, Table

TARGET_SOURCES = ("fixed", "manufacturer", "establishment", "rolling", "")
"""Where target and SD of a lot come from."""


class ControlColumns(Table):
    """What a level of a control material should read."""

    material: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Control material."""
    level: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Level."""
    lot: pl.String
    """Lot; empty if the material has none."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte id, or as written."""
    matrix: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Matrix id."""
    unit: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Unit of target and SD, as written."""
    target: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Fixed mean of the lot; null while it is being established."""
    sd: pl.Float64 = pa.Field(nullable=True, gt=0, le=LARGEST)
    """Fixed SD of the lot, above 0; null while it is being established."""
    target_from: pl.String = pa.Field(isin=list(TARGET_SOURCES))
    """Where target and SD come from; empty means ``fixed`` if there is a target, else ``establishment``."""
    active_from: pl.Datetime = pa.Field(nullable=True)
    """First moment of the lot's use; null if it is not said."""
    expires_on: pl.Datetime = pa.Field(nullable=True)
    """Last day of the lot's use; null if it is not said."""
    follows: pl.String
    """Lot that it takes over from, whose CV it carries until it has its own; empty if there is none."""


class Controls(ControlColumns):
    """The control sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["material", "level", "lot", "analyte", "matrix"]  # noqa: RUF012 - pandera reads the list
