"""Rows of the sample sheet, the subject sheet and the control sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qc.readers.cells import Cells
from qc.readers.sheet import Row
from schemas.errors import Fault

_SEXES = {"female": "female", "f": "female", "male": "male", "m": "male", "": "", "na": "", "unknown": ""}


def sample_rows(cells: Cells, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Read the rows of a sample sheet.

    Parameters
    ----------
    cells : Cells
        Typed access to the table; faults are added to it.
    rows : sequence of Row
        Rows below the header.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``samples``.
    """
    _refuse_lacking(cells, ("sample", "subject", "visit", "matrix"))
    read = [_sample(cells, row) for row in rows]
    _refuse_twice(cells, rows, read, ("study", "sample"))
    return read


def _sample(cells: Cells, row: Row) -> dict[str, Any]:
    return {
        "study": cells.text(row, "study"),
        "sample": cells.needed(row, "sample"),
        "subject": cells.needed(row, "subject"),
        "visit": cells.needed(row, "visit"),
        "matrix": cells.needed(row, "matrix").casefold(),
        "collected_at": cells.time(row, "collected_at"),
        "frozen_at": cells.time(row, "frozen_at"),
        "tube": cells.text(row, "tube"),
        "haemolysis_index": cells.number(row, "haemolysis_index"),
        "haemolysis_platform": cells.text(row, "haemolysis_platform"),
        "rbc_per_ul": cells.number(row, "rbc_per_ul", least=0.0),
        "freeze_thaw_cycles": cells.whole(row, "freeze_thaw_cycles", least=0, most=1000),
        "line": row.line,
    }


def subject_rows(cells: Cells, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Read the rows of a subject sheet.

    Parameters
    ----------
    cells : Cells
        Typed access to the table; faults are added to it.
    rows : sequence of Row
        Rows below the header.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``subjects``.
    """
    _refuse_lacking(cells, ("subject", "sex"))
    read = []
    for row in rows:
        word = cells.text(row, "sex")
        if word.casefold() not in _SEXES:
            cells.refuse(row, "sex", f"'{word}' is not known; expected female, male or an empty cell.")
        read.append(
            {
                "study": cells.text(row, "study"),
                "subject": cells.needed(row, "subject"),
                "sex": _SEXES.get(word.casefold(), ""),
                "birth_year": cells.whole(row, "birth_year", least=1880, most=2100),
                "line": row.line,
            }
        )
    _refuse_twice(cells, rows, read, ("study", "subject"))
    return read


def control_rows(cells: Cells, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Read the rows of a control sheet.

    Parameters
    ----------
    cells : Cells
        Typed access to the table; faults are added to it.
    rows : sequence of Row
        Rows below the header.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``controls``; a target or SD that is not given is null.
    """
    _refuse_lacking(cells, ("material", "level", "analyte", "target", "sd"))
    read = []
    for row in rows:
        texts = {column: cells.needed(row, column) for column in ("material", "level", "analyte")}
        texts |= {column: cells.text(row, column) for column in ("lot", "unit")}
        numbers = {"target": cells.number(row, "target"), "sd": cells.number(row, "sd", least=0.0)}
        read.append(texts | numbers | {"matrix": cells.text(row, "matrix").casefold(), "line": row.line})
    _refuse_twice(cells, rows, read, ("material", "level", "lot", "analyte", "matrix"))
    return read


def _refuse_lacking(cells: Cells, columns: Sequence[str]) -> None:
    lacking = [column for column in columns if column not in cells.columns]
    if lacking:
        names = ", ".join(f"'{column}'" for column in lacking)
        found = ", ".join(f"'{cell.strip()}'" for cell in cells.header.cells if cell.strip())
        where = cells.sheet.where(cells.header)
        cells.faults.append(Fault(where, f"The header lacks {names}; columns found: {found}."))


def _refuse_twice(cells: Cells, rows: Sequence[Row], read: Sequence[dict[str, Any]], key: Sequence[str]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, values in zip(rows, read, strict=True):
        name = tuple(str(values[column]) for column in key)
        if name in first and any(name):
            shown = ", ".join(f"{column} '{value}'" for column, value in zip(key, name, strict=True) if value)
            cells.refuse(row, key[1] if key[1] in ("sample", "subject") else key[0],
                         f"{shown} stands in row {first[name]} already; each may stand once.")  # fmt: skip
        first.setdefault(name, row.line)
