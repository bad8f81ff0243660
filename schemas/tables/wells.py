"""Wells: what a plate reader saw, one row a well."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.column import column
from schemas.tables.named_run import NamedRun
from schemas.tables.table import LARGEST, NOT_BLANK, ROLES, Table


class WellColumns(Table):
    """What a plate reader saw in one well, and what the plate map says of it."""

    plate: pl.String = column(
        "Name of the plate; empty means that of the export.",
        synonyms=("plate_id", "plate_name"),
        str_matches=NOT_BLANK,
    )
    well: pl.String = column(
        "Row letter and column number: `A1`; or `row` and `col` say it.",
        synonyms=("well_id", "wells", "position", "well_position", "well_positions"),
        presence="cell",
        str_matches=r"^[A-Z]{1,2}[1-9][0-9]?$",
    )
    line: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Line of the file; null if it has none."""
    role: pl.String = column(
        "What the well holds: `calibrator`, `control`, `sample`, `blank` or `empty`.",
        synonyms=("stype", "type", "sample_type", "well_type"),
        presence="cell",
        isin=list(ROLES),
    )
    name: pl.String = column(
        "Name of calibrator, control or sample; empty for blanks and empty wells.",
        synonyms=("detail", "sample", "sample_id", "sample_name"),
    )
    analyte: pl.String = column("Analyte id, or as written; empty means that of the run.", synonyms=("test", "assay"))
    curve: pl.String = column(
        "Wells of one plate with the same text are fitted together; empty by default.", synonyms=("standard_curve",)
    )
    conc: pl.Float64 = column(
        "Nominal concentration of a calibrator in the unit of the run; empty for all others.",
        synonyms=("nominal", "concentration", "nominal_conc"),
        nullable=True,
        ge=0,
        le=LARGEST,
    )
    dilution: pl.Float64 = column(
        "Factor that the concentration is multiplied by, without unit; empty means 1.",
        synonyms=("dilution_factor", "df"),
        gt=0,
        le=LARGEST,
    )
    signal: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Signal as read; null if the reader gave no number."""
    signal_text: pl.String
    """Signal as written."""
    flag: pl.String
    """``masked``, ``overflow`` or another mark of the reader; empty for none."""
    n_beads: pl.Int64 = pa.Field(nullable=True, ge=0)
    """Beads that the instrument counted; null where it counts none."""
    n_beads_asked: pl.Int64 = pa.Field(nullable=True, ge=0)
    """Beads that the file asks for; null where it asks for none."""
    remark: pl.String
    """What the instrument says of the well, in its own words; empty for nothing. The signal counts all the same."""
    material: pl.String = column(
        "Control material; empty for other wells.", synonyms=("control_material", "qc_material")
    )
    level: pl.String = column("Control level; empty for other wells.", synonyms=("control_level", "qc_level"))
    lot: pl.String = column("Lot of the control; empty for other wells.", synonyms=("lot_no", "lot_number"))


class Wells(WellColumns):
    """Wells of the plates of one run."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["plate", "well", "analyte", "curve"]  # noqa: RUF012 - pandera reads the list from the class


class WellsOfRuns(Wells, NamedRun):
    """Wells as a reader hands them over, with the run that each is of."""


class PlateMap(WellColumns):
    """The plate map: which of its words mean which column of the wells."""

    row: pl.String = column("Row letter, where there is no column `well`.", synonyms=("well_row",))
    col: pl.String = column(
        "Column number, where there is no column `well`.", synonyms=("column", "well_col", "well_column")
    )
