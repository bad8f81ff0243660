"""Rows of the sample sheet and the subject sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qc.readers.text.cells import Cells
from qc.readers.text.sheet import Row
from schemas.errors import Fault

_SEXES = {"female": "female", "f": "female", "male": "male", "m": "male", "": "", "na": "", "unknown": ""}
_UNTOLD = ("sample", "subject", "visit")


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
    refuse_lacking(cells, ("sample", "subject", "visit", "matrix"))
    read = [_sample(cells, row) for row in rows]
    refuse_twice(cells, rows, read, ("study", "sample"))
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
    refuse_lacking(cells, ("subject", "sex"))
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
    refuse_twice(cells, rows, read, ("study", "subject"))
    return read


def refuse_lacking(cells: Cells, columns: Sequence[str]) -> None:
    """Add a fault if the header lacks a column.

    Parameters
    ----------
    cells : Cells
        Typed access to the table.
    columns : sequence of str
        Columns that are needed.
    """
    lacking = [column for column in columns if column not in cells.columns]
    if lacking:
        names = ", ".join(f"'{column}'" for column in lacking)
        found = ", ".join(f"'{cell.strip()}'" for cell in cells.header.cells if cell.strip())
        where = cells.sheet.where(cells.header)
        cells.faults.append(Fault(where, f"The header lacks {names}; columns found: {found}."))


def refuse_twice(cells: Cells, rows: Sequence[Row], read: Sequence[dict[str, Any]], key: Sequence[str]) -> None:
    """Add a fault for each row whose key stands in another row already.

    Parameters
    ----------
    cells : Cells
        Typed access to the table.
    rows : sequence of Row
        Rows below the header.
    read : sequence of dict
        What was read of each.
    key : sequence of str
        Columns of the key.
    """
    first: dict[tuple[str, ...], int] = {}
    for row, values in zip(rows, read, strict=True):
        name = tuple(str(values[column]) for column in key)
        if name in first and any(name):
            # The line says whose it is to whoever holds the file; a blinded person reads this too.
            shown = ", ".join(
                f"this {column}" if column in _UNTOLD else f"{column} '{value}'"
                for column, value in zip(key, name, strict=True)
                if value
            )
            cells.refuse(row, key[1] if key[1] in ("sample", "subject") else key[0],
                         f"{shown} stands in row {first[name]} already; each may stand once.")  # fmt: skip
        first.setdefault(name, row.line)
