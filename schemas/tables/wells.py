"""Wells: what a plate reader saw, one row a well."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.table import LARGEST, NOT_BLANK, ROLES, Table


class WellColumns(Table):
    """What a plate reader saw in one well."""

    plate: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Name of the plate."""
    well: pl.String = pa.Field(str_matches=r"^[A-Z]{1,2}[1-9][0-9]?$")
    """Row letter and column number: ``A1``."""
    line: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Line of the file; null if it has none."""
    role: pl.String = pa.Field(isin=list(ROLES))
    """What the well holds."""
    name: pl.String
    """Name of calibrator, control or sample; empty for blanks and empty wells."""
    analyte: pl.String
    """Analyte id, or as written."""
    curve: pl.String
    """Wells of one plate with the same text are fitted together; empty by default."""
    conc: pl.Float64 = pa.Field(nullable=True, ge=0, le=LARGEST)
    """Nominal concentration in the unit of the run; null if there is none."""
    dilution: pl.Float64 = pa.Field(gt=0, le=LARGEST)
    """Factor that the concentration is multiplied by, without unit; 1 for none."""
    signal: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Signal as read; null if the reader gave no number."""
    signal_text: pl.String
    """Signal as written."""
    flag: pl.String
    """``masked``, ``overflow`` or another mark of the reader; empty for none."""
    material: pl.String
    """Control material; empty for other wells."""
    level: pl.String
    """Control level; empty for other wells."""
    lot: pl.String
    """Lot of the control; empty for other wells."""


class Wells(WellColumns):
    """Wells of the plates of one run."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["plate", "well", "analyte", "curve"]  # noqa: RUF012 - pandera reads the list from the class
