"""Events: what happened to a method or an instrument, one row an event."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.event import EVENTS
from schemas.tables.table import NOT_BLANK, Table


class EventColumns(Table):
    """What is known of an event."""

    happened_at: pl.Datetime
    """When it happened, local time of the laboratory."""
    event: pl.String = pa.Field(isin=list(EVENTS))
    """What happened."""
    analyte: pl.String
    """Analyte id, or as written; empty for every analyte."""
    instrument: pl.String
    """Instrument as run sheets name it; empty for every instrument."""
    lot: pl.String
    """New lot, where the event is one; else empty."""
    note: pl.String
    """Free text."""
    recorded_by: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Who recorded it."""


class Events(EventColumns):
    """The event sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["happened_at", "event", "analyte", "instrument"]  # noqa: RUF012 - pandera reads the list
