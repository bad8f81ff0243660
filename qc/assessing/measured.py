"""What was measured in a run, as rows in the unit as written: calibrated from wells, or read from a table.

Columns of both frames: line, plate, wells, role, name, analyte, matrix, method, text, unit_text, number, censor,
limit, flag, value_state, dilution, n_replicates, cv_percent, lloq, uloq, material, level, lot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from qc.assessing.reported import reported_results
from schemas.value import ValueState

if TYPE_CHECKING:
    import polars as pl

    from checks.calibration.curve import CurveSet
    from qc.assessing.loaded import LoadedRun


def measured_rows(loaded: LoadedRun, curves: CurveSet) -> pl.DataFrame:
    """Return one row for each sample result and each control result of a run.

    Parameters
    ----------
    loaded : LoadedRun
        The run.
    curves : CurveSet
        Its standard curves; none for a run that came as a table.

    Returns
    -------
    DataFrame
        Rows in the order of the file. Nothing is dropped: a cell without a number gives a row without one.
    """
    import polars as pl

    frames = [_from_wells(loaded, curves), reported_results(loaded)]
    return pl.concat([frame for frame in frames if frame.height] or frames[:1], how="vertical")


def _from_wells(loaded: LoadedRun, curves: CurveSet) -> pl.DataFrame:
    import polars as pl

    from checks.calibration.results import group_results

    run = loaded.run
    grouped = group_results(loaded.wells, curves.curves)
    has_number, has_mark = pl.col("value").is_not_null(), pl.col("censor") != ""
    is_below = pl.when(has_mark & (pl.col("censor") == "<")).then(pl.lit(ValueState.BELOW.value))
    is_beyond = is_below.when(has_mark).then(pl.lit(ValueState.ABOVE.value))
    state = is_beyond.when(has_number).then(pl.lit(ValueState.NUMBER.value)).otherwise(pl.lit(ValueState.EMPTY.value))
    return grouped.select(
        "line",
        "plate",
        "wells",
        "role",
        "name",
        "analyte",
        pl.lit(run.matrix).alias("matrix"),
        pl.lit(run.method).alias("method"),
        pl.lit("").alias("text"),
        pl.lit(run.unit).alias("unit_text"),
        pl.col("value").alias("number"),
        "censor",
        "limit",
        pl.lit("").alias("flag"),
        state.alias("value_state"),
        "dilution",
        "n_replicates",
        "cv_percent",
        "lloq",
        "uloq",
        "material",
        "level",
        "lot",
    )


def with_known_analytes(loaded: LoadedRun, analyte_of: Mapping[str, str]) -> pl.DataFrame:
    """Return the wells of a run with analyte ids in place of names.

    Parameters
    ----------
    loaded : LoadedRun
        The run.
    analyte_of : mapping of str to str
        Analyte id by name as written; a name that is not known stays as it is.

    Returns
    -------
    DataFrame
        Wells; an empty analyte takes the run's.
    """
    import polars as pl

    named = pl.when(pl.col("analyte") == "").then(pl.lit(loaded.run.analyte)).otherwise(pl.col("analyte"))
    return loaded.wells.with_columns(named.alias("analyte")).with_columns(pl.col("analyte").replace(dict(analyte_of)))


def run_as_json(loaded: LoadedRun) -> dict[str, Any]:
    """Return what is known of a run as a mapping for hashing.

    Parameters
    ----------
    loaded : LoadedRun
        The run.

    Returns
    -------
    dict
        Fields of the run; times as ISO text.
    """
    fields = asdict(loaded.run)
    started = loaded.run.started_at
    return fields | {"started_at": started.isoformat() if started else None}
