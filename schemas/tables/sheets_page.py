"""The page of the sheets: every column that a laboratory may write, as the table models declare it.

``python -m schemas.tables.sheets_page > docs/sheets.md`` renews it; a test holds it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.tables.sheets import SHEETS

if TYPE_CHECKING:
    from schemas.tables.column import SheetColumn

_HEAD = """# The sheets of a laboratory

CSV, TSV, XLSX, XLS or Parquet. A sheet is told by its header. In header words case, spaces, underscores, hyphens and
dots do not count. Made from the table models by `python -m schemas.tables.sheets_page`.
"""
_KINDS = {"text": "text", "number": "number", "whole": "whole number", "time": "time", "yes_no": "yes or no"}
_MUST = {"optional": "", "said": "every row, or its header", "column": "column", "cell": "every row"}


def page() -> str:
    """Return the page.

    Returns
    -------
    str
        Markdown.
    """
    from schemas.tables.column import sheet_columns
    from schemas.tables.run_columns import RunColumns
    from schemas.tables.wells import PlateMap

    parts = [_HEAD, *(_table(sheet.name, sheet.columns) for sheet in SHEETS.values())]
    parts.append(_table("results table, of its run", sheet_columns(RunColumns)))
    return "\n".join([*parts, _table("plate map", sheet_columns(PlateMap))])


def _table(name: str, columns: tuple[SheetColumn, ...]) -> str:
    return "\n".join([f"## {name.capitalize()}\n", *_lines(columns), ""])


def _lines(columns: tuple[SheetColumn, ...]) -> Iterator[str]:
    yield "| column | other words | holds | needed | what it says |"
    yield "|---|---|---|---|---|"
    for one in columns:
        words = ", ".join(f"`{word}`" for word in one.synonyms)
        yield f"| `{one.title}` | {words} | {_holds(one)} | {_MUST[one.presence]} | {one.description} |"


def _holds(one: SheetColumn) -> str:
    if one.words is not None and one.kind == "text":
        return ", ".join(f"`{value}`" for value in dict.fromkeys(one.words.values()) if value)
    least, most = (None if bound is None else f"{bound:g}" for bound in (one.least, one.most))
    bounds = [_KINDS[one.kind], *([f"in {one.unit}"] if one.unit else [])]
    bounds += [f"{'from' if one.is_least_allowed else 'above'} {least}"] if least else []
    return " ".join([*bounds, *([f"to {most}"] if most else [])])


if __name__ == "__main__":
    sys.stdout.write(page())
