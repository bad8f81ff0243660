"""Whether a stored table has the columns and types of its model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pandera.api.polars.container import DataFrameSchema
from pandera.errors import SchemaError, SchemaErrorReason
from sqlglot import exp

from schemas.one_scan.sql_types import sql_types_of
from schemas.one_scan.stored_rows import StoredRows

_DIALECT = "duckdb"


def column_types(rows: StoredRows) -> dict[str, str]:
    """Return the SQL type of each column of a table.

    Parameters
    ----------
    rows : StoredRows
        Rows; none is read.

    Returns
    -------
    dict of str to str
        Type as the engine writes it, by column.
    """
    table = exp.Table(this=exp.to_identifier(rows.table, quoted=True))
    none = rows.connection.sql(exp.select(exp.Star()).from_(table).limit(0).sql(_DIALECT))
    return {str(name): str(sql_type) for name, sql_type in zip(none.columns, none.types, strict=True)}


def well_shaped(schema: DataFrameSchema, types: Mapping[str, str]) -> set[str]:
    """Return the columns that can be judged: those that are there, in a type of the model.

    Parameters
    ----------
    schema : DataFrameSchema
        Table model.
    types : mapping of str to str
        SQL type by column.

    Returns
    -------
    set of str
        Names.
    """
    return {
        name
        for name, column in schema.columns.items()
        if name in types and types[name] in sql_types_of(column.dtype.type)
    }


def shape_errors(schema: DataFrameSchema, rows: StoredRows, types: Mapping[str, str]) -> list[SchemaError]:
    """Return what is wrong with the columns and types of a table.

    Parameters
    ----------
    schema : DataFrameSchema
        Table model.
    rows : StoredRows
        Rows that are judged.
    types : mapping of str to str
        SQL type by column.

    Returns
    -------
    list of SchemaError
        One for each column that is missing, mistyped or, in a strict model, too many.
    """
    return [*_missing(schema, rows, types), *_mistyped(schema, rows, types), *_strange(schema, rows, types)]


def _missing(schema: DataFrameSchema, rows: StoredRows, types: Mapping[str, str]) -> Iterator[SchemaError]:
    for name, column in schema.columns.items():
        if column.required and name not in types:
            yield SchemaError(
                schema,
                rows,
                f"column '{name}' not in table '{rows.table}'",
                failure_cases=name,
                check="column_in_dataframe",
                reason_code=SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME,
            )


def _mistyped(schema: DataFrameSchema, rows: StoredRows, types: Mapping[str, str]) -> Iterator[SchemaError]:
    sound = well_shaped(schema, types)
    for name, column in schema.columns.items():
        if name in types and name not in sound:
            yield SchemaError(
                column,
                rows,
                f"expected column '{name}' to have type {column.dtype}, got {types[name]}",
                failure_cases=types[name],
                check=f"dtype('{column.dtype}')",
                reason_code=SchemaErrorReason.WRONG_DATATYPE,
                column_name=name,
            )


def _strange(schema: DataFrameSchema, rows: StoredRows, types: Mapping[str, str]) -> Iterator[SchemaError]:
    for name in types if schema.strict else ():
        if name not in schema.columns:
            yield SchemaError(
                schema,
                rows,
                f"column '{name}' not in model '{schema.name}'",
                failure_cases=name,
                check="column_in_schema",
                reason_code=SchemaErrorReason.COLUMN_NOT_IN_SCHEMA,
            )
