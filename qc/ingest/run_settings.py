"""Run settings from the command line, as a run sheet: so that they are archived like any other part."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

from schemas.errors import ReaderError

PLATE_KEYS = frozenset({"export", "map", "signal", "reference_signal", "plate"})


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
        tree: dict[str, Any] = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ReaderError(f"The run sheet is not well-formed TOML: {error}.") from error
    for key, value in settings.items():
        table = tree.setdefault("plate" if key in PLATE_KEYS else "run", {})
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
