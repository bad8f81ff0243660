"""Samples: what patients gave, one row a sample."""

from __future__ import annotations

from datetime import datetime

import pandera.polars as pa
import polars as pl

from schemas.tables import header_words
from schemas.tables.check import columns
from schemas.tables.column import column, sheet_columns
from schemas.tables.table import LARGEST, NOT_BLANK, Table

EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - local time of the laboratory, as everywhere in the tables
"""No sample is older; 1970-01-01 is what software writes for an unknown time."""
LATEST = datetime(2100, 1, 1)  # noqa: DTZ001
"""No sample is younger."""


class SampleColumns(Table):
    """What is known of a sample.

    A column that is added here needs one thing more: a migration that adds it to the table ``samples``.
    """

    study: pl.String = column(
        "Study; empty means the default of qc.toml.", synonyms=header_words.STUDY, is_seen_by_rules=False
    )
    sample: pl.String = column(
        "Sample code.",
        synonyms=header_words.SAMPLE,
        presence="cell",
        is_seen_by_rules=False,  # the result names its sample itself
        str_matches=NOT_BLANK,
    )
    subject: pl.String = column("Subject code.", synonyms=header_words.SUBJECT, presence="cell", str_matches=NOT_BLANK)
    visit: pl.String = column(
        "Visit, as text: `0`, `3`.",
        also="month",
        synonyms=("month", "timepoint", "visit_month", "visit_no", "visite", "zeitpunkt", "monat", "visita", "bezoek"),
        presence="cell",
        str_matches=NOT_BLANK,
    )
    matrix: pl.String = column(
        "Matrix id.",
        synonyms=header_words.MATRIX,
        presence="cell",
        is_lower_case=True,
        is_seen_by_rules=False,  # rules see it as sample_matrix, beside the matrix that the result states
        str_matches=NOT_BLANK,
    )
    collected_at: pl.Datetime = column(
        "When it was taken, local time; empty if unknown.",
        synonyms=(
            "collected",
            "collection_time",
            "collection_date",
            "date_collected",
            "date_of_collection",
            "collected_on",
            "date_drawn",
            "draw_date",
            "drawn_at",
            "sampling_date",
            "entnahmedatum",
            "date de prélèvement",
            "prélevé_le",
            "heure de prélèvement",
            "entnahmezeit",
            "abnahmedatum",
            "abnahmezeit",
        ),
        is_seen_by_rules=False,  # rules see freezing_hours and stored_days
        nullable=True,
        ge=EARLIEST,
        le=LATEST,
    )
    frozen_at: pl.Datetime = column(
        "When it was frozen, local time; empty if unknown.",
        synonyms=("frozen", "freeze_time", "frozen_on", "date_frozen", "freezing_date", "eingefroren"),
        is_seen_by_rules=False,  # as above
        nullable=True,
        ge=EARLIEST,
        le=LATEST,
    )
    tube: pl.String = column("Tube; empty if unknown.", synonyms=("tube_type", "röhrchen"))
    haemolysis_index: pl.Float64 = column(
        "Haemolysis index in the unit of its platform; empty if not measured.",
        synonyms=("hemolysis_index", "h_index", "haemolysis", "hemolysis", "hämolyseindex", "hämolyse"),
        nullable=True,
        ge=0,
        le=LARGEST,
    )
    haemolysis_platform: pl.String = column(
        "Platform of the haemolysis index; empty if there is none.", synonyms=("hemolysis_platform", "index_platform")
    )
    rbc_per_ul: pl.Float64 = column(
        "Red cells per microlitre of CSF; empty if not counted.",
        synonyms=("rbc/ul", "rbc_ul", "rbc_per_microlitre", "rbc/µl"),
        unit="/uL",
        nullable=True,
        ge=0,
        le=LARGEST,
    )
    freeze_thaw_cycles: pl.Int64 = column(
        "Freeze-thaw cycles; empty if unknown.",
        synonyms=("freeze_thaw", "freeze_thaws", "thaw_cycles", "auftauzyklen"),
        nullable=True,
        ge=0,
        le=1000,
    )

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


def seen_by_rules() -> dict[str, pl.DataType]:
    """Return the columns of the sample sheet that rules see beside each result.

    Returns
    -------
    dict of str to DataType
        Type by column: all but those that rules see under another name, or worked out.
    """
    types = columns(SampleColumns)
    return {one.name: types[one.name] for one in sheet_columns(SampleColumns) if one.is_seen_by_rules}
