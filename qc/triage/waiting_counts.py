"""How much waits: causes and items that stand alone, by verdict and by run, and the results that hang on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.store.frames import first_row
from qc.triage.waiting_rows import VERDICTS, covered_results, waiting_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qc.store.connection import Connection
    from qc.triage.queue_query import Question

_THINGS = """
    WITH counted AS (
        SELECT cause, run_id, gravity, sum(n_items) AS n_items FROM ({rows}) GROUP BY ALL HAVING sum(n_items) > 0
    )
"""
_BY_VERDICT = """
    SELECT gravity, sum(n)::BIGINT FROM (
        SELECT min(gravity) AS gravity, 1 AS n FROM counted WHERE cause <> '' GROUP BY cause
        UNION ALL SELECT gravity, n_items FROM counted WHERE cause = ''
    ) GROUP BY 1 ORDER BY 1
"""
_BY_RUN = """
    SELECT run_id, (count(DISTINCT cause) FILTER (cause <> '') + coalesce(sum(n_items) FILTER (cause = ''), 0))::BIGINT
    FROM counted GROUP BY 1
"""
_N_RESULTS = "SELECT coalesce(sum(n_covered), 0)::BIGINT FROM covered"


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How much waits."""

    n_by_verdict: Mapping[str, int]
    """Causes and items that stand alone, by the gravest verdict of each."""
    n_by_run: Mapping[int, int]
    """The same by the id of their run; a cause counts in each of its runs."""
    n_results: int
    """Results that wait with them, each once."""

    @property
    def n_things(self) -> int:
        """Causes and items that stand alone."""
        return sum(self.n_by_verdict.values())


def waiting_counts(con: Connection, question: Question) -> WaitingCounts:
    """Count what answers a question."""
    rows, values = waiting_rows(question)
    counted = _THINGS.format(rows=rows)
    n_by_verdict: Counter[str] = Counter()
    for gravity, n in con.execute(f"{counted} {_BY_VERDICT}", values).fetchall():
        n_by_verdict[VERDICTS[gravity].value] += n
    n_by_run = {run_id: int(n) for run_id, n in con.execute(f"{counted} {_BY_RUN}", values).fetchall()}
    covered, values = covered_results(question, by_cause=False)
    n_results = first_row(con, f"{covered} {_N_RESULTS}", values) or (0,)
    return WaitingCounts(dict(n_by_verdict), n_by_run, int(n_results[0]))
