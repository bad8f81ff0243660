"""Reported: results as an instrument or a laboratory reported them, one row a result."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables import header_words
from schemas.tables.column import column
from schemas.tables.named_run import NamedRun
from schemas.tables.table import LARGEST, NOT_BLANK, Table


class ReportedColumns(Table):
    """One reported result, as written."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""
    role: pl.String = column(
        "Whose result it is: `sample` or `control`; empty means a sample, or a control if there is only a material.",
        synonyms=("type", "stype"),
        isin=["sample", "control"],
    )
    sample: pl.String = column("Sample; empty for a control.", synonyms=header_words.SAMPLE)
    analyte: pl.String = column(
        "Analyte as written; the run sheet says it where there is no such column.",
        synonyms=header_words.ANALYTE,
        str_matches=NOT_BLANK,
    )
    matrix: pl.String = column(
        "Matrix as written; empty if the sample sheet says it.", synonyms=header_words.MATRIX, is_lower_case=True
    )
    text: pl.String = column(
        "Value as written.",
        title="value",
        synonyms=(
            "result",
            "results",
            "concentration",
            "conc",
            "result_value",
            "calc_concentration",
            "calculated_concentration",
            "calc_conc",
            "observed_concentration",
            "obs_conc",
            "reported_value",
            "measured_value",
            "final_result",
            "wert",
            "messwert",
            "ergebnis",
            "resultat",
            "konzentration",
            "résultat",
            "resultado",
            "risultato",
            "resultaat",
            "valeur",
            "valor",
            "valore",
            "waarde",
            "konz",
            "final_concentration",
            "reported_result",
        ),
        presence="column",
    )
    unit: pl.String = column("Unit as written; empty means that of the run.", synonyms=header_words.UNIT)
    dilution: pl.Float64 = column(
        "Factor by which the sample was diluted, without unit; the reported value already carries it.",
        synonyms=("dilution_factor", "df", "verdünnung", "verdünnungsfaktor"),
        gt=0,
        le=LARGEST,
    )
    method: pl.String = column("Method; empty means that of the run.", synonyms=("method_id", "methode"))
    replicate: pl.String = column("Replicate; empty for one.", synonyms=("rep", "replicate_no", "wiederholung"))
    material: pl.String = column("Control material; empty for a sample.", synonyms=header_words.MATERIAL)
    level: pl.String = column("Control level; empty for a sample.", synonyms=header_words.LEVEL)
    lot: pl.String = column("Lot of the control; empty for a sample.", synonyms=header_words.LOT)
    lloq: pl.Float64 = column(
        "Lower limit of quantification of this result, in its unit; empty means that of its method.",
        synonyms=(
            "loq",
            "limit_of_quantification",
            "lower_limit_of_quantification",
            "lower_limit",
            "bestimmungsgrenze",
        ),
        nullable=True,
        ge=0,
        le=LARGEST,
    )
    lod: pl.Float64 = column(
        "Limit of detection of this result, in its unit; empty if it is not said.",
        synonyms=("detection_limit", "limit_of_detection", "lld", "mdl", "nachweisgrenze"),
        nullable=True,
        ge=0,
        le=LARGEST,
    )
    uloq: pl.Float64 = column(
        "Upper limit of quantification of this result, in its unit; empty means that of its method.",
        synonyms=("upper_limit_of_quantification", "upper_limit"),
        nullable=True,
        ge=0,
        le=LARGEST,
    )
    flag: pl.String = column(
        "Mark of the instrument; empty for none. What status, verification and note say against a result is added.",
        synonyms=("flags", "instrument_flag", "alarm", "alarms", "data_alarm", "warning", "warnings", "result_flag"),
    )
    status: pl.String = column("Status of the result as written; empty for none.", synonyms=("result_status",))
    verified: pl.String = column(
        "Whether somebody has verified the result, as written; empty where nobody says.",
        synonyms=("verify", "verification", "is_verified", "validated", "validation"),
    )
    note: pl.String = column("What was remarked of the result; free text.", synonyms=header_words.NOTE)
    reagent_lot: pl.String = column(
        "Lot of the reagent; empty means that of the run.", synonyms=("reagent_lot_no", "reagent_lot_number", "kit_lot")
    )
    decimal_comma: pl.Boolean
    """Whether the file writes ``1,38`` for 1.38."""

    class Config(Table.Config):
        """Rules on whole rows."""

        named_by = {  # noqa: RUF012 - pandera reads it from the class
            "role": "role",
            "value": "sample",
            "column": "sample",
            "otherwise": "material",
            "error": "A sample needs a sample code, and a control a material.",
        }


class Reported(ReportedColumns, NamedRun):
    """Results of a tidy table, as written."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["line", "analyte"]  # noqa: RUF012 - pandera reads the list from the class
