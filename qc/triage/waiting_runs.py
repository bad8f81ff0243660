"""Runs with what waits in them, gravest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.store.connection import Connection

MOST_RUNS = 500
"""Runs that are listed; a filter finds the others."""
_RUNS = """
    SELECT s.run_id, s.run, s.study, r.matrix, r.analyte, r.instrument, s.verdict, r.started_at, a.assessed_at,
        s.n_results, coalesce(h.n_held, 0)
    FROM run_states s JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)
    LEFT JOIN (SELECT run_id, assessment_id, sum(n_items)::BIGINT AS n_held FROM held_groups GROUP BY ALL) h
        USING (run_id, assessment_id)
    WHERE NOT s.is_superseded AND (? OR h.n_held > 0)
    ORDER BY CASE s.verdict WHEN 'broken' THEN 0 WHEN 'reject' THEN 1 WHEN 'not_evaluable' THEN 2 WHEN 'warn' THEN 3
        ELSE 4 END, a.assessed_at DESC, s.run_id
    LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class RunLine(JsonModel):
    """One run."""

    run_id: int
    """Id."""
    run: str
    """Name."""
    study: str
    """Study."""
    matrix: str
    """Matrix; empty where there are several."""
    analyte: str
    """Analyte; empty where there are several."""
    instrument: str
    """Instrument."""
    verdict: str
    """Verdict of its newest assessment."""
    started_at: datetime | None
    """When it began; None if it is not known."""
    assessed_at: datetime
    """When it was judged, in UTC."""
    n_results: int
    """Its results."""
    n_held: int
    """Items that findings hold, decided ones too."""


def waiting_runs(con: Connection, *, everything: bool = False, most: int = MOST_RUNS) -> list[RunLine]:
    """List runs, those with the gravest verdict and the newest first."""
    return [RunLine(*row) for row in con.execute(_RUNS, [everything, most]).fetchall()]
