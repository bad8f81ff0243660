"""Bridgings: which platforms, methods or calibrator lots were compared, one row a comparison."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.bridging import KINDS
from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.table import NOT_BLANK, Table

_ANSWERS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


class BridgingColumns(Table):
    """What is known of a bridging."""

    kind: pl.String = column(
        "What was compared.",
        title="bridging",
        synonyms=("bridging_of", "bridged"),
        presence="cell",
        words={kind: kind for kind in KINDS},
        isin=list(KINDS),
    )
    bridged_from: pl.String = column(
        "Name of the one, as run sheets write it.",
        synonyms=("from_lot", "from_platform", "bridging_from"),
        presence="cell",
        str_matches=NOT_BLANK,
    )
    bridged_to: pl.String = column(
        "Name of the other.",
        synonyms=("to_lot", "to_platform", "bridging_to"),
        presence="cell",
        str_matches=NOT_BLANK,
    )
    analyte: pl.String = column("Analyte id, or as written; empty for every analyte.", synonyms=header_words.ANALYTE)
    matrix: pl.String = column("Matrix id; empty for every matrix.", synonyms=header_words.MATRIX, is_lower_case=True)
    accepted: pl.Boolean = column(
        "Whether the two may be used side by side.", synonyms=("is_accepted",), presence="cell", words=_ANSWERS
    )
    document: pl.String = column(
        "Where the comparison is written down.",
        synonyms=("document_no", "report", "bridging_report"),
        is_remark=True,
        presence="cell",
        str_matches=NOT_BLANK,
    )
    recorded_by: pl.String = column(
        "Who recorded it.", synonyms=header_words.RECORDED_BY, is_remark=True, presence="cell", str_matches=NOT_BLANK
    )


class Bridgings(BridgingColumns):
    """The bridging sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["kind", "bridged_from", "bridged_to", "analyte", "matrix"]  # noqa: RUF012 - pandera reads the list
