"""Rows of the control sheet and of the event sheet: the life of control lots and of methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qc.readers.lab_sheets.sample_sheets import refuse_lacking, refuse_twice
from qc.readers.text.cells import Cells
from qc.readers.text.sheet import Row
from schemas.event import EVENTS, event_named

_SOURCES = ("fixed", "manufacturer", "establishment", "rolling", "")


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
    refuse_lacking(cells, ("material", "level", "analyte", "target", "sd"))
    read = [_control(cells, row) for row in rows]
    refuse_twice(cells, rows, read, ("material", "level", "lot", "analyte", "matrix"))
    return read


def _control(cells: Cells, row: Row) -> dict[str, Any]:
    texts = {column: cells.needed(row, column) for column in ("material", "level", "analyte")}
    texts |= {column: cells.text(row, column) for column in ("lot", "unit", "follows")}
    numbers = {"target": cells.number(row, "target"), "sd": cells.number(row, "sd", least=0.0)}
    times = {column: cells.time(row, column) for column in ("active_from", "expires_on")}
    source = cells.text(row, "target_from").casefold()
    if source not in _SOURCES:
        known = ", ".join(name for name in _SOURCES if name)
        cells.refuse(row, "target_from", f"'{source}' is not known; expected {known} or an empty cell.")
    if source in ("fixed", "manufacturer") and numbers["target"] is None:
        cells.refuse(row, "target", f"A target that is '{source}' needs a number.")
    if texts["follows"] and texts["follows"] == texts["lot"]:
        cells.refuse(row, "follows", f"Lot '{texts['lot']}' cannot follow itself.")
    matrix = cells.text(row, "matrix").casefold()
    return texts | numbers | times | {"target_from": source, "matrix": matrix, "line": row.line}


def event_rows(cells: Cells, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Read the rows of an event sheet.

    Parameters
    ----------
    cells : Cells
        Typed access to the table; faults are added to it.
    rows : sequence of Row
        Rows below the header.

    Returns
    -------
    list of dict
        Rows with the columns of the table ``events``.
    """
    refuse_lacking(cells, ("happened_at", "event", "recorded_by"))
    read = [_event(cells, row) for row in rows]
    refuse_twice(cells, rows, read, ("happened_at", "event", "analyte", "instrument"))
    return read


def _event(cells: Cells, row: Row) -> dict[str, Any]:
    written = cells.needed(row, "event")
    event = event_named(written)
    if written and event is None:
        cells.refuse(row, "event", f"'{written}' is not known; expected {', '.join(EVENTS)}.")
    happened_at = cells.time(row, "happened_at")
    if not cells.text(row, "happened_at"):
        cells.refuse(row, "happened_at", "The cell is empty; an event needs its time.")
    texts = {column: cells.text(row, column) for column in ("analyte", "instrument", "lot", "note")}
    recorded_by = cells.needed(row, "recorded_by")
    return texts | {"happened_at": happened_at, "event": event or "", "recorded_by": recorded_by, "line": row.line}
