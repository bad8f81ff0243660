"""Catalogue files: a lab's own tree laid over the shipped one, before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any  # TOML trees hold what their author wrote

from schemas.toml_table import Tree

_ROW_KEYS = ("name", "code", "method", "lot", "sex", "age_from", "age_to", "other", "matrix", "rule")


def merge(base: Tree, own: Tree) -> dict[str, Any]:
    """Lay one tree over another.

    Parameters
    ----------
    base, own : mapping
        Trees of two catalogue files of one analyte; ``own`` wins.

    Returns
    -------
    dict
        Tables are merged key by key. Rows of ``ranges``, ``limits``, ``loinc`` and ``relations``
        replace the row with the same name and key, else are added; other lists are joined.
    """
    merged = dict(base)
    for key, value in own.items():
        before = merged.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping) and "value" not in value:
            merged[key] = merge(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            merged[key] = _merge_lists(before, value)
        else:
            merged[key] = value
    return merged


def _merge_lists(base: list[Any], own: list[Any]) -> list[Any]:
    replaced = [_row_key(row) for row in own]
    return [row for row in base if _row_key(row) not in replaced] + own


def _row_key(row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    return tuple(str(row.get(key, "")) for key in _ROW_KEYS)
