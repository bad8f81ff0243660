"""What was measured in a run, as rows in the unit as written: calibrated from wells, or read from a table.

Columns of both frames: line, plate, wells, role, name, analyte, matrix, method, reagent_lot, text, unit_text, number,
censor, limit, flag, value_state, dilution, n_replicates, cv_percent, lloq, uloq, material, level, lot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qc.assess.prepare.reported_rows import reported_results
from qc.assess.prepare.stacked_frames import OF_RUN, parted, stacked, with_runs
from schemas.value import ValueState
from schemas.value_words import SHIPPED, ValueWords

if TYPE_CHECKING:
    import polars as pl

    from checks.standard_curves.curve import Curve, CurveSet
    from qc.assess.prepare.stored_run import LoadedRun


def measured_rows(runs: Sequence[LoadedRun], curves: Sequence[CurveSet], words: ValueWords = SHIPPED) -> pl.DataFrame:
    """Return one row for each sample result and each control result of several runs.

    Parameters
    ----------
    curves : sequence of CurveSet
        The standard curves of each; none for a run that came as a table.
    words : ValueWords
        What words mean that stand in place of a number.

    Returns
    -------
    DataFrame
        Rows in the order of the runs and their files, with ``of_run`` in front. Nothing is dropped: a cell without a
        number gives a row without one.
    """
    import polars as pl

    return pl.concat([_from_wells(runs, curves), reported_results(runs, words)]).sort(OF_RUN, maintain_order=True)


def _from_wells(runs: Sequence[LoadedRun], curves: Sequence[CurveSet]) -> pl.DataFrame:
    import polars as pl

    from checks.standard_curves.concentrations import group_results

    wells = stacked(run.wells for run in runs)
    grouped = with_runs(group_results(wells, _all_curves(curves), by=[OF_RUN]), runs)
    has_number, has_mark = pl.col("value").is_not_null(), pl.col("censor") != ""
    is_below = pl.when(has_mark & (pl.col("censor") == "<")).then(pl.lit(ValueState.BELOW.value))
    is_beyond = is_below.when(has_mark).then(pl.lit(ValueState.ABOVE.value))
    state = is_beyond.when(has_number).then(pl.lit(ValueState.NUMBER.value)).otherwise(pl.lit(ValueState.EMPTY.value))
    return grouped.select(
        OF_RUN,
        "line",
        "plate",
        "wells",
        "role",
        "name",
        "analyte",
        pl.col("run_matrix").alias("matrix"),
        pl.col("run_method").alias("method"),
        pl.col("run_reagent_lot").alias("reagent_lot"),
        pl.lit("").alias("text"),
        pl.col("run_unit").alias("unit_text"),
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


def well_concentrations(wells: Sequence[pl.DataFrame], curves: Sequence[CurveSet]) -> list[pl.DataFrame]:
    """Return the concentration of every well of several runs.

    Returns
    -------
    list of DataFrame
        What ``checks.standard_curves.concentrations.back_calculate`` says of each run.
    """
    from checks.standard_curves.concentrations import back_calculate

    return parted(back_calculate(stacked(wells), _all_curves(curves), by=[OF_RUN]), len(wells))


def _all_curves(curves: Sequence[CurveSet]) -> dict[tuple[int, str, str, str], Curve]:
    return {(number, *key): curve for number, own in enumerate(curves) for key, curve in own.curves.items()}


def with_known_analytes(runs: Sequence[LoadedRun], analyte_of: Mapping[str, str]) -> list[pl.DataFrame]:
    """Return the wells of runs with analyte ids in place of names.

    Parameters
    ----------
    analyte_of : mapping of str to str
        Analyte id by name as written; a name that is not known stays as it is.

    Returns
    -------
    list of DataFrame
        Wells of each run; an empty analyte takes the run's.
    """
    import polars as pl

    wells = with_runs(stacked(run.wells for run in runs), runs)
    named = pl.when(pl.col("analyte") == "").then(pl.col("run_analyte")).otherwise(pl.col("analyte"))
    known = wells.with_columns(named.alias("analyte")).with_columns(pl.col("analyte").replace(dict(analyte_of)))
    return parted(known.select(OF_RUN, *runs[0].wells.columns), len(runs))
