"""Stored runs: where they came from, what they are, and what was read in them."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.file_remark import RemarkKind
from schemas.file_seal import SealState
from schemas.tables.reported import ReportedColumns
from schemas.tables.table import NOT_BLANK, Table
from schemas.tables.wells import WellColumns

SHA256 = "^[0-9a-f]{64}$"
"""Pattern of a hash."""
OF_A_SOURCE = {"table": "sources", "column": "source_id", "error": "Its source is not among the sources."}
"""Parent of what came with a file."""
OF_A_RUN = {"table": "runs", "column": "run_id", "error": "Its run is not among the runs."}
"""Parent of what belongs to a run."""


class StoredSources(Table):
    """Table ``sources``."""

    source_id: pl.Int64 = pa.Field(ge=1, unique=True)
    """Number of the source."""
    sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of the file."""
    delivery_sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of the delivery that the file was a part of."""
    part: pl.String = pa.Field(isin=["main", "plate_map", "run_sheet", "mapping", "words"])
    """What the file was in its delivery."""
    file_name: pl.String = pa.Field(str_length={"min_value": 1})
    """Name of the file."""
    n_bytes: pl.Int64 = pa.Field(ge=0)
    """Size of the file."""
    kind: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What came in: results, plate, samples, subjects, controls."""
    reader: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Reader that read it."""
    reader_version: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Version of the reader."""
    software: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Program and version."""
    ingested_at: pl.Datetime
    """When it came in, UTC."""
    n_rows: pl.Int64 = pa.Field(ge=0)
    """Rows that were written."""
    delivered_by: pl.String = pa.Field(nullable=True)
    """Who handed it in: an account, or the operating-system user if the lab keeps none; null or empty in old rows."""
    applies: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Delivery whose accepted correction it takes into force; null for a delivery of its own."""


class StoredCorrections(Table):
    """Table ``corrections``."""

    source_id: pl.Int64 = pa.Field(ge=1)
    """Delivery that would change the row."""
    ordinal: pl.Int64 = pa.Field(ge=1)
    """Number of the row in its delivery."""
    table_name: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Table of the row."""
    study: pl.String
    """Study of the row; empty where a row belongs to none."""
    key: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What names the row, as canonical JSON."""
    line: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Line of the file; null where the row has none."""
    before: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Row in force when it came in, as canonical JSON."""
    after: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Row that was delivered, as canonical JSON."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["source_id", "ordinal"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = {"table": "sources", "column": "source_id", "error": "Its source is not among the sources."}  # noqa: RUF012


class StoredFileSeals(Table):
    """Table ``file_seals``."""

    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that carries the seal."""
    kind: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What it is: ASTM checksums, CRC-32, number of messages."""
    state: pl.String = pa.Field(isin=[state.value for state in SealState])
    """Whether it held when the file came in."""
    sentence: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What was compared."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["source_id", "kind"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_SOURCE


class StoredFileRemarks(Table):
    """Table ``file_remarks``."""

    source_id: pl.Int64 = pa.Field(ge=1)
    """Source that it is about."""
    kind: pl.String = pa.Field(isin=[kind.value for kind in RemarkKind])
    """What it is about."""
    place: pl.String
    """Place in the file; empty for all of it."""
    sentence: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What is said."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["source_id", "kind", "place", "sentence"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_SOURCE


class StoredFileAccounts(Table):
    """Table ``file_accounts``."""

    source_id: pl.Int64 = pa.Field(ge=1, unique=True)
    """Source whose cells are counted; one that came in before accounts were kept has none."""
    n_cells: pl.Int64 = pa.Field(ge=1)
    """Cells that are not blank."""
    n_used: pl.Int64 = pa.Field(ge=0)
    """Cells that became part of what was read."""
    n_flagged: pl.Int64 = pa.Field(ge=0)
    """Cells that were read and say something against a result."""
    n_left: pl.Int64 = pa.Field(ge=0)
    """Cells that were left aside."""

    class Config(Table.Config):
        """Parent of the table."""

        stands_in = OF_A_SOURCE


class StoredCellsAside(Table):
    """Table ``cells_aside``."""

    source_id: pl.Int64 = pa.Field(ge=1)
    """Source whose cells they are."""
    ordinal: pl.Int64 = pa.Field(ge=1)
    """Order in the account of the source."""
    state: pl.String = pa.Field(isin=["flagged", "left aside"])
    """Whether they were read."""
    place: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Lines, column or sheet."""
    n_cells: pl.Int64 = pa.Field(ge=1)
    """Cells that are not blank."""
    why: pl.String = pa.Field(str_matches=NOT_BLANK)
    """What they say, or why they were left aside."""
    text: pl.String
    """How the first of them begins; empty where the place says it."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["source_id", "ordinal"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_SOURCE


class StoredRuns(Table):
    """Table ``runs``."""

    run_id: pl.Int64 = pa.Field(ge=1, unique=True)
    """Number of the run."""
    run: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Name of the run."""
    version: pl.Int64 = pa.Field(ge=1)
    """Version of the run."""
    supersedes: pl.Int64 = pa.Field(nullable=True, ge=1)
    """Run that this version corrects; null for the first."""
    study: pl.String
    """Study."""
    matrix: pl.String
    """Matrix; empty if each row says it."""
    analyte: pl.String
    """Analyte; empty if each row says it."""
    unit: pl.String
    """Unit; empty if each row says it."""
    method: pl.String
    """Method; empty if unknown."""
    platform: pl.String
    """Platform; empty if unknown."""
    instrument: pl.String
    """Instrument; empty if unknown."""
    operator: pl.String
    """Operator; empty if unknown."""
    reagent_lot: pl.String
    """Lot of the reagent; empty if unknown."""
    calibrator_lot: pl.String
    """Lot of the calibrators; empty if unknown."""
    reagent_expires_on: pl.Datetime = pa.Field(nullable=True)
    """Last day on which its reagents may be used; null if unknown."""
    started_at: pl.Datetime = pa.Field(nullable=True)
    """When it began, local time; null if unknown."""
    model: pl.String
    """Curve model; empty for the default."""
    weight: pl.String
    """Weights of the curve; empty for the default."""
    profile: pl.String
    """Acceptance profile; empty for the default."""
    reference_signal: pl.String
    """Wavelength that is subtracted; empty for none."""
    source_id: pl.Int64 = pa.Field(ge=1)
    """Source it came from."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["run", "version"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_SOURCE


class StoredWells(WellColumns):
    """Table ``wells``."""

    run_id: pl.Int64 = pa.Field(ge=1)
    """Run of the well."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["run_id", "plate", "well", "analyte", "curve"]  # noqa: RUF012 - pandera reads the list
        stands_in = OF_A_RUN


class StoredReported(ReportedColumns):
    """Table ``reported``."""

    run_id: pl.Int64 = pa.Field(ge=1)
    """Run of the result."""

    class Config(Table.Config):
        """Key and parent of the table."""

        unique = ["run_id", "line", "analyte"]  # noqa: RUF012 - pandera reads the list from the class
        stands_in = OF_A_RUN


class StoredSeals(Table):
    """Table ``seals``."""

    seal_id: pl.Int64 = pa.Field(ge=1, unique=True)
    """Number of the seal."""
    table_name: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Table whose rows are sealed."""
    key_column: pl.String = pa.Field(isin=["source_id", "run_id", "assessment_id"])
    """Column that names the group of rows."""
    key: pl.Int64 = pa.Field(ge=1)
    """Value of that column."""
    columns: pl.String = pa.Field(str_startswith="[")
    """Hashed columns, canonical JSON."""
    n_rows: pl.Int64 = pa.Field(ge=0)
    """Rows of the group."""
    sha256: pl.String = pa.Field(str_matches=SHA256)
    """Hash of the rows."""
