"""Tables as CSV that a spreadsheet opens as text: no cell is computed."""

from __future__ import annotations

import polars as pl

_FORMULA = r"^[\s\x00]*[=+\-@\t\r]"
"""How a cell begins that a spreadsheet may compute (OWASP, CSV injection, 2023)."""
_NUMBER = r"^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?\s*$"
"""A number computes nothing, whatever its sign."""


def csv_text(frame: pl.DataFrame) -> str:
    """Return a table as CSV, with an apostrophe before every text that a spreadsheet would compute."""
    texts = pl.col(pl.String)
    is_formula = texts.str.contains(_FORMULA) & ~texts.str.contains(_NUMBER)
    return frame.with_columns(pl.when(is_formula).then("'" + texts).otherwise(texts).name.keep()).write_csv()
