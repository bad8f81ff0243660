"""Subjects: who gave the samples, one row a subject."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.table import NOT_BLANK, SEXES, Table


class SubjectColumns(Table):
    """What is known of a subject."""

    study: pl.String
    """Study; empty means the default of qc.toml."""
    subject: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Subject code."""
    sex: pl.String = pa.Field(isin=list(SEXES))
    """Sex; empty if unknown."""
    birth_year: pl.Int64 = pa.Field(nullable=True, ge=1900, le=2100)
    """Year of birth; null if unknown."""


class Subjects(SubjectColumns):
    """The subject sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["study", "subject"]  # noqa: RUF012 - pandera reads the list from the class
