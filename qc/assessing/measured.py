"""What was measured in a run, as rows in the unit as written: calibrated from wells, or read from a table.

Columns of both frames: line, plate, wells, role, name, analyte, matrix, method, text, unit_text, number, censor,
limit, value_state, dilution, n_replicates, cv_percent, lloq, uloq, material, level, lot.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from schemas.value import ValueState, parse_value

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

    frames = [_from_wells(loaded, curves), _from_table(loaded)]
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


_KEYS = ("role", "sample", "analyte", "matrix", "unit", "dilution", "method", "material", "level", "lot")


def _from_table(loaded: LoadedRun) -> pl.DataFrame:
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in loaded.reported.iter_rows(named=True):
        key = tuple(row[name] for name in _KEYS)
        # Rows without a replicate mark, and controls, are results of their own: only named replicates are averaged.
        own = () if row["replicate"] and row["role"] == "sample" else (row["line"],)
        same = (*key, *own)
        if any(other["replicate"] == row["replicate"] for other in groups.get(same, [])):
            same = (*same, row["line"])
        groups.setdefault(same, []).append(row)
    return _frame(_one_result(rows, loaded) for rows in groups.values())


def _one_result(rows: list[Mapping[str, Any]], loaded: LoadedRun) -> dict[str, Any]:
    first = rows[0]
    values = [parse_value(row["text"], decimal_comma=row["decimal_comma"]) for row in rows]
    numbers = [value.number for value in values if value.number is not None]
    told = next((value for value in values if value.number is None), values[0])
    number = math.fsum(numbers) / len(numbers) if len(numbers) == len(rows) else None
    return {
        "line": first["line"],
        "role": first["role"],
        "name": first["sample"],
        "analyte": first["analyte"] or loaded.run.analyte,
        "matrix": first["matrix"] or loaded.run.matrix,
        "method": first["method"] or loaded.run.method,
        "text": " | ".join(row["text"] for row in rows),
        "unit_text": first["unit"] or loaded.run.unit,
        "number": number,
        "censor": told.censor,
        "limit": told.limit,
        "value_state": told.state.value,
        "dilution": first["dilution"],
        "n_replicates": len(rows),
        "cv_percent": _cv_percent(numbers),
        **{name: first[name] for name in ("material", "level", "lot")},
    }


def _cv_percent(numbers: list[float]) -> float | None:
    if len(numbers) < 2:
        return None
    mean = math.fsum(numbers) / len(numbers)
    if mean == 0:
        return None
    spread = math.fsum((number - mean) ** 2 for number in numbers) / (len(numbers) - 1)
    return 100 * math.sqrt(spread) / abs(mean)


def _frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    import polars as pl

    blank = {"plate": "", "wells": "", "lloq": None, "uloq": None}
    schema = {
        "line": pl.Int64,
        "plate": pl.String,
        "wells": pl.String,
        "role": pl.String,
        "name": pl.String,
        "analyte": pl.String,
        "matrix": pl.String,
        "method": pl.String,
        "text": pl.String,
        "unit_text": pl.String,
        "number": pl.Float64,
        "censor": pl.String,
        "limit": pl.Float64,
        "value_state": pl.String,
        "dilution": pl.Float64,
        "n_replicates": pl.Int64,
        "cv_percent": pl.Float64,
        "lloq": pl.Float64,
        "uloq": pl.Float64,
        "material": pl.String,
        "level": pl.String,
        "lot": pl.String,
    }
    return pl.DataFrame([blank | dict(row) for row in rows], schema=schema, orient="row")


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
