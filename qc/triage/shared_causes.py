"""Causes that several waiting items share, worst first: counted over the runs, and only the first of them worded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.items.blinded_item import findings_by_item
from qc.items.cause_shown import CauseShown, worded
from qc.store.frames import first_row
from qc.store.tables import OPEN_GROUPS, OPEN_ITEMS
from qc.triage.filter_sql import Condition, named_items
from qc.triage.queue_query import RANKS, Question
from qc.triage.row_positions import joined
from schemas.finding import Verdict

if TYPE_CHECKING:
    from qc.store.connection import Connection
    from schemas.queue_filter import Filter

MOST_CAUSES = 200
"""Causes that lead the queue; items of all others stand one by one."""
BY_CAUSE = "gravest"
"""Order of the queue in which causes lead."""
_NAMED_ALONE = ("cause", "item", "sample", "state")
_GRAVITY, _SCOPE = RANKS[BY_CAUSE]
_VERDICTS = (Verdict.BROKEN, Verdict.REJECT, Verdict.NOT_EVALUABLE, Verdict.WARN)  # as _GRAVITY counts them
# A result that its run or its analyte holds too counts once.
_PLACED = """
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
_CAUSES = """
    SELECT cause, sum(n_items)::BIGINT, sum(n_covered)::BIGINT, count(DISTINCT run_id), min(gravity) FROM covered
    WHERE cause <> '' GROUP BY 1 HAVING sum(n_items) > 1 ORDER BY 5, 3 DESC, 1 LIMIT ?
"""
_N_COVERED = "SELECT coalesce(sum(n_covered), 0)::BIGINT FROM covered"
_FIRSTS = """
    SELECT h.cause, arg_min(h.item, {rank}), arg_min(h.study, {rank}), arg_min(h.run, {rank}), arg_min(h.run, h.run_id),
        list(DISTINCT nullif(h.analyte, ''))
    FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)
    WHERE ({where}) AND h.cause IN (SELECT unnest(?::VARCHAR[])) GROUP BY 1
"""
_SETTLED = """
    SELECT count(DISTINCT cause) FILTER (cause <> '') + coalesce(sum(n_items) FILTER (cause = ''), 0)::BIGINT
    FROM ({rows})
"""


def leads_by_cause(wanted: Filter, order: str) -> bool:
    """Tell whether causes lead the answer to a filter: not where single items are named, and not in another order."""
    return order == BY_CAUSE and not any(wanted.values_of(key) for key in _NAMED_ALONE)


def shared_causes(con: Connection, question: Question) -> tuple[CauseShown, ...]:
    """Return the causes that two or more items of an answer share.

    Returns
    -------
    tuple of CauseShown
        Gravest first, then those that hold most results; at most :data:`MOST_CAUSES`.
    """
    rows, values = _rows(question)
    placed = _PLACED.format(cause="cause", rows=rows)
    counts = {row[0]: row[1:] for row in con.execute(f"{placed} {_CAUSES}", [*values, MOST_CAUSES]).fetchall()}
    if not counts:
        return ()
    sql = _FIRSTS.format(where=question.condition.sql, rank=f"row({_GRAVITY}, -h.run_id, {_SCOPE}, h.result_id)")
    firsts = con.execute(sql, [*question.condition.values, list(counts)]).fetchall()
    findings = findings_by_item(con, [row[1] for row in firsts])
    shown = {
        cause: worded(
            cause=cause,
            study=study,
            runs=[run],
            n_runs=counts[cause][2],
            analytes=[analyte for analyte in analytes if analyte],
            counts=(counts[cause][0], counts[cause][1]),
            said_of=said_of,
            first=[finding for finding in findings[item] if finding.holds],
            verdict=_VERDICTS[counts[cause][3]],
        )
        for cause, item, study, said_of, run, analytes in firsts
    }
    return tuple(shown[cause] for cause in counts if cause in shown)


def things_waiting(con: Connection, question: Question) -> tuple[int, int]:
    """Count what is to be settled, and the results that wait with it.

    Returns
    -------
    tuple of int
        Causes and items that stand alone; results, each once.
    """
    rows, values = _rows(question)
    things = first_row(con, _SETTLED.format(rows=_counted_rows(rows)), values) or (0,)
    placed = _PLACED.format(cause="''", rows=rows)
    results = first_row(con, f"{placed} {_N_COVERED}", values) or (0,)
    return int(things[0]), int(results[0])


def alone_of(question: Question, causes: Sequence[CauseShown]) -> Question:
    """Return the question for the items that stand in no cause of a list."""
    if not causes:
        return question
    names = [cause.cause for cause in causes]
    others = Condition("h.cause NOT IN (SELECT unnest(?::VARCHAR[]))", (names,))
    of_groups = question.of_groups and _both(question.of_groups, others)
    return replace(question, condition=_both(question.condition, others), of_groups=of_groups)


def members_of(question: Question, cause: str) -> Question:
    """Return the question for the items of one cause."""
    own = Condition("h.cause = ?", (cause,))
    of_groups = question.of_groups and _both(question.of_groups, own)
    return replace(question, condition=_both(question.condition, own), of_groups=of_groups)


def _both(one: Condition, other: Condition) -> Condition:
    return Condition(f"({one.sql}) AND {other.sql}", (*one.values, *other.values))


def _counted_rows(rows: str) -> str:
    return f"SELECT cause, run_id, sum(n_items) AS n_items FROM ({rows}) GROUP BY ALL HAVING sum(n_items) > 0"  # noqa: S608


def _rows(question: Question) -> tuple[str, list[object]]:
    if question.of_groups is None:
        return _selected(OPEN_ITEMS, "1", "h.n_results", question.condition)
    rows, values = _selected(OPEN_GROUPS, "h.n_items", "h.n_results", question.of_groups)
    if not question.excepted_items:
        return rows, values
    less, more = _selected(
        OPEN_ITEMS, "-1", "-h.n_results", _both(question.of_groups, named_items(question.excepted_items))
    )
    return f"{rows} UNION ALL {less}", [*values, *more]


def _selected(table: str, n_items: str, n_results: str, where: Condition) -> tuple[str, list[object]]:
    # Our own columns; everything typed is a parameter.
    columns = f"h.cause, h.run_id, h.scope, h.analyte, {_GRAVITY} AS gravity, {n_items} AS n_items, {n_results}"
    sql = f"SELECT {columns} AS n_results {joined(table, where.sql)} WHERE {where.sql}"
    return sql, list(where.values)
