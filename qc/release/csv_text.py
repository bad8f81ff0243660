"""Tables as CSV that a spreadsheet opens as text: no cell is computed."""

from __future__ import annotations

import polars as pl

from schemas.text_tables.formula_cell import FORMULA, NUMBER


def csv_text(frame: pl.DataFrame) -> str:
    """Return a table as CSV, with an apostrophe before every text that a spreadsheet would compute."""
    texts = pl.col(pl.String)
    is_formula = texts.str.contains(FORMULA) & ~texts.str.contains(NUMBER)
    return frame.with_columns(pl.when(is_formula).then("'" + texts).otherwise(texts).name.keep()).write_csv()
