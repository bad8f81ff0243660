"""Check stored rows against their model, where they lie, and name every failing row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any  # Any: values of a filter and of a key are of every type

from schemas.errors import Fault
from schemas.tables.wording import sentence

if TYPE_CHECKING:
    import polars as pl

    from schemas.one_scan.stored_rows import Connection
    from schemas.tables.stored.models import StoredTable


def check_stored(
    connection: Connection,
    name: str,
    table: StoredTable,
    *,
    only: Mapping[str, Sequence[Any]] | None = None,
    references: Mapping[str, pl.DataFrame] | None = None,
) -> list[Fault]:
    """Return every fault of a stored table, each with the key of its row.

    Parameters
    ----------
    connection : Connection
        Open connection to DuckDB.
    name : str
        Table.
    table : StoredTable
        Its model and row key.
    only : mapping of str to sequence, optional
        Values that a column must have, by column; None judges every row.
    references : mapping of str to DataFrame, optional
        Reference tables that are not tables of the connection.

    Returns
    -------
    list of Fault
        One a failing cell, or a failing row for rules on several columns, in the order of the keys; empty if the table
        is well formed. No fault quotes a code of a patient.
    """
    cases = failure_cases(connection, name, table, only=only, references=references)
    return [Fault(row_place(case, table.row_key, name), text_of(case)) for case in cases]


def failure_cases(
    connection: Connection,
    name: str,
    table: StoredTable,
    *,
    only: Mapping[str, Sequence[Any]] | None = None,
    references: Mapping[str, pl.DataFrame] | None = None,
) -> list[dict[str, Any]]:
    """Return the failure cases of a stored table, as pandera has them, with the key of each row.

    Parameters
    ----------
    connection : Connection
        Open connection to DuckDB.
    name : str
        Table.
    table : StoredTable
        Its model and row key.
    only : mapping of str to sequence, optional
        Values that a column must have, by column; None judges every row.
    references : mapping of str to DataFrame, optional
        Reference tables that are not tables of the connection.

    Returns
    -------
    list of dict
        ``failure_case``, ``schema_context``, ``column``, ``check`` and ``key.<column>``, sorted by key.
    """
    from pandera.config import config_context
    from pandera.errors import SchemaErrors

    import schemas.one_scan.backend  # noqa: F401 - registers the backend
    from schemas.one_scan.stored_rows import StoredRows

    rows = StoredRows(
        connection=connection,
        table=name,
        key=table.row_key,
        only=only or {},
        references=references or {},
        is_sorted=table.is_sorted and not only,
    )
    try:
        with config_context(validation_enabled=True):
            table.model().to_schema().validate(rows, lazy=True)  # type: ignore[type-var] # a backend of our own
    except SchemaErrors as errors:
        keys = [column for column in errors.failure_cases.columns if column.startswith("key.")]
        cases = errors.failure_cases.sort([*keys, "column", "check"], nulls_last=False, maintain_order=True)
        return list(cases.iter_rows(named=True))
    return []


def row_place(case: Mapping[str, Any], row_key: Sequence[str], name: str) -> str:
    """Return the place of a failure in words.

    Parameters
    ----------
    case : mapping
        Failure case.
    row_key : sequence of str
        Columns that name a row.
    name : str
        Table.

    Returns
    -------
    str
        ``table 'wells', run_id 3, plate 'P1', well 'A1', column 'role'``.
    """
    return ", ".join([f"table '{name}'", *_parts(case, row_key)])


def text_of(case: Mapping[str, Any]) -> str:
    """Return what is wrong with a row or a cell, in a sentence.

    Parameters
    ----------
    case : mapping
        Failure case.

    Returns
    -------
    str
        Full sentence; keys that stand more than once are not quoted, since they may hold a code of a patient.
    """
    check, failure = str(case["check"]), case["failure_case"]
    if check == "column_in_dataframe":
        return f"Column '{failure}' is missing."
    if check.startswith("dtype("):
        return f"The column is of type {failure}; {check.removeprefix('dtype(').strip(chr(39) + ')')} was expected."
    if check.endswith("uniqueness"):
        return "The key of the row stands more than once."
    fault_text = sentence(check, failure)
    return fault_text if fault_text.endswith(".") else f"Rule '{fault_text}' does not hold."


def _parts(case: Mapping[str, Any], row_key: Sequence[str]) -> Iterator[str]:
    for column in row_key:
        part = case.get(f"key.{column}")
        if part is not None:
            yield f"{'row' if column == 'rowid' else column} {part if isinstance(part, int) else repr(part)}"
    if case["schema_context"] == "Column":
        yield f"column '{case['column']}'"
