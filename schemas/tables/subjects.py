"""Subjects: who gave the samples, one row a subject."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.table import NOT_BLANK, SEXES, Table

_SEX_WORDS = {
    **dict.fromkeys(("female", "f", "w", "weiblich", "woman", "frau"), "female"),
    **dict.fromkeys(("male", "m", "männlich", "man", "mann"), "male"),
    **dict.fromkeys(("", "na", "n/a", "unknown", "unbekannt"), ""),
}


class SubjectColumns(Table):
    """What is known of a subject."""

    study: pl.String = column("Study; empty means the default of qc.toml.", synonyms=header_words.STUDY)
    subject: pl.String = column("Subject code.", synonyms=header_words.SUBJECT, presence="cell", str_matches=NOT_BLANK)
    sex: pl.String = column(
        "Sex; empty if unknown.",
        synonyms=("gender", "geschlecht", "sexe", "sexo"),
        presence="column",
        words=_SEX_WORDS,
        isin=list(SEXES),
    )
    birth_year: pl.Int64 = column(
        "Year of birth; empty if unknown.",
        synonyms=("year_of_birth", "yob", "geburtsjahr", "jahrgang"),
        nullable=True,
        ge=1900,
        le=2100,
    )


class Subjects(SubjectColumns):
    """The subject sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["study", "subject"]  # noqa: RUF012 - pandera reads the list from the class
