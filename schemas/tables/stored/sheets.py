"""Stored sheets: every version of what was said of subjects, samples and controls."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.bridgings import BridgingColumns
from schemas.tables.controls import ControlColumns
from schemas.tables.events import EventColumns
from schemas.tables.samples import SampleColumns
from schemas.tables.stored.runs import OF_A_SOURCE
from schemas.tables.subjects import SubjectColumns
from schemas.tables.table import Table


class StoredSubjects(SubjectColumns):
    """Table ``subjects``."""

    version: pl.Int64 = pa.Field(ge=1)
    """Version of the subject's row."""
    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that said so."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["study", "subject", "version"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_SOURCE


class StoredSamples(SampleColumns):
    """Table ``samples``."""

    version: pl.Int64 = pa.Field(ge=1)
    """Version of the sample's row."""
    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that said so."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["study", "sample", "version"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_SOURCE


class StoredControls(ControlColumns):
    """Table ``controls``."""

    version: pl.Int64 = pa.Field(ge=1)
    """Version of the target."""
    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that said so."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["material", "level", "lot", "analyte", "matrix", "version"]  # noqa: RUF012 - pandera reads the list
        stands_in = OF_A_SOURCE


class StoredEvents(EventColumns):
    """Table ``events``."""

    version: pl.Int64 = pa.Field(ge=1)
    """Version of the event's row."""
    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that said so."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["happened_at", "event", "analyte", "instrument", "version"]  # noqa: RUF012 - pandera reads the list
        stands_in = OF_A_SOURCE


class StoredBridgings(BridgingColumns):
    """Table ``bridgings``."""

    version: pl.Int64 = pa.Field(ge=1)
    """Version of the record."""
    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that said so."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["kind", "bridged_from", "bridged_to", "analyte", "matrix", "version"]  # noqa: RUF012 - as above
        stands_in = OF_A_SOURCE
