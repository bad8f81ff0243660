"""Where wells lie on a plate, and which of them hold the same thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from checks.arithmetic.charts.shuffled_trend import Floats, WithinGroups, trend_within_groups
from checks.run_input import RunInput

FORMATS = ((8, 12), (16, 24), (32, 48))
"""Rows and columns of plates of 96, 384 and 1536 wells."""
_LETTERS = 26
SAME = ("role", "name", "dilution", "conc", "curve", "material", "level", "lot")
"""Columns that replicate wells share."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Wells of one analyte on one plate that have a neighbour of the same kind."""

    plate: str
    """Plate."""
    analyte: str
    """Analyte."""
    n_rows: int
    """Rows of the plate."""
    n_columns: int
    """Columns of the plate."""
    row: Floats
    """Row of each well, from 0."""
    column: Floats
    """Column of each well, from 0."""
    log_signal: Floats
    """Natural logarithm of each signal."""
    group: np.ndarray
    """Group of each well: replicates share it."""

    @property
    def is_edge(self) -> Floats:
        """1 for a well in the outermost rows and columns, else 0."""
        rows = (self.row == 0) | (self.row == self.n_rows - 1)
        columns = (self.column == 0) | (self.column == self.n_columns - 1)
        edge: Floats = (rows | columns).astype(float)
        return edge

    def trend(self, place: Callable[[Layout], Floats], *, least: float = 0.0) -> WithinGroups | None:
        """Test whether a well's place moves its signal against its replicates.

        Parameters
        ----------
        place : callable
            Place of each well as a number.
        least : float
            Slope in log units below which no p is worked out, 0 or more.

        Returns
        -------
        WithinGroups or None
            Slope in log units; None if no replicates differ in their place.
        """
        return trend_within_groups(self.log_signal, place(self), self.group, least=least)


def layouts(run_input: RunInput) -> list[Layout]:
    """Return the layout of each plate and analyte.

    Parameters
    ----------
    run_input : RunInput
        ``wells`` is looked at. Flagged wells, blanks, empty wells and signals of 0 or less are left out.

    Returns
    -------
    list of Layout
        Every plate and analyte that has wells, even if no two of them are replicates.
    """
    return run_input.once("layouts", lambda: list(_layouts(run_input.wells)))


def _layouts(wells: pl.DataFrame) -> Iterator[Layout]:
    placed = wells.with_columns(
        pl.col("well").map_elements(_row_of, pl.Float64).alias("row"),
        pl.col("well").map_elements(_column_of, pl.Float64).alias("column"),
    )
    counts = pl.col("role").is_in(["sample", "control", "calibrator"]) & (pl.col("flag") == "") & (pl.col("signal") > 0)
    for (plate, analyte), own in placed.group_by("plate", "analyte", maintain_order=True):
        n_rows, n_columns = _format(own)
        used = own.filter(counts & pl.col("row").is_not_null())
        group = used.select(pl.struct(SAME).rank("dense").cast(pl.Int64)).to_series().to_numpy()
        numbers = {name: used[name].cast(pl.Float64).to_numpy() for name in ("row", "column", "signal")}
        signals = np.log(numbers["signal"])
        yield Layout(str(plate), str(analyte), n_rows, n_columns, numbers["row"], numbers["column"], signals, group)


def well_place(well: str) -> tuple[int, int] | None:
    """Return row and column of a well, both from 0.

    Parameters
    ----------
    well : str
        Name of the well: ``A1``, ``AF48``.

    Returns
    -------
    tuple of (int, int) or None
        None if it is no name of a well.

    Examples
    --------
    >>> well_place("B3"), well_place("AA1"), well_place("?")
    ((1, 2), (26, 0), None)
    """
    letters = well.rstrip("0123456789")
    digits = well[len(letters) :]
    if not letters.isalpha() or not letters.isascii() or not digits:
        return None
    row = 0
    for letter in letters.upper():
        row = row * _LETTERS + ord(letter) - ord("A") + 1
    return row - 1, int(digits) - 1


def _row_of(well: str) -> float | None:
    place = well_place(well)
    return None if place is None else float(place[0])


def _column_of(well: str) -> float | None:
    place = well_place(well)
    return None if place is None else float(place[1])


def _format(own: pl.DataFrame) -> tuple[int, int]:
    last_row, last_column = (float(own[name].max() or 0) for name in ("row", "column"))  # type: ignore[arg-type]
    fitting = [(rows, columns) for rows, columns in FORMATS if last_row < rows and last_column < columns]
    return fitting[0] if fitting else (int(last_row) + 1, int(last_column) + 1)
