"""Runs of a results table: what its columns say of them, beside what the run sheet says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any  # Any: fields of a run

from schemas.headers.cells import Cells
from schemas.run import Run
from schemas.text_tables.sheet import Row

_TEXTS = ("instrument", "platform", "operator", "calibrator_lot")


def runs_of_table(cells: Cells, rows: Sequence[Row], run: Run, sheet_keys: Mapping[str, object]) -> tuple[Run, ...]:
    """Return the runs of a results table.

    Parameters
    ----------
    run : Run
        What the run sheet says, and what holds without one.
    sheet_keys : mapping of str to object
        Fields of the run that the run sheet gives: a column that says otherwise is a fault.

    Returns
    -------
    tuple of Run
        One for each name in the column ``run``, in the order of the file.
    """
    by_run: dict[str, list[Row]] = {}
    for row in rows:
        by_run.setdefault(cells.text(row, "run") or run.run, []).append(row)
    return tuple(_run(cells, own, replace(run, run=name), sheet_keys) for name, own in by_run.items())


def _run(cells: Cells, rows: Sequence[Row], run: Run, sheet_keys: Mapping[str, object]) -> Run:
    texts: dict[str, Any] = {
        name: _only(cells, rows, name, str(sheet_keys.get(name) or "")) for name in _TEXTS if name in cells.columns
    }
    started_at = _started_at(cells, rows, sheet_keys) if "started_at" in cells.columns else None
    said = {name: text for name, text in texts.items() if text}
    return replace(run, **said, started_at=started_at or run.started_at)


def _only(cells: Cells, rows: Sequence[Row], name: str, by_run_sheet: str) -> str:
    texts = {cells.text(row, name): row for row in reversed(rows) if cells.text(row, name)}
    if by_run_sheet:
        texts.setdefault(by_run_sheet, rows[0])
    if len(texts) > 1:
        several = " and ".join(f"'{text}'" for text in sorted(texts))
        hint = f"the run sheet says '{by_run_sheet}'" if by_run_sheet else "give each run a name in column 'run'"
        cells.refuse(rows[0], name, f"One run has {several} as its {name}; {hint}.")
    return next(iter(texts), "")


def _started_at(cells: Cells, rows: Sequence[Row], sheet_keys: Mapping[str, object]) -> datetime | None:
    times = [time for time in (cells.time(row, "started_at") for row in rows) if time is not None]
    first, by_run_sheet = min(times, default=None), sheet_keys.get("started_at")
    if isinstance(by_run_sheet, datetime) and first is not None and first != by_run_sheet:
        text = f"The run begins at {first.isoformat()} here and at {by_run_sheet.isoformat()} by the run sheet."
        cells.refuse(rows[0], "started_at", text + " Mend one of them.")
    return first
