"""Controls: what control materials should read, one row a level, lot and analyte."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.table import LARGEST, NOT_BLANK, Table

TARGET_SOURCES = ("fixed", "manufacturer", "establishment", "rolling", "pooled", "guide_set", "")
"""Where target and SD of a lot come from."""


class ControlColumns(Table):
    """What a level of a control material should read."""

    material: pl.String = column(
        "Control material.", synonyms=header_words.MATERIAL, presence="cell", str_matches=NOT_BLANK
    )
    level: pl.String = column("Level.", synonyms=header_words.LEVEL, presence="cell", str_matches=NOT_BLANK)
    lot: pl.String = column("Lot; empty if the material has none.", synonyms=header_words.LOT)
    analyte: pl.String = column(
        "Analyte id, or as written.", synonyms=header_words.ANALYTE, presence="cell", str_matches=NOT_BLANK
    )
    matrix: pl.String = column(
        "Matrix id.", synonyms=header_words.MATRIX, is_lower_case=True, presence="said", str_matches=NOT_BLANK
    )
    unit: pl.String = column(
        "Unit of target and SD, as written.", synonyms=header_words.UNIT, presence="said", str_matches=NOT_BLANK
    )
    target: pl.Float64 = column(
        "Fixed mean of the lot, in `unit`; empty while it is being established.",
        synonyms=("mean", "assigned_value", "target_value", "zielwert", "sollwert"),
        also="target_from",
        presence="column",
        nullable=True,
        ge=-LARGEST,
        le=LARGEST,
    )
    sd: pl.Float64 = column(
        "Fixed SD of the lot, in `unit`; empty while it is being established.",
        synonyms=("standard_deviation", "target_sd", "standardabweichung"),
        presence="column",
        nullable=True,
        gt=0,
        le=LARGEST,
    )
    target_from: pl.String = column(
        "Where target and SD come from; empty means `fixed` if there is a target, else `establishment`.",
        synonyms=("target_source", "mean_from"),
        words={source: source for source in TARGET_SOURCES},
        isin=list(TARGET_SOURCES),
    )
    active_from: pl.Datetime = column(
        "First moment of the lot's use; empty if it is not said.",
        synonyms=("in_use_from", "opened_on", "opened"),
        nullable=True,
    )
    expires_on: pl.Datetime = column(
        "Last day of the lot's use; empty if it is not said.",
        synonyms=("expires", "expiry", "expiry_date", "expiration_date", "use_by"),
        nullable=True,
    )
    follows: pl.String = column(
        "Lot that it takes over from, whose CV it carries until it has its own; empty if there is none.",
        synonyms=("predecessor", "replaces", "previous_lot"),
    )
    guide_runs: pl.String = column(
        "Runs whose results set the target of a `guide_set`, separated by semicolons.",
        synonyms=("guide_set_runs", "guide_set"),
    )


class Controls(ControlColumns):
    """The control sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["material", "level", "lot", "analyte", "matrix"]  # noqa: RUF012 - pandera reads the list
