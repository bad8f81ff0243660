"""From the answer of a scan to the errors of pandera, each with the keys of the rows that fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl
from pandera.api.polars.container import DataFrameSchema
from pandera.errors import SchemaError, SchemaErrorReason

from schemas.one_scan.statement import Question, column_alias, flag
from schemas.one_scan.stored_rows import StoredRows

KEY = "key."
"""What stands before the name of a key column in failure cases."""
_CASE = "failure_case"


def failures(schema: DataFrameSchema, rows: StoredRows, question: Question, found: pl.DataFrame) -> list[SchemaError]:
    """Return one error for each rule that a row fails.

    Parameters
    ----------
    schema : DataFrameSchema
        Table model.
    rows : StoredRows
        Rows that were judged.
    question : Question
        What was asked.
    found : DataFrame
        Rows that fail, with their flags.

    Returns
    -------
    list of SchemaError
        In the order of the rules; ``failure_cases`` has ``failure_case`` and the key columns.
    """
    return [*_of_unique(schema, rows, question, found), *_of_rules(schema, rows, question, found)]


def cases_of(error: SchemaError) -> pl.DataFrame:
    """Return the failure cases of one error in the columns of pandera.

    Parameters
    ----------
    error : SchemaError
        Error of this package.

    Returns
    -------
    DataFrame
        ``failure_case`` as text, ``schema_context``, ``column``, ``check``, ``check_number``, ``index`` (null: a stored
        row has none) and the key columns.
    """
    own = error.failure_cases
    frame = own if isinstance(own, pl.DataFrame) else pl.DataFrame({_CASE: [str(own)]})
    name = error.check if isinstance(error.check, str) else str(error.check.error or error.check.name)
    keys = [column for column in frame.columns if column.startswith(KEY)]
    return frame.select(
        pl.col(_CASE).cast(pl.String),
        pl.lit(type(error.schema).__name__).alias("schema_context"),
        pl.lit(error.schema.name, pl.String).alias("column"),
        pl.lit(name).alias("check"),
        pl.lit(error.check_index, pl.Int32).alias("check_number"),
        pl.lit(None, pl.Int32).alias("index"),
        *keys,
    )


def _of_rules(
    schema: DataFrameSchema, rows: StoredRows, question: Question, found: pl.DataFrame
) -> Iterator[SchemaError]:
    for number, rule in enumerate(question.rules):
        failing = found.filter(pl.col(flag("rule", number)))
        if failing.height:
            yield SchemaError(
                schema if rule.is_on_rows else schema.columns[rule.column],
                rows,
                f"{failing.height} rows of table '{rows.table}' fail '{rule.name}'",
                failure_cases=_with_key(failing, question, rule.reads),
                check=rule.check,
                check_index=rule.number,
                reason_code=rule.reason,
                column_name=rule.column,
            )


def _of_unique(
    schema: DataFrameSchema, rows: StoredRows, question: Question, found: pl.DataFrame
) -> Iterator[SchemaError]:
    for number, names in enumerate(question.unique):
        failing = found.filter(pl.col(flag("unique", number)))
        if failing.height:
            is_column = len(names) == 1 and schema.columns[names[0]].unique
            yield SchemaError(
                schema.columns[names[0]] if is_column else schema,
                rows,
                f"{failing.height} rows of table '{rows.table}' share a key of {', '.join(names)}",
                failure_cases=_with_key(failing, question, names),
                check="field_uniqueness" if is_column else "multiple_fields_uniqueness",
                reason_code=(
                    SchemaErrorReason.SERIES_CONTAINS_DUPLICATES if is_column else SchemaErrorReason.DUPLICATES
                ),
            )


def _with_key(failing: pl.DataFrame, question: Question, reads: Sequence[str]) -> pl.DataFrame:
    names = list(dict.fromkeys(reads))
    case = pl.col(column_alias(names[0]))
    if len(names) > 1:
        case = pl.struct(pl.col(column_alias(name)).alias(name) for name in names).struct.json_encode()
    keys = (pl.col(column_alias(name)).alias(f"{KEY}{name}") for name in question.key)
    return failing.select(case.alias(_CASE), *keys)
