"""Events: what happened to a method or an instrument, one row an event."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.event import EVENT_WORDS, EVENTS
from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.table import NOT_BLANK, Table


class EventColumns(Table):
    """What is known of an event."""

    happened_at: pl.Datetime = column(
        "When it happened, local time of the laboratory.",
        synonyms=("event_time", "event_date", "event_at"),
        presence="cell",
        lacking="an event needs its time",
    )
    event: pl.String = column(
        "What happened.",
        synonyms=("event_kind", "event_type"),
        presence="cell",
        words=EVENT_WORDS,
        isin=list(EVENTS),
    )
    analyte: pl.String = column("Analyte id, or as written; empty for every analyte.", synonyms=header_words.ANALYTE)
    instrument: pl.String = column(
        "Instrument as run sheets name it; empty for every instrument.", synonyms=header_words.INSTRUMENT
    )
    lot: pl.String = column("New lot, where the event is one; else empty.", synonyms=header_words.LOT)
    note: pl.String = column("Free text.", synonyms=header_words.NOTE, is_remark=True)
    recorded_by: pl.String = column(
        "Who recorded it.", synonyms=header_words.RECORDED_BY, is_remark=True, presence="cell", str_matches=NOT_BLANK
    )


class Events(EventColumns):
    """The event sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["happened_at", "event", "analyte", "instrument"]  # noqa: RUF012 - pandera reads the list
