"""The frames that rules look at, made from the table of ``qc try calibrate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from checks.standard_curves.curve import Curve

ANALYTE = "the file"
"""What the analyte of a table is called in a sentence, since it has no name."""


def control_frame(wells: pl.DataFrame, curve: Curve) -> pl.DataFrame:
    """Return the control rows that carry a nominal concentration, as control results.

    Parameters
    ----------
    wells : DataFrame
        Wells of the file.
    curve : Curve
        The curve.

    Returns
    -------
    DataFrame
        The columns of ControlResults that rules on recovery look at; one row a row of the file. A row without a signal
        is left out, one beyond an asymptote has no value.
    """
    import polars as pl

    rows = wells.filter((pl.col("role") == "control") & (pl.col("conc") > 0) & pl.col("signal").is_not_null())
    readings = [
        {
            "analyte": ANALYTE,
            "material": "",
            "level": name,
            "lot": "",
            "value": None if (value := curve.concentration(signal)[0]) is None else value * dilution,
            "target": target,
        }
        for name, signal, dilution, target in rows.select("name", "signal", "dilution", "conc").iter_rows()
    ]
    texts = dict.fromkeys(("analyte", "material", "level", "lot"), pl.String)
    return pl.DataFrame(readings, schema=texts | dict.fromkeys(("value", "target"), pl.Float64))


def result_frame(wells: pl.DataFrame, curve: Curve) -> pl.DataFrame:
    """Return the samples of the file, one row for all replicates of one dilution.

    Parameters
    ----------
    wells : DataFrame
        Wells of the file.
    curve : Curve
        The curve.

    Returns
    -------
    DataFrame
        The columns of JudgedResults that rules on dilutions look at.
    """
    import polars as pl

    from checks.standard_curves.concentrations import group_results

    grouped = group_results(wells, {(curve.plate, curve.analyte, curve.curve): curve})
    return (
        grouped.filter(pl.col("role") == "sample")
        .with_row_index("ordinal", offset=1)
        .select(
            pl.col("ordinal").cast(pl.Int64),
            pl.col("name").alias("sample"),
            pl.lit(ANALYTE).alias("analyte"),
            pl.lit("").alias("matrix"),
            pl.lit("file").alias("plate"),
            pl.lit("").alias("unit"),
            pl.lit("").alias("unit_state"),
            pl.lit("").alias("unit_sentence"),
            pl.lit("").alias("applicable_sentence"),
            pl.lit(value=True).alias("sample_known"),
            pl.lit(value=True).alias("subject_known"),
            "value",
            "censor",
            "dilution",
            "uloq",
        )
    )
