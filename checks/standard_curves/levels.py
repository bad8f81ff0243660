"""The calibrator wells that count, and the levels they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checks.arithmetic.curves.four_pl_data import level_means
from checks.standard_curves.acceptance import Calibrator

if TYPE_CHECKING:
    import polars as pl

    from checks.arithmetic.curves.four_pl import Floats

ANCHOR = "anchor"
"""Word in the column ``level`` of a calibrator that shapes the curve and is not judged."""


def usable_calibrators(wells: pl.DataFrame) -> pl.DataFrame:
    """Return the calibrator wells that count: not flagged, with concentration and signal.

    Parameters
    ----------
    wells : DataFrame
        Wells of the run (model Wells).

    Returns
    -------
    DataFrame
        The rows that count, in their order.
    """
    import polars as pl

    is_usable = (pl.col("role") == "calibrator") & (pl.col("flag") == "")
    has_numbers = pl.col("conc").is_not_null() & pl.col("signal").is_not_null()
    return wells.filter(is_usable & has_numbers & pl.col("signal").is_finite() & pl.col("conc").is_finite())


def levels_of(calibrators: pl.DataFrame) -> list[Calibrator]:
    """Return the levels of one curve by rising concentration, not yet given back.

    Parameters
    ----------
    calibrators : DataFrame
        Calibrator wells of one curve that count.

    Returns
    -------
    list of Calibrator
        One a concentration.
    """
    conc, signal = floats(calibrators, "conc"), floats(calibrators, "signal")
    anchors = calibrators["level"].str.to_lowercase().to_numpy() == ANCHOR
    levels, means = level_means(conc, signal)
    return [
        _level(level, mean, signal[conc == level], anchors[conc == level].all())
        for level, mean in zip(levels, means, strict=True)
    ]


def _level(conc: float, mean: float, signals: Floats, is_anchor: bool) -> Calibrator:
    sd = float(np.std(signals, ddof=1)) if len(signals) > 1 else None
    return Calibrator(float(conc), float(mean), sd, len(signals), None, None, bool(is_anchor))


def floats(frame: pl.DataFrame, column: str) -> Floats:
    """Return a column as numbers, NaN where there is none.

    Parameters
    ----------
    frame : DataFrame
        Any frame.
    column : str
        Name of a number column.

    Returns
    -------
    ndarray of float, shape (n_wells,)
        The numbers.
    """
    return np.asarray(frame[column].to_numpy(), dtype=float)
