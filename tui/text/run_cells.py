"""Runs as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.widgets.columns import Cell, Column

if TYPE_CHECKING:
    from qc.triage.waiting_runs import RunLine

RUN_COLUMNS = (Column("", 1), Column("run", 10, weight=1), Column("holds", 5, is_number=True))
SIGNS = {"broken": "✖", "reject": "✗", "not_evaluable": "?", "warn": "!", "pass": "✓"}
"""Shape by verdict."""
TONES = {"broken": "bad", "reject": "bad", "not_evaluable": "note", "warn": "warn", "pass": "good"}
"""Tone by verdict."""


class RunRows:
    """Rows of runs."""

    def __init__(self, runs: Sequence[RunLine]) -> None:
        self.runs = list(runs)
        self.n_rows = len(self.runs)

    def cells(self, index: int) -> Sequence[Cell] | None:
        """Return the cells of a row."""
        run = self.runs[index]
        return Cell(SIGNS[run.verdict], TONES[run.verdict]), Cell(run.run), Cell(f"{run.n_held:,}", "muted")

    def is_marked(self, index: int) -> bool:
        """Tell whether a row is marked."""
        return False
