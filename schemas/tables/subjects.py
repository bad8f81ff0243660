"""Subjects: who gave the samples, one row a subject."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.table import NOT_BLANK, SEXES, Table

# No single "h", which is a man in French and stands beside "m" for a woman in Spanish.
_FEMALE = "female f w weiblich woman frau femme féminin mujer femenino femmina vrouw"
_MALE = "male m männlich man mann homme masculin hombre masculino maschio"
_UNKNOWN = "na n/a unknown unbekannt inconnu desconocido onbekend"
_SEX_WORDS = {
    **dict.fromkeys(_FEMALE.split(), "female"),
    **dict.fromkeys(_MALE.split(), "male"),
    **dict.fromkeys(("", *_UNKNOWN.split()), ""),
}


class SubjectColumns(Table):
    """What is known of a subject."""

    study: pl.String = column("Study; empty means the default of qc.toml.", synonyms=header_words.STUDY)
    subject: pl.String = column("Subject code.", synonyms=header_words.SUBJECT, presence="cell", str_matches=NOT_BLANK)
    sex: pl.String = column(
        "Sex; empty if unknown.",
        synonyms=("gender", "geschlecht", "sexe", "sexo", "sesso", "geslacht", "m/w", "w/m", "m/f", "f/m", "m/w/d"),
        presence="column",
        words=_SEX_WORDS,
        isin=list(SEXES),
    )
    birth_year: pl.Int64 = column(
        "Year of birth; empty if unknown.",
        synonyms=(
            "year_of_birth",
            "yob",
            "geburtsjahr",
            "geb_jahr",
            "jahrgang",
            "année_de_naissance",
            "año_de_nacimiento",
            "anno_di_nascita",
            "geboortejaar",
        ),
        nullable=True,
        ge=1900,
        le=2100,
    )
    arm: pl.String = column(
        "Arm of the study, hidden from blinded reviewers; empty if there is one arm, or it is not known.",
        synonyms=(
            "group",
            "treatment",
            "treatment_arm",
            "study_arm",
            "gruppe",
            "behandlungsarm",
            "bras",
            "brazo",
            "braccio",
        ),
    )


class Subjects(SubjectColumns):
    """The subject sheet."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["study", "subject"]  # noqa: RUF012 - pandera reads the list from the class
