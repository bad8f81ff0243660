"""Stored rows: what a table model is asked to judge where it lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol  # Any: values of a filter are of every type

if TYPE_CHECKING:
    import polars as pl


class Connection(Protocol):
    """What is needed of a DuckDB connection; it is handed in, never opened here.

    ``sql`` answers a statement; ``register`` gives a table in memory a name, ``unregister`` takes it away.
    """

    def sql(self, query: str) -> Any: ...  # numpydoc ignore=GL08

    def register(self, view_name: str, python_object: Any) -> Any: ...  # numpydoc ignore=GL08

    def unregister(self, view_name: str) -> Any: ...  # numpydoc ignore=GL08


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRows:
    """Rows of one table or view, with the columns that name a row to a person."""

    connection: Connection
    """Open connection of DuckDB, for one thread."""
    table: str
    """Table or view."""
    key: tuple[str, ...]
    """Columns that name a row; ``rowid`` is the place of a row in a table of DuckDB."""
    only: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Values that a column must have, by column: only such rows are judged. Empty for all rows."""
    references: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    """Reference tables in memory by name; one that is not here must be a table of the connection."""
    is_sorted: bool = False
    """Whether the rows are thought to lie in the order of their unique key: equal keys are then looked for among
    neighbours. The scan sees for itself whether they do, and groups by key if they do not."""
