"""What waits as counts over the runs, with the results that hang on it: SQL that causes and the morning count with."""

from __future__ import annotations

from qc.store.tables import OPEN_GROUPS, OPEN_ITEMS
from qc.triage.filter_sql import Condition, named_items
from qc.triage.queue_query import RANKS, Question
from qc.triage.row_positions import joined
from schemas.finding import Verdict

VERDICTS = (Verdict.BROKEN, Verdict.REJECT, Verdict.NOT_EVALUABLE, Verdict.WARN)
"""Verdicts by their gravity, as the queue counts it."""
_GRAVITY, _ = RANKS["gravest"]
# A result that its run or its analyte holds too counts once.
_COVERED = """
    WITH counted AS (
        SELECT {cause} AS cause, run_id, scope, analyte, gravity, sum(n_items) AS n_items, sum(n_results) AS n_results
        FROM ({rows}) GROUP BY ALL HAVING sum(n_items) > 0
    ), placed AS (
        SELECT *, bool_or(scope = 'run') OVER (PARTITION BY cause, run_id) AS has_run,
            bool_or(scope = 'analyte') OVER (PARTITION BY cause, run_id, analyte) AS has_analyte
        FROM counted
    ), covered AS (
        SELECT *, CASE WHEN scope = 'run' OR (NOT has_run AND (scope = 'analyte' OR NOT has_analyte))
            THEN n_results ELSE 0 END AS n_covered
        FROM placed
    )
"""


def covered_results(question: Question, *, by_cause: bool = True) -> tuple[str, list[object]]:
    """Return the counts with the results that each of them covers, as a table ``covered`` of a statement.

    Parameters
    ----------
    by_cause : bool
        Whether a result counts once for each cause; else once in all.
    """
    rows, values = waiting_rows(question)
    return _COVERED.format(cause="cause" if by_cause else "''", rows=rows), values


def waiting_rows(question: Question) -> tuple[str, list[object]]:
    """Return counts of what answers a question, by cause, run, scope, analyte and gravity.

    Returns
    -------
    tuple
        SQL and its parameters; what the ledger takes out stands there as counts below 0.
    """
    if question.of_groups is None:
        return _selected(OPEN_ITEMS, "1", "h.n_results", question.condition)
    rows, values = _selected(OPEN_GROUPS, "h.n_items", "h.n_results", question.of_groups)
    if not question.excepted_items:
        return rows, values
    less, more = _selected(
        OPEN_ITEMS, "-1", "-h.n_results", both(question.of_groups, named_items(question.excepted_items))
    )
    return f"{rows} UNION ALL {less}", [*values, *more]


def _selected(table: str, n_items: str, n_results: str, where: Condition) -> tuple[str, list[object]]:
    # Our own columns; everything typed is a parameter.
    columns = f"h.cause, h.run_id, h.scope, h.analyte, {_GRAVITY} AS gravity, {n_items} AS n_items, {n_results}"
    sql = f"SELECT {columns} AS n_results {joined(table, where.sql)} WHERE {where.sql}"
    return sql, list(where.values)


def both(one: Condition, other: Condition) -> Condition:
    """Join two conditions."""
    return Condition(f"({one.sql}) AND {other.sql}", (*one.values, *other.values))
