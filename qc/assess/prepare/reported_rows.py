"""Results that a table reports, as measured rows: each of its own, or the mean of replicates that are named as such."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.assess.prepare.stacked_frames import OF_RUN, stacked, with_runs
from schemas.ucum import parse_unit
from schemas.value import MeasuredValue, ValueState, bounded, parse_value
from schemas.value_words import SHIPPED, ValueWords

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.prepare.stored_run import LoadedRun

_KEYS = (
    OF_RUN,
    "role",
    "sample",
    "analyte",
    "matrix",
    "unit",
    "dilution",
    "method",
    "reagent_lot",
    "material",
    "level",
    "lot",
)
_STATES = ("censor", "limit", "value_state", "lloq", "uloq")
_BOUNDS = ("lloq", "lod", "uloq")


def reported_results(runs: Sequence[LoadedRun], words: ValueWords = SHIPPED) -> pl.DataFrame:
    """Return one measured row for each result that the tables of several runs report.

    Parameters
    ----------
    words : ValueWords
        What words mean that stand in place of a number.

    Returns
    -------
    DataFrame
        Columns of ``measured_rows`` with ``of_run`` in front, in the order of the runs and their files.

    Notes
    -----
    Rows without a replicate mark, controls, and a mark that the sample has already, are results of their own. Of
    replicates the mean is told, or, where one has no number, what the first such one says; where one is extrapolated,
    so is the mean.
    """
    import polars as pl

    rows = (
        _with_values(with_runs(stacked(run.reported for run in runs), runs), words)
        .with_row_index("place")
        .with_columns(_is_alone().alias("is_alone"))
    )
    alone = rows.filter("is_alone").with_columns(n_replicates=pl.lit(1, pl.Int64), cv_percent=pl.lit(None, pl.Float64))
    columns = [*_KEYS, "place", "line", "text", "flag", "number", *_STATES, "n_replicates", "cv_percent"]
    both = pl.concat([alone.select(columns), _averaged(rows.filter(~pl.col("is_alone"))).select(columns)])
    return _measured(with_runs(both.sort("place"), runs))


def _with_values(reported: pl.DataFrame, words: ValueWords) -> pl.DataFrame:
    import polars as pl

    unit = pl.when(pl.col("unit") == "").then(pl.col("run_unit")).otherwise(pl.col("unit"))
    written = list(reported.select("text", "decimal_comma", unit.alias("unit"), *_BOUNDS).iter_rows())
    texts = {
        (text, comma): parse_value(text, decimal_comma=comma, words=words)
        for text, comma in dict.fromkeys(cell[:2] for cell in written)
    }
    values = {cell: _value(texts[cell[:2]], *cell[2:]) for cell in dict.fromkeys(written)}
    parsed_values = [values[cell][0] for cell in written]
    return reported.select(pl.exclude("^run_.*$")).with_columns(
        pl.Series("number", [value.number for value in parsed_values], pl.Float64),
        pl.Series("censor", [value.censor for value in parsed_values], pl.String),
        pl.Series("limit", [value.limit for value in parsed_values], pl.Float64),
        pl.Series("value_state", [value.state.value for value in parsed_values], pl.String),
        pl.Series("unit", [values[cell][1] for cell in written], pl.String),
    )


def _value(read: MeasuredValue, unit: str, *bounds: float | None) -> tuple[MeasuredValue, str]:
    """Read a cell beside its unit and its bounds; the unit is that of the row, or else its own."""
    value = bounded(read, dict(zip(_BOUNDS, bounds, strict=True))) if read.word else read
    if value.unit and unit and parse_unit(value.unit).code != parse_unit(unit).code:
        return replace(value, number=None, censor="", limit=None, state=ValueState.OTHER_UNIT), unit
    return value, unit or value.unit


def _is_alone() -> pl.Expr:
    import polars as pl

    is_replicate = (pl.col("replicate") != "") & (pl.col("role") == "sample")
    is_there_already = pl.int_range(pl.len()).over(*_KEYS, "replicate") > 0
    return ~is_replicate | is_there_already


def _averaged(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    # What the first replicate without a number says, else the first whose number is not plain, else the first of all.
    grade = pl.col("number").is_null().cast(pl.Int8) * 2 + (pl.col("value_state") != "number").cast(pl.Int8)
    telling_place = (grade == grade.max()).arg_true().first()
    groups = rows.group_by(*_KEYS, maintain_order=True).agg(
        pl.col("place").first(),
        pl.col("line").first(),
        pl.col("text").str.join(" | "),
        pl.col("flag").filter(pl.col("flag") != "").unique(maintain_order=True).str.join(", "),
        pl.col("number").drop_nulls().alias("numbers"),
        *(pl.col(name).get(telling_place) for name in _STATES),
        pl.len().cast(pl.Int64).alias("n_replicates"),
    )
    numbers, counts = groups["numbers"].to_list(), groups["n_replicates"].to_list()
    means = [math.fsum(own) / n if len(own) == n else None for own, n in zip(numbers, counts, strict=True)]
    return groups.with_columns(
        pl.Series("number", means, pl.Float64), pl.Series("cv_percent", map(_cv_percent, numbers), pl.Float64)
    )


def _cv_percent(numbers: list[float]) -> float | None:
    if len(numbers) < 2:
        return None
    mean = math.fsum(numbers) / len(numbers)
    if mean == 0:
        return None
    spread = math.fsum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
    return 100 * math.sqrt(spread) / abs(mean)


def _measured(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    def or_of_run(column: str, name: str) -> pl.Expr:
        return pl.when(pl.col(column) == "").then(pl.col(f"run_{name}")).otherwise(pl.col(column))

    return rows.select(
        OF_RUN,
        "line",
        pl.lit("").alias("plate"),
        pl.lit("").alias("wells"),
        "role",
        pl.col("sample").alias("name"),
        or_of_run("analyte", "analyte").alias("analyte"),
        or_of_run("matrix", "matrix").alias("matrix"),
        or_of_run("method", "method").alias("method"),
        or_of_run("reagent_lot", "reagent_lot").alias("reagent_lot"),
        "text",
        or_of_run("unit", "unit").alias("unit_text"),
        "number",
        "censor",
        "limit",
        "flag",
        "value_state",
        "dilution",
        "n_replicates",
        "cv_percent",
        "lloq",
        "uloq",
        "material",
        "level",
        "lot",
    )
