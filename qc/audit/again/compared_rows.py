"""Rows of one assessment, stored and judged again, held against each other."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from qc.store.frames import table_columns

if TYPE_CHECKING:
    import polars as pl

    from qc.store.connection import Connection

RELATIVE = 1e-9  # without unit; another processor may give the last digits of a fitted curve otherwise, never the ninth
_IDS = frozenset({"assessment_id", "run_id"})
_KEYS: Mapping[str, tuple[str, ...]] = {
    "rule_runs": ("rule",),
    "findings": ("ordinal",),
    "curves": ("plate", "analyte", "curve"),
    "well_concentrations": ("plate", "well", "analyte", "curve"),
    "results": ("result_id",),
    "repeats": ("result_id",),
    "control_results": ("position", "analyte", "matrix", "material", "level", "lot"),
    "held_items": ("item",),
    "held_groups": ("scope", "analyte", "verdict", "rules", "cause"),
    "run_summaries": ("analyte", "matrix"),
    "run_states": ("run",),
}
_JSON = frozenset({("curves", "body"), ("findings", "limits"), ("findings", "key")})

_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Differing:
    """One row that comes out otherwise."""

    key: str
    """Name of the row: its key columns."""
    text: str
    """What is otherwise, to follow "Judged again, "; numbers and words of a patient are not among it."""


def differing_rows(con: Connection, table: str, assessment_id: int, again: pl.DataFrame) -> list[Differing]:
    """Compare the rows of one table.

    Parameters
    ----------
    again : DataFrame
        Rows as they come out now; may lack columns that are left to their default.

    Returns
    -------
    list of Differing
        Rows that are stored otherwise, are missing, or should not be there, by their key.
    """
    known = [name for name in table_columns(con, table) if name not in _IDS]
    columns = [name for name in known if not again.width or name in again.columns]
    quoted = ", ".join(f'"{name}"' for name in columns)
    sql = f'SELECT {quoted} FROM "{table}" WHERE assessment_id = ?'  # noqa: S608  names of the file's own catalogue
    stored = [dict(zip(columns, row, strict=True)) for row in con.execute(sql, [assessment_id]).fetchall()]
    return list(_differing(table, _by_key(table, stored), _by_key(table, again.iter_rows(named=True))))


def _by_key(table: str, rows: Iterable[_Row]) -> dict[tuple[str, ...], list[_Row]]:
    found: dict[tuple[str, ...], list[_Row]] = {}
    for row in rows:
        found.setdefault(tuple(str(row[name]) for name in _KEYS[table]), []).append(row)
    return found


def _differing(
    table: str, stored: Mapping[tuple[str, ...], Sequence[_Row]], again: Mapping[tuple[str, ...], Sequence[_Row]]
) -> Iterator[Differing]:
    for key in sorted({*stored, *again}):
        name = ", ".join(f"{column} {value}" for column, value in zip(_KEYS[table], key, strict=True) if value)
        for before, now in zip_longest(stored.get(key, ()), again.get(key, ())):
            if now is None:
                yield Differing(name, "this row does not come out.")
            elif before is None:
                yield Differing(name, "a row comes out that is not stored.")
            elif columns := [c for c in before if not _is_same(table, c, before[c], now[c])]:
                yield Differing(name, f"{', '.join(columns)} {'comes' if len(columns) == 1 else 'come'} out otherwise.")


def _is_same(table: str, column: str, before: object, now: object) -> bool:
    if (table, column) in _JSON and isinstance(before, str) and isinstance(now, str):
        try:
            return _is_alike(json.loads(before), json.loads(now))
        except ValueError:
            return False
    return _is_alike(before, now)


def _is_alike(before: Any, now: Any) -> bool:  # Any: JSON values
    if isinstance(before, float) or isinstance(now, float):
        return _is_close(before, now)
    if isinstance(before, dict) and isinstance(now, dict):
        return before.keys() == now.keys() and all(_is_alike(before[key], now[key]) for key in before)
    if isinstance(before, list) and isinstance(now, list):
        return len(before) == len(now) and all(map(_is_alike, before, now))
    return bool(before == now)


def _is_close(before: Any, now: Any) -> bool:  # Any: as above
    if not isinstance(before, int | float) or not isinstance(now, int | float):
        return bool(before == now)
    return (math.isnan(before) and math.isnan(now)) or math.isclose(before, now, rel_tol=RELATIVE, abs_tol=1e-300)
