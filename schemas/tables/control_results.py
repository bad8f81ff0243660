"""Control results: what controls read, one row a reading, with z against the target of the lot."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from schemas.tables.table import LARGEST, NOT_BLANK, Table

Z_STATES = (
    "ok",
    "not_measured",
    "no_target",
    "bad_sd",
    "establishing",
    "expired",
    "not_active",
    "no_time",
)
"""Whether a reading has a z, and if not, why; ``no_time``: the lot expires, and the run has no time."""
TARGET_KINDS = ("", "fixed", "manufacturer", "established", "bridged", "rolling", "provisional", "pooled", "guide_set")
"""What a target and an SD rest on; empty where there is none."""


class ControlResults(Table):
    """Control results of a run, or of the runs before it."""

    run_id: pl.Int64
    """Key of the run."""
    run: pl.String
    """Name of the run."""
    started_at: pl.Datetime = pa.Field(nullable=True)
    """When the run began, local time; null if unknown."""
    position: pl.Int64 = pa.Field(ge=0)
    """Order of measurement within the run."""
    analyte: pl.String = pa.Field(str_matches=NOT_BLANK)
    """Analyte id."""
    matrix: pl.String
    """Matrix id."""
    material: pl.String
    """Control material."""
    level: pl.String
    """Control level."""
    lot: pl.String
    """Lot."""
    value: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Reading in ``unit``; null if not measured."""
    unit: pl.String
    """UCUM code."""
    target: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Mean of the lot in ``unit``; null if there is none."""
    sd: pl.Float64 = pa.Field(nullable=True)
    """SD of the lot in ``unit``; null if there is none."""
    z: pl.Float64 = pa.Field(nullable=True, ge=-LARGEST, le=LARGEST)
    """Distance from the target, in SD; null if ``z_state`` is not ``ok``."""
    z_state: pl.String = pa.Field(isin=list(Z_STATES))
    """Whether there is a z, and if not, why."""
    reagent_lot: pl.String
    """Reagent lot of the run; empty if it names none."""
    target_kind: pl.String = pa.Field(isin=list(TARGET_KINDS))
    """What target and SD rest on."""
    basis: pl.String
    """The same in words, with the numbers behind it: ``established from 20 results on 20 days``."""

    class Config(Table.Config):
        """Key of the table."""

        unique = ["run_id", "position"]  # noqa: RUF012 - pandera reads the list from the class
