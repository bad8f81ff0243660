"""Bridgings: which platforms, methods or calibrator lots were compared, one row a comparison."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.bridging import KINDS
from schemas.tables.table import NOT_BLANK, Table


class BridgingColumns(Table):
    """What is known of a bridging."""

    kind: pl.String = pa.Field(isin=list(KINDS))
    """What was compared."""
    bridged_from: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Name of the one, as run sheets write it."""
    bridged_to: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Name of the other."""
    analyte: pl.String
    """Analyte id, or as written; empty for every analyte."""
    matrix: pl.String
    """Matrix id; empty for every matrix."""
    accepted: pl.Boolean
    """Whether the two may be used side by side."""
    document: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Where the comparison is written down."""
    recorded_by: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Who recorded it."""


class Bridgings(BridgingColumns):
    """The bridging sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["kind", "bridged_from", "bridged_to", "analyte", "matrix"]  # noqa: RUF012 - pandera reads the list
