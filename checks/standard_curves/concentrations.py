"""Concentrations of wells, and results of samples and controls, from the curves of their plates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: a key may hold further columns in front

import numpy as np

from checks.arithmetic.curves.four_pl import internal
from checks.arithmetic.curves.four_pl_inverse import inverse, inverse_of
from checks.standard_curves.curve import KEY, RANGE_SLACK, Curve

if TYPE_CHECKING:
    import polars as pl

    from checks.arithmetic.curves.four_pl import Floats

GROUP = (*KEY, "role", "name", "dilution", "material", "level", "lot")
"""Columns that wells of one result share."""
OVERFLOW = "overflow"
"""Flag of a well whose signal was beyond the detector."""
_CURVE_COLUMNS = ("log_b", "low", "high", "log_c", "log_g", "direction", "lloq", "uloq", "place")


def back_calculate(wells: pl.DataFrame, curves: Mapping[Any, Curve], *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return the concentration of every well, before dilution.

    Parameters
    ----------
    wells : DataFrame
        Wells of the run (model Wells).
    curves : mapping
        Curves by plate, analyte and curve group.
    by : sequence of str
        Columns of whole numbers that tell wells of several runs apart; they then stand first in the key of a curve.

    Returns
    -------
    DataFrame
        What ``by`` names, plate, well, analyte, curve, value, censor, limit: one row a well, in their order. ``value``
        is null without a curve, without a signal and beyond an asymptote; ``censor`` is ``<`` or ``>`` beyond the
        accepted range, with the LLOQ or ULOQ in ``limit``. Flagged wells are calculated like any other.
    """
    calculated = _with_concentration(wells, curves, "signal", by)
    return calculated.select(*by, "plate", "well", "analyte", "curve", "value", "censor", "limit")


def group_results(wells: pl.DataFrame, curves: Mapping[Any, Curve], *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return one result for all replicates of a sample or control.

    Parameters
    ----------
    wells : DataFrame
        Wells of the run (model Wells).
    curves : mapping
        Curves by plate, analyte and curve group.
    by : sequence of str
        Columns of whole numbers that tell wells of several runs apart; they then stand first in the key of a curve.

    Returns
    -------
    DataFrame
        What ``by`` names, plate, analyte, curve, role, name, dilution, material, level, lot, signal, value, censor,
        limit, n_replicates, cv_percent, wells (``A1,B1``), line (of the first well), lloq, uloq; in the order of the
        first wells.

    Notes
    -----
    The mean signal of the wells without a flag is back-calculated, then multiplied by the dilution (1 where there is
    none), and so is the limit. A result without any such well has no value and ``n_replicates`` 0; if all its wells
    were beyond the detector it is ``>`` the ULOQ (``<`` the LLOQ where the curve falls). If only some were, the mean
    of the others would be too low: there is no value. ``cv_percent`` is the sample CV of the replicates' own
    concentrations; where one of them has none, that of their signals; null for fewer than two replicates.
    """
    import polars as pl

    in_question = wells.filter(pl.col("role").is_in(["sample", "control"])).with_columns(
        pl.col("dilution").fill_null(1.0)
    )
    replicates = in_question.with_columns(
        _with_concentration(in_question, curves, "signal", by)["value"].alias("replicate_value"),
        ((pl.col("flag") == "") & pl.col("signal").is_not_null()).alias("is_used"),
        (pl.col("flag") == OVERFLOW).alias("is_overflow"),
    )
    grouped = replicates.group_by(*by, *GROUP, maintain_order=True).agg(*_aggregates())
    calculated = _with_concentration(grouped, curves, "signal", by)
    return _with_overflow(calculated).select(
        *by,
        *GROUP,
        "signal",
        pl.col("value") * pl.col("dilution"),
        "censor",
        pl.col("limit") * pl.col("dilution"),
        "n_replicates",
        pl.when("has_all_values").then("value_cv_percent").otherwise("signal_cv_percent").alias("cv_percent"),
        "wells",
        "line",
        pl.col("lloq") * pl.col("dilution"),
        pl.col("uloq") * pl.col("dilution"),
    )


def _aggregates() -> list[pl.Expr]:
    import polars as pl

    used = pl.col("is_used")
    signal, value = pl.col("signal").filter(used), pl.col("replicate_value").filter(used)
    any_used = used.any()
    return [
        pl.when(~pl.col("is_overflow").any()).then(signal.mean()).alias("signal"),
        pl.col("is_overflow").sum().alias("n_overflow"),
        used.sum().cast(pl.Int64).alias("n_replicates"),
        (value.is_not_null().all() & any_used).alias("has_all_values"),
        (100 * value.std() / value.mean()).alias("value_cv_percent"),
        (100 * signal.std() / signal.mean().abs()).alias("signal_cv_percent"),
        pl.when(any_used)
        .then(pl.col("well").filter(used).str.join(","))
        .otherwise(pl.col("well").str.join(","))
        .alias("wells"),
        pl.col("line").first(),
    ]


def _with_overflow(results: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    is_rising = pl.col("direction") < 0
    is_beyond = (pl.col("n_overflow") > 0) & (pl.col("n_replicates") == 0) & pl.col("direction").is_not_null()
    return results.with_columns(
        pl.when(is_beyond & is_rising)
        .then(pl.lit(">"))
        .when(is_beyond)
        .then(pl.lit("<"))
        .otherwise("censor")
        .alias("censor"),
        pl.when(is_beyond & is_rising).then("uloq").when(is_beyond).then("lloq").otherwise("limit").alias("limit"),
    )


def _with_concentration(
    frame: pl.DataFrame, curves: Mapping[Any, Curve], signal: str, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Return the frame with value, censor, limit and the curve's columns, row by row as before."""
    import polars as pl

    joined = frame.join(_curve_table(curves, by), on=[*by, *KEY], how="left", maintain_order="left")
    wanted = joined.select(pl.col(signal, *_CURVE_COLUMNS).cast(pl.Float64).fill_null(np.nan))
    numbers = {name: wanted[name].to_numpy() for name in wanted.columns}
    theta = np.column_stack([numbers[name] for name in _CURVE_COLUMNS[:5]])
    value = inverse_of(theta, numbers["direction"], numbers[signal])
    for place, curve in enumerate(curves.values()):
        if curve.fit.params.shape:
            is_own = numbers["place"] == place
            value[is_own] = inverse(curve.fit.params, numbers[signal][is_own])
    censor, limit = _censored(value, numbers[signal], numbers)
    return joined.with_columns(
        pl.Series("value", value, dtype=pl.Float64).fill_nan(None),
        pl.Series("censor", censor, dtype=pl.String),
        pl.Series("limit", limit, dtype=pl.Float64).fill_nan(None),
    )


def _censored(value: Floats, signal: Floats, numbers: Mapping[str, Floats]) -> tuple[list[str], Floats]:
    low, high, direction = numbers["low"], numbers["high"], numbers["direction"]
    position = (signal - low) / (high - low)
    position = np.where(direction < 0, position, 1 - position)
    is_below = np.where(np.isnan(value), position < 0.5, value < numbers["lloq"] * (1 - RANGE_SLACK))
    is_above = np.where(np.isnan(value), position >= 0.5, value > numbers["uloq"] * (1 + RANGE_SLACK))
    censor = np.where(is_below, "<", np.where(is_above, ">", ""))
    limit = np.where(is_below, numbers["lloq"], np.where(is_above, numbers["uloq"], np.nan))
    return censor.tolist(), limit


def _on_scale(curve: Curve) -> tuple[list[float], float]:
    # A curve without plateaus has the signals of its ends in their place: they tell towards which a signal lies.
    plain = curve.fit.params.plain
    if plain is not None:
        low, high = sorted((plain.knots[0][1], plain.knots[-1][1]))
        return [np.nan, low, high, np.nan, np.nan], -1.0 if plain.is_rising else 1.0
    theta, direction = internal(curve.fit.params)
    return theta.tolist(), float(direction)


def _curve_table(curves: Mapping[Any, Curve], by: Sequence[str]) -> pl.DataFrame:
    import polars as pl

    rows = []
    for place, (key, curve) in enumerate(curves.items()):
        theta, direction = _on_scale(curve)
        rows.append((*key, *theta, direction, curve.lloq, curve.uloq, float(place)))
    schema = dict.fromkeys(by, pl.Int64) | dict.fromkeys(KEY, pl.String) | dict.fromkeys(_CURVE_COLUMNS, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row")
