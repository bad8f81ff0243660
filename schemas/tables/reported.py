"""Reported: results as an instrument or a laboratory reported them, one row a result."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.table import LARGEST, NOT_BLANK, Table


class ReportedColumns(Table):
    """One reported result, as written."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""
    role: pl.String = pa.Field(isin=["sample", "control"])
    """Whose result it is."""
    sample: pl.String
    """Sample; empty for a control."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte as written."""
    matrix: pl.String
    """Matrix as written; empty if the sample sheet says it."""
    text: pl.String
    """Value as written."""
    unit: pl.String
    """Unit as written."""
    dilution: pl.Float64 = pa.Field(gt=0, le=LARGEST)
    """Factor by which the sample was diluted, without unit; the reported value already carries it."""
    method: pl.String
    """Method; empty means that of the run."""
    replicate: pl.String
    """Replicate; empty for one."""
    material: pl.String
    """Control material; empty for a sample."""
    level: pl.String
    """Control level; empty for a sample."""
    lot: pl.String
    """Lot of the control; empty for a sample."""
    flag: pl.String
    """Mark of the instrument; empty for none."""
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


class Reported(ReportedColumns):
    """Results of a tidy table, as written."""

    run: pl.String
    """Run that the row belongs to; empty if the file is one run."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["line", "analyte"]  # noqa: RUF012 - pandera reads the list from the class
