"""Reported: results as an instrument or a laboratory reported them, one row a result."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.table import LARGEST, NOT_BLANK, Table


class Reported(Table):
    """Results of a tidy table, as written."""

    line: pl.Int64 = pa.Field(ge=1)
    """Line of the file."""
    run: pl.String
    """Run that the row belongs to; empty if the file is one run."""
    role: pl.String = pa.Field(isin=("sample", "control"))
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
        """Key of the table."""

        unique = ["line", "analyte"]  # noqa: RUF012 - pandera reads the list from the class

    @pa.dataframe_check(name="named", error="A sample needs a sample code, and a control a material.")
    def _is_named(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805 - pandera makes it a class method
        is_sample = pl.col("role") == "sample"
        named = pl.when(is_sample).then(pl.col("sample")).otherwise(pl.col("material"))
        return data.lazyframe.select(named.str.contains(NOT_BLANK))
