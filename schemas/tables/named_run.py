"""The run that a row of a file with several runs belongs to."""

from __future__ import annotations

import polars as pl

from schemas.tables.column import column
from schemas.tables.table import Table


class NamedRun(Table):
    """What tells the runs of one file apart."""

    run: pl.String = column(
        "Run that the row belongs to; empty if the file is one run.",
        synonyms=("run_id", "run_name", "batch", "batch_id"),
    )
