"""Seals: the recorded hash of every group of rows, so that a changed, added or missing row of the facts is seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.store.frames import table_columns
from qc.store.tables import GROUP_COLUMNS, RENEWED_TABLES
from schemas.canonical import canonical_json, sha256_text
from schemas.errors import Fault

if TYPE_CHECKING:
    import duckdb

_COLUMNS = """
    SELECT c.table_name, list(c.column_name ORDER BY c.column_index)
    FROM duckdb_columns() c JOIN duckdb_tables() t USING (table_oid, database_oid)
    WHERE t.database_name = current_database() AND NOT t.internal AND NOT t.temporary GROUP BY c.table_name
"""

_AMONG = '"{}" IN (SELECT unnest(?))'
_SEALS = "SELECT key, columns, n_rows, sha256 FROM seals WHERE table_name = ? AND key_column = ?"
_KEYS = " AND key IN (SELECT unnest(?))"


def sealed_tables(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, list[str]]]:
    """Return the tables whose rows are sealed.

    Returns
    -------
    dict of str to tuple
        By table: the column that groups its rows, and all its columns.
    """
    return _keyed(con.execute(_COLUMNS).fetchall())


def _keyed(columns_of: Iterable[tuple[str, Sequence[str]]]) -> dict[str, tuple[str, list[str]]]:
    key_by_table = {}
    for table, columns in columns_of:
        key = next((name for name in GROUP_COLUMNS if name in columns), None)
        if key is not None and table not in RENEWED_TABLES:
            key_by_table[table] = (key, list(columns))
    return dict(sorted(key_by_table.items()))


def _hashed(table: str, key: str, columns: Sequence[str], condition: str) -> str:
    # Names come from the catalogue of the file itself, and are quoted.
    packed = ", ".join(f'"{name}" := "{name}"' for name in columns)
    row = f"to_json(struct_pack({packed}))::VARCHAR"
    hashed = f"sha256(string_agg({row}, chr(10) ORDER BY {row}))"
    return f'SELECT "{key}" AS key, count(*) AS n_rows, {hashed} AS sha256 FROM "{table}" {condition} GROUP BY "{key}"'  # noqa: S608


def seal(
    con: duckdb.DuckDBPyConnection, keys: Mapping[str, Sequence[int]], *, tables: Iterable[str] | None = None
) -> None:
    """Write the seals of rows that were just written.

    Parameters
    ----------
    keys : mapping of str to sequence of int
        By ``source_id``, ``run_id`` or ``assessment_id``: the new groups.
    tables : iterable of str, optional
        The tables that were written, each of which is scanned; None scans all that are sealed.
    """
    written = (
        sealed_tables(con) if tables is None else _keyed((name, list(table_columns(con, name))) for name in tables)
    )
    parts, values = [], []
    for table, (key, columns) in written.items():
        if keys.get(key):
            parts.append(_seal_of(table, key, tuple(columns)))
            values += [table, key, canonical_json(columns), list(keys[key])]
    if parts:
        con.execute(
            "INSERT INTO seals SELECT (SELECT coalesce(max(seal_id), 0) FROM seals) "  # noqa: S608 - parts as above
            f"+ row_number() OVER (ORDER BY table_name, key), * FROM ({' UNION ALL '.join(parts)})",
            values,
        )


@lru_cache(maxsize=64)
def _seal_of(table: str, key: str, columns: tuple[str, ...]) -> str:
    grouped = _hashed(table, key, columns, f"WHERE {_AMONG.format(key)}")
    return f"SELECT ? AS table_name, ? AS key_column, key, ? AS columns, n_rows, sha256 FROM ({grouped})"  # noqa: S608


def broken_seals(con: duckdb.DuckDBPyConnection, only: Mapping[str, Sequence[int]] | None = None) -> Iterator[Fault]:
    """Recompute every seal.

    Parameters
    ----------
    only : mapping of str to sequence of int, optional
        By column of the key: the groups that are looked at; a column that is not named is looked at whole.

    Yields
    ------
    Fault
        One for each group of rows that is not what was written, is gone, or was never sealed.
    """
    for table, (key, columns) in sealed_tables(con).items():
        wanted = None if only is None or key not in only else list(only[key])
        among, parameters = ("", []) if wanted is None else (_AMONG.format(key), [wanted])
        rows = con.execute(_SEALS + (among and _KEYS), [table, key, *parameters]).fetchall()
        unsealed = (
            f'SELECT DISTINCT "{key}" FROM "{table}" WHERE "{key}" NOT IN (SELECT key FROM seals WHERE table_name = ?)'  # noqa: S608
        )
        unsealed += among and f" AND {among}"
        for (group,) in con.execute(f"{unsealed} ORDER BY 1", [table, *parameters]).fetchall():
            yield Fault(_place(table, key, group), "Rows stand here that were not written when all others were.")
        for named in sorted({row[1] for row in rows}):
            of_group = [row for row in rows if row[1] == named]
            yield from _broken(con, (table, key, columns), named, of_group, wanted)


def _broken(
    con: duckdb.DuckDBPyConnection,
    sealed: tuple[str, str, Sequence[str]],
    named: str,
    rows: Sequence[tuple[Any, ...]],
    wanted: list[int] | None,
) -> Iterator[Fault]:
    table, key, columns = sealed
    hashed = _names(named)
    if not hashed or not set(hashed) <= set(columns):
        yield Fault(f"facts, table '{table}'", "A seal names columns that the table does not have: it was altered.")
        return
    condition, parameters = ("", []) if wanted is None else (f"WHERE {_AMONG.format(key)}", [wanted])
    now = {row[0]: row[1:] for row in con.execute(_hashed(table, key, hashed, condition), parameters).fetchall()}
    for group, _, n_rows, sha256 in rows:
        if group not in now:
            yield Fault(_place(table, key, group), f"{n_rows} rows are gone.")
        elif now[group][0] != n_rows:
            yield Fault(_place(table, key, group), f"{now[group][0]} rows stand here; {n_rows} were written.")
        elif now[group][1] != sha256:
            yield Fault(_place(table, key, group), "A row is not what was written.")


def _names(named: str) -> list[str]:
    try:
        read = json.loads(named)
    except ValueError:
        return []
    return [str(name) for name in read] if isinstance(read, list) else []


def _place(table: str, key: str, group: int) -> str:
    return f"facts, table '{table}', {key.removesuffix('_id')} {group}"


def seals_root(con: duckdb.DuckDBPyConnection, n_seals: int | None = None) -> tuple[int, str]:
    """Return one hash over all seals, to be written down elsewhere.

    Parameters
    ----------
    n_seals : int, optional
        Only the first so many; None means all.

    Returns
    -------
    tuple of int and str
        How many there are, and SHA-256 over them in their order.
    """
    sql = "SELECT table_name, key, n_rows, sha256 FROM seals WHERE seal_id <= ? ORDER BY seal_id"
    rows = con.execute(sql, [n_seals if n_seals is not None else (1 << 62)]).fetchall()
    return len(rows), sha256_text("\n".join(canonical_json(list(row)) for row in rows))
