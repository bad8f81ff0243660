"""The columns of every table that a reader hands over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "wells": {
        "run": "String", "plate": "String", "well": "String", "line": "Int64", "role": "String", "name": "String",
        "analyte": "String", "curve": "String", "conc": "Float64", "dilution": "Float64", "signal": "Float64",
        "signal_text": "String", "flag": "String", "material": "String", "level": "String", "lot": "String",
    },
    "reported": {
        "run": "String", "line": "Int64", "role": "String", "sample": "String", "analyte": "String",
        "matrix": "String", "text": "String", "unit": "String", "dilution": "Float64", "method": "String",
        "replicate": "String", "material": "String", "level": "String", "lot": "String", "flag": "String",
        "decimal_comma": "Boolean",
    },
    "samples": {
        "study": "String", "sample": "String", "subject": "String", "visit": "String", "matrix": "String",
        "collected_at": "Datetime", "frozen_at": "Datetime", "tube": "String", "haemolysis_index": "Float64",
        "haemolysis_platform": "String", "rbc_per_ul": "Float64", "freeze_thaw_cycles": "Int64", "line": "Int64",
    },
    "subjects": {
        "study": "String", "subject": "String", "sex": "String", "birth_year": "Int64", "line": "Int64",
    },
    "controls": {
        "material": "String", "level": "String", "lot": "String", "analyte": "String", "matrix": "String",
        "unit": "String", "target": "Float64", "sd": "Float64", "target_from": "String", "active_from": "Datetime",
        "expires_on": "Datetime", "follows": "String", "line": "Int64",
    },
    "events": {
        "happened_at": "Datetime", "event": "String", "analyte": "String", "instrument": "String", "lot": "String",
        "note": "String", "recorded_by": "String", "line": "Int64",
    },
    "bridgings": {
        "kind": "String", "bridged_from": "String", "bridged_to": "String", "analyte": "String", "matrix": "String",
        "accepted": "Boolean", "document": "String", "recorded_by": "String", "line": "Int64",
    },
}  # fmt: skip
"""Column and polars type of each table, in order."""


def frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Build a table with exactly its columns.

    Parameters
    ----------
    table : str
        Key of ``COLUMNS``.
    rows : sequence of mapping
        Rows; text that is missing becomes empty, any other missing value null.

    Returns
    -------
    DataFrame
        Table with the columns of ``COLUMNS[table]``, in their order.
    """
    import polars as pl

    types = {
        "String": pl.String(),
        "Int64": pl.Int64(),
        "Float64": pl.Float64(),
        "Datetime": pl.Datetime("us"),
        "Boolean": pl.Boolean(),
    }
    series = []
    for column, kind in COLUMNS[table].items():
        default = "" if kind == "String" else None
        series.append(pl.Series(column, [row.get(column, default) for row in rows], dtype=types[kind]))
    return pl.DataFrame(series)
