"""Check a table against its model, and name every failing row.

Pandera is imported when a check runs. Only whole frames are judged: on a LazyFrame pandera looks at the types alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any  # rows of failure cases are of every type

from schemas.errors import Fault, SchemaDefinitionError
from schemas.tables.wording import sentence

if TYPE_CHECKING:
    import polars as pl
    from pandera.polars import DataFrameSchema

    from schemas.tables.table import Table

_NUMBER = "number of the table"
"""Column that tells tables apart which are judged together."""
_UNIQUE = "multiple_fields_uniqueness"


def check(frame: pl.DataFrame, model: type[Table], *, row_key: Sequence[str] = ("line",)) -> list[Fault]:
    """Return every fault of a table, each with the key of its row.

    Parameters
    ----------
    frame : polars.DataFrame
        Table to judge; it is not changed. Text must have been cast before: types are never coerced.
    model : type of Table
        Table model of ``schemas.tables``.
    row_key : sequence of str
        Columns that name a row to a person; a row whose key is not there is named by its number, from 1.

    Returns
    -------
    list of Fault
        One a failing cell, or a failing row for rules on several columns, in the order of the rows; empty if the
        table is well formed.

    Raises
    ------
    SchemaDefinitionError
        If a LazyFrame is given, or the model drops invalid rows.
    """
    schema = _schema(frame, model)
    cases = _failure_cases(frame, schema)
    return list(dict.fromkeys(_faults(frame, cases, list(schema.unique or []), row_key)))


def are_faultless(frames: Sequence[pl.DataFrame], model: type[Table]) -> bool:
    """Tell whether several tables of one model are all well formed, by judging them together.

    Parameters
    ----------
    frames : sequence of polars.DataFrame
        Tables; a key may stand in several of them, but only once in each.
    model : type of Table
        Table model of ``schemas.tables``.

    Returns
    -------
    bool
        True if :func:`check` finds no fault in any of them. False also where their columns differ, so that they cannot
        be judged together: then each must be asked alone.

    Raises
    ------
    SchemaDefinitionError
        If a LazyFrame is given, or the model drops invalid rows.

    Notes
    -----
    Every rule of a model looks at one row, or at the key. The key is taken together with the number of the table; all
    else that is true of the rows of each table is true of them together.
    """
    import polars as pl

    schemas = [_schema(frame, model) for frame in frames]
    if len({tuple(frame.schema.items()) for frame in frames}) != 1 or _NUMBER in frames[0].columns:
        return False
    stacked = pl.concat([frame.with_columns(pl.lit(n).alias(_NUMBER)) for n, frame in enumerate(frames)])
    if schemas[0].unique:
        schemas[0].unique = [*schemas[0].unique, _NUMBER]
    return not _failure_cases(stacked, schemas[0])


def _schema(frame: pl.DataFrame, model: type[Table]) -> DataFrameSchema:
    from copy import copy

    import polars as pl

    if not isinstance(frame, pl.DataFrame):
        raise SchemaDefinitionError(f"A table must be a DataFrame, not a {type(frame).__name__}: collect it first.")
    schema = copy(model.to_schema())
    if schema.drop_invalid_rows or any(column.drop_invalid_rows for column in schema.columns.values()):
        raise SchemaDefinitionError(f"Model '{model.__name__}' drops invalid rows; that hides faults.")
    return schema


def _failure_cases(frame: pl.DataFrame, schema: DataFrameSchema) -> list[dict[str, Any]]:
    from pandera.config import ValidationDepth, config_context
    from pandera.errors import SchemaErrors

    try:
        with config_context(validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA):
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases: list[dict[str, Any]] = errors.failure_cases.sort(
            "index", nulls_last=False, maintain_order=True
        ).to_dicts()
        return cases
    return []


def _faults(
    frame: pl.DataFrame, cases: Sequence[dict[str, Any]], unique: Sequence[str], row_key: Sequence[str]
) -> Iterator[Fault]:
    mistyped = {case["column"] for case in cases if str(case["check"]).startswith("dtype(")}
    absent = {str(case["failure_case"]) for case in cases if case["check"] == "column_in_dataframe"}
    for case in cases:
        name, column, index = str(case["check"]), str(case["column"]), case["index"]
        if index is None and (column in mistyped or case["schema_context"] == "DataFrameSchema"):
            if name == "column_in_dataframe" or name.startswith("dtype("):
                yield _column_fault(name, column, str(case["failure_case"]))
            elif not mistyped and not absent:
                yield Fault("", f"Rule '{name}' could not be judged: {case['failure_case']}.")
            continue
        where = "" if index is None else row_place(frame, index, row_key)
        if case["schema_context"] != "DataFrameSchema":
            yield Fault(f"{where}, column '{column}'".removeprefix(", "), sentence(name, case["failure_case"]))
        elif name == _UNIQUE:
            key = ", ".join(f"{part} '{frame[part][index]}'" for part in unique)
            yield Fault(where, f"The key {key} stands more than once.")
        else:
            yield Fault(where, sentence(name, None))


def _column_fault(name: str, column: str, failure: str) -> Fault:
    if name == "column_in_dataframe":
        return Fault(f"column '{failure}'", f"Column '{failure}' is missing.")
    expected = name.removeprefix("dtype('").removesuffix("')")
    return Fault(f"column '{column}'", f"The column is of type {failure}; {expected} was expected.")


def row_place(frame: pl.DataFrame, index: int, row_key: Sequence[str]) -> str:
    """Return the place of a row in words.

    Parameters
    ----------
    frame : polars.DataFrame
        Table.
    index : int
        Position of the row, from 0.
    row_key : sequence of str
        Columns that name a row.

    Returns
    -------
    str
        ``line 12``, ``plate 'P1', well 'A1'``, or ``row 3`` if a part of the key is absent or null.
    """
    parts = [frame[key][index] if key in frame.columns else None for key in row_key]
    if not parts or any(part is None for part in parts):
        return f"row {index + 1}"
    words = [
        f"{key} {part}" if isinstance(part, int) else f"{key} '{part}'"
        for key, part in zip(row_key, parts, strict=True)
    ]
    return ", ".join(words)


def empty(model: type[Table]) -> pl.DataFrame:
    """Return a table without rows and with every column of a model.

    Parameters
    ----------
    model : type of Table
        Table model of ``schemas.tables``.

    Returns
    -------
    polars.DataFrame
        Well-formed table of height 0.
    """
    import polars as pl

    return pl.DataFrame(schema=columns(model))


def columns(model: type[Table]) -> dict[str, Any]:
    """Return the polars type of every column of a model, in order.

    Parameters
    ----------
    model : type of Table
        Table model of ``schemas.tables``.

    Returns
    -------
    dict of str to polars data type
        Type by column name.
    """
    return {name: column.dtype.type for name, column in model.to_schema().columns.items()}
