"""Controls whose run states no matrix: that of the one line of the control sheet that fits them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.assess.prepare.stacked_frames import OF_RUN, stacked

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.prepare.stored_run import LoadedRun
    from schemas.catalogue import Catalogue

_KEYS = [OF_RUN, "material", "level", "lot", "analyte"]


def with_sheet_matrix(controls: pl.DataFrame, runs: Sequence[LoadedRun], catalogue: Catalogue) -> pl.DataFrame:
    """Return measured controls with the matrix of the control sheet where their run states none.

    Parameters
    ----------
    controls : DataFrame
        Measured rows of controls of all runs; an empty matrix is not stated.
    catalogue : Catalogue
        What the analytes of both are called.

    Returns
    -------
    DataFrame
        The rows in their order. A matrix is taken where material, level, lot and analyte fit lines of one matrix alone.
    """
    import polars as pl

    if not controls.height or not (controls["matrix"] == "").any():
        return controls
    sheet = stacked(run.controls for run in runs)
    names = {*controls["analyte"].to_list(), *sheet["analyte"].to_list()}
    ids = {name: catalogue.analyte_id(name) or name for name in names}
    known = pl.col("analyte").replace(ids)
    lines = sheet.select(OF_RUN, "material", "level", "lot", known, "matrix").unique()
    only = lines.group_by(_KEYS).agg(pl.col("matrix").first().alias("sheet_matrix"), pl.len().alias("n"))
    keyed = controls.with_columns(known.alias("as_written")).rename(
        {"analyte": "name_written", "as_written": "analyte"}
    )
    found = keyed.join(only.filter(pl.col("n") == 1), on=_KEYS, how="left", maintain_order="left")
    matrix = pl.when(pl.col("matrix") == "").then(pl.col("sheet_matrix").fill_null("")).otherwise(pl.col("matrix"))
    named = found.with_columns(matrix.alias("matrix"), pl.col("name_written").alias("analyte"))
    return named.select(controls.columns)
