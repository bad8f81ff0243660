"""Rows of the bridging sheet: comparisons between platforms, methods or calibrator lots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qc.readers.lab_sheets.sample_sheets import refuse_lacking, refuse_twice
from qc.readers.text.cells import Cells
from qc.readers.text.sheet import Row
from schemas.bridging import KINDS

_NEEDED = ("bridging", "bridged_from", "bridged_to", "accepted", "document", "recorded_by")
_ANSWERS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


def bridging_rows(cells: Cells, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Read the rows of a bridging sheet.

    Parameters
    ----------
    cells : Cells
        Typed access to the table; faults are added to it.
    rows : sequence of Row
        Rows below the header.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``bridgings``.
    """
    refuse_lacking(cells, _NEEDED)
    read = [_bridging(cells, row) for row in rows]
    refuse_twice(cells, rows, read, ("kind", "bridged_from", "bridged_to", "analyte", "matrix"))
    return read


def _bridging(cells: Cells, row: Row) -> dict[str, Any]:
    kind = cells.needed(row, "bridging").casefold().replace(" ", "_")
    if kind and kind not in KINDS:
        cells.refuse(row, "bridging", f"'{kind}' is not known; expected {', '.join(KINDS)}.")
    answer = cells.needed(row, "accepted").casefold()
    if answer and answer not in _ANSWERS:
        cells.refuse(row, "accepted", f"'{answer}' is not known; expected yes or no.")
    texts = {column: cells.needed(row, column) for column in ("bridged_from", "bridged_to", "document", "recorded_by")}
    if texts["bridged_from"] and texts["bridged_from"] == texts["bridged_to"]:
        cells.refuse(row, "bridged_to", f"'{texts['bridged_to']}' cannot be bridged to itself.")
    own = {"analyte": cells.text(row, "analyte"), "matrix": cells.text(row, "matrix").casefold(), "line": row.line}
    return {"kind": kind, "accepted": _ANSWERS.get(answer, False), **texts, **own}
