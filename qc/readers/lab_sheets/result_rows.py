"""Rows of a results table: one reported value each, as the laboratory wrote it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from qc.readers.lab_sheets.status_marks import marks_of_columns
from schemas.headers.cells import Cells
from schemas.headers.dilution_cell import dilution_cell
from schemas.lab_words import WideColumn, word_in
from schemas.run import Run
from schemas.tables.sheets import SHEETS
from schemas.text_tables.sheet import Row

_OWN = frozenset({"run", "role", "sample", "analyte", "matrix", "text", "dilution", "lloq", "lod", "uloq"})
"""Columns that :func:`_row` reads in a way of its own; every other one is text, kept as written."""
_CONTROL_WORDS = frozenset({"control", "qc", "ctrl", "con", "c", "kontrolle"})
_SAMPLE_WORDS = frozenset({"", "sample", "unknown", "unk", "patient", "s", "probe"})


@dataclass(slots=True)
class VisitCells(Cells):
    """Cells of a table that holds a column for each visit."""

    visit: str = ""
    """Visit of the column that is read."""

    def text(self, row: Row, column: str) -> str:
        """Return the text of a cell; the name of a sample carries its visit."""
        text = Cells.text(self, row, column)
        return f"{text} {self.visit}" if column == "sample" and text else text


def reported_rows(cells: Cells, rows: Sequence[Row], run: Run) -> list[dict[str, Any]]:
    """Read the rows of a results table.

    Parameters
    ----------
    cells : Cells
        Typed access to the table; faults are added to it.
    run : Run
        What holds where a row is silent: name of the run, matrix, analyte, unit and method.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``reported``. A row with a material and no sample, or with the role
        ``control``, is a control. ``text`` is the value as written, and ``decimal_comma`` tells how to read it.
    """
    copied = [(one.name, one.title) for one in SHEETS["results"].columns if one.name not in _OWN]
    return [_row(cells, row, run, copied) for row in rows]


def wide_rows(cells: Cells, rows: Sequence[Row], run: Run, wide: Mapping[int, WideColumn]) -> list[dict[str, Any]]:
    """Read the rows of a table with one column an analyte.

    Parameters
    ----------
    wide : mapping of int to WideColumn
        Analyte and unit by index of the column.

    Returns
    -------
    list of dict
        Rows as :func:`reported_rows` gives them, by line; an empty cell is no result.
    """
    read: list[dict[str, Any]] = []
    for index, column in wide.items():
        own = replace(cells, columns={**cells.columns, "value": index})
        filled = [row for row in rows if row.cell(index)]
        column_run = replace(run, analyte=column.analyte, unit=column.unit or run.unit)
        read += reported_rows(_of_visit(own, column.visit) if column.visit else own, filled, column_run)
    return sorted(read, key=lambda row: int(row["line"]))


def _of_visit(cells: Cells, visit: str) -> Cells:
    """Return the cells of a table by subject, in which a sample is called by its subject and visit."""
    code = cells.columns.get("sample", cells.columns.get("subject", 0))
    return VisitCells(
        cells.sheet, cells.header, {**cells.columns, "sample": code}, cells.mark, cells.words, cells.faults, visit=visit
    )


def _row(cells: Cells, row: Row, run: Run, copied: Sequence[tuple[str, str]]) -> dict[str, Any]:
    written = {name: cells.text(row, title) for name, title in copied}
    dilution = dilution_cell(cells.sheet, row, cells.columns.get("dilution"), cells.faults, mark=cells.mark)
    role = _role(cells, row, written["material"])
    sample = cells.text(row, "sample")
    if role == "sample" and not sample:
        sentence = "The cell is empty; a result needs a sample, or a material if it is of a control."
        cells.refuse_empty(row, "sample", sentence)
    if role == "control":
        sample, written = "", written | {"material": written["material"] or sample}
    analyte = cells.needed(row, "analyte") if "analyte" in cells.columns else run.analyte
    text = cells.text(row, "value")
    return written | {
        "run": cells.text(row, "run") or run.run,
        "line": row.line,
        "role": role,
        "sample": sample,
        "analyte": analyte,
        "matrix": cells.text(row, "matrix").casefold() or run.matrix,
        "text": text,
        "decimal_comma": cells.mark == ",",
        "unit": written["unit"] or run.unit,
        "method": written["method"] or run.method,
        "dilution": dilution or 1.0,
        **{name: cells.number(row, name, least=0.0) for name in ("lloq", "lod", "uloq")},
        "flag": marks_of_columns(written, cells.sheet.where(row)),
    }


def runs_of(rows: Sequence[Mapping[str, Any]], run: Run) -> tuple[Run, ...]:
    """Return the runs that rows name, each with the reagent lot that all of its rows share."""
    lots: dict[str, set[str]] = {}
    for row in rows:
        lots.setdefault(row["run"], set()).add(row["reagent_lot"])
    return tuple(
        replace(run, run=name, reagent_lot=run.reagent_lot or (next(iter(own)) if len(own) == 1 else ""))
        for name, own in lots.items()
    )


def _role(cells: Cells, row: Row, material: str) -> str:
    word = word_in(cells.words.words, cells.text(row, "role")).casefold()
    if word in _CONTROL_WORDS:
        return "control"
    if word not in _SAMPLE_WORDS:
        cells.refuse(row, "role", f"Role '{word}' is not known; expected sample or control.")
    return "control" if material and not cells.text(row, "sample") else "sample"
