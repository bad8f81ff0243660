"""Run settings from the command line, as a run sheet: so that they are archived like any other part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any  # Any: TOML trees hold what their author wrote

from qc.readers.lab_sheets.run_sheet import PlateTable
from schemas.errors import ReaderError
from schemas.toml_file import toml_tree

_PLATE_KEYS = frozenset(one.name for one in fields(PlateTable))


def run_sheet_with(content: bytes, settings: Mapping[str, str]) -> bytes:
    """Return the text of a run sheet with settings laid over it.

    Parameters
    ----------
    content : bytes
        Run sheet as TOML; empty for none.

    Returns
    -------
    bytes
        TOML, UTF-8, with the tables ``run``, ``plate`` and whatever else the sheet holds.

    Raises
    ------
    ReaderError
        If the sheet is not TOML.
    """
    try:
        tree = toml_tree(content.decode(), "The run sheet", error=ReaderError)
    except UnicodeDecodeError as error:
        raise ReaderError(f"The run sheet is not UTF-8 text: {error}.") from error
    for key, value in settings.items():
        table = tree.setdefault("plate" if key in _PLATE_KEYS else "run", {})
        if isinstance(table, dict):
            table[key] = value
    return "\n".join(_lines(tree)).encode()


def _lines(tree: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, table in tree.items():
        entries = table.items() if isinstance(table, Mapping) else []
        lines += [f"[{name}]", *(f"{_quoted(str(key))} = {_written(value)}" for key, value in entries), ""]
    return lines


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return _quoted(str(value))


def _quoted(text: str) -> str:
    import json

    # A JSON string is a valid TOML basic string but for DEL, which JSON leaves as it is.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
