"""Where each result lies by the limits of blank, detection and quantitation of its method and reagent lot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.assess.prepare.diluted_limits import fold_of_dilution
from schemas.value import ValueState

if TYPE_CHECKING:
    import polars as pl


def with_detection(results: pl.DataFrame) -> pl.DataFrame:
    """Return results with their state, and those below a limit as bounds that keep their number.

    Parameters
    ----------
    results : DataFrame
        Results in canonical units with ``lob``, ``lod`` and ``lloq``.

    Returns
    -------
    DataFrame
        With ``detection``. A result at or below the limit of blank is ``not_detected``, less than the limit of
        detection; one above it and below the limit of quantitation (of detection, where there is none) is
        ``detected``, less than that limit. Results that have no number, or a bound and no number, have no state.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), chapter 7: results between the limits are reported as detected, below the LoQ.
    """
    import polars as pl

    fold = fold_of_dilution()
    blank, detection = pl.col("lob") * fold, pl.coalesce("lod", "lob") * fold
    quantitation = pl.max_horizontal(pl.coalesce("lloq", detection), detection)
    is_judged = blank.is_not_null() & pl.col("value").is_finite() & pl.col("censor").is_in(["", "<"])
    is_quantified = pl.when(pl.col("value") < quantitation).then(pl.lit("detected")).otherwise(pl.lit("quantified"))
    by_number = pl.when(pl.col("value") <= blank).then(pl.lit("not_detected")).otherwise(is_quantified)
    state = pl.when(is_judged.fill_null(value=False)).then(by_number).otherwise(pl.lit(""))
    found = results.with_columns(state.alias("detection"))
    is_bound = pl.col("detection").is_in(["not_detected", "detected"])
    bound = pl.when(pl.col("detection") == "not_detected").then(detection).otherwise(quantitation)
    return found.with_columns(
        pl.when(is_bound).then(bound).otherwise("censor_limit").alias("censor_limit"),
        pl.when(is_bound).then(pl.lit("<")).otherwise("censor").alias("censor"),
        pl.when(is_bound).then(pl.lit(ValueState.BELOW.value)).otherwise("value_state").alias("value_state"),
    )
