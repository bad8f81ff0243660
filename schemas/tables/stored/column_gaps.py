"""What a table of the facts and its model lack of each other, in sentences that say what to write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from schemas.tables.sheets import SHEETS
from schemas.tables.stored.models import STORED

if TYPE_CHECKING:
    from pandera.polars import Column

    from schemas.tables.table import Table

_SQL_TYPES = {
    "String": "VARCHAR DEFAULT ''",
    "Float64": "DOUBLE",
    "Int64": "BIGINT",
    "Datetime": "TIMESTAMP",
    "Boolean": "BOOLEAN",
}


def column_gaps(
    table: str, stored: Sequence[str], *, model: type[Table] | None = None, migration: str = "NNN"
) -> list[str]:
    """Return what the migrations and the model of a table lack of each other.

    Parameters
    ----------
    table : str
        Table of the facts.
    stored : sequence of str
        Its columns after every migration.
    model : type of Table, optional
        Model to compare with; that of ``STORED`` by default.
    migration : str
        Number of the next migration.

    Returns
    -------
    list of str
        One sentence for each column that one of the two lacks; empty if they agree.

    Notes
    -----
    The views ``latest_...`` are ``SELECT *``, which DuckDB 1.5.6 to 2.0 extends by a column that is added later.
    """
    chosen = STORED[table].model() if model is None else model
    declared = chosen.to_schema().columns
    unmigrated = [
        _unmigrated(table, _home(chosen, name), one, migration) for name, one in declared.items() if name not in stored
    ]
    return unmigrated + [_undeclared(table, chosen.__name__, name) for name in stored if name not in declared]


def _home(model: type[Table], name: str) -> str:
    # A sheet and its stored table share the class that declares their columns: there a person wrote the line.
    return next((one.__name__ for one in model.__mro__ if name in vars(one).get("__annotations__", {})), model.__name__)


def _unmigrated(table: str, home: str, one: Column, migration: str) -> str:
    sql = f"ALTER TABLE {table} ADD COLUMN {one.name} {_SQL_TYPES[str(one.dtype.type).partition('(')[0]]};"
    place = f"Column '{one.name}'{_of_sheet(table)} stands in {home} but no migration adds it to table {table}"
    return f"{place}: write qc/store/migrations/{migration}_....sql with: {sql}"


def _undeclared(table: str, model: str, name: str) -> str:
    text = f"A migration adds column '{name}' to table {table} but {model} does not declare it"
    return f"{text}: add it there, or to the class that it shares with its sheet."


def _of_sheet(table: str) -> str:
    return next((f" of the {sheet.name}" for sheet in SHEETS.values() if sheet.table == table), "")
