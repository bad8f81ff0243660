"""Causes that several waiting items share, worst first: counted over the runs, and only the first of them worded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qc.items.blinded_item import findings_by_item
from qc.items.cause_shown import CauseShown, worded
from qc.triage.filter_sql import Condition
from qc.triage.queue_query import RANKS, Question
from qc.triage.waiting_rows import VERDICTS, both, covered_results

if TYPE_CHECKING:
    from qc.store.connection import Connection
    from schemas.queue_filter import Filter

MOST_CAUSES = 200
"""Causes that lead the queue; items of all others stand one by one."""
BY_CAUSE = "gravest"
"""Order of the queue in which causes lead."""
_NAMED_ALONE = ("cause", "item", "sample", "state")
_GRAVITY, _SCOPE = RANKS[BY_CAUSE]
_CAUSES = """
    SELECT cause, sum(n_items)::BIGINT, sum(n_covered)::BIGINT, count(DISTINCT run_id), min(gravity) FROM covered
    WHERE cause <> '' GROUP BY 1 HAVING sum(n_items) > 1 ORDER BY 5, 3 DESC, 1 LIMIT ?
"""
_FIRSTS = """
    SELECT h.cause, arg_min(h.item, {rank}), arg_min(h.study, {rank}), arg_min(h.run, {rank}), arg_min(h.run, h.run_id),
        list(DISTINCT nullif(h.analyte, ''))
    FROM open_items h JOIN runs r USING (run_id) JOIN assessments a USING (assessment_id)
    WHERE ({where}) AND h.cause IN (SELECT unnest(?::VARCHAR[])) GROUP BY 1
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
    covered, values = covered_results(question)
    counts = {row[0]: row[1:] for row in con.execute(f"{covered} {_CAUSES}", [*values, MOST_CAUSES]).fetchall()}
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
            verdict=VERDICTS[counts[cause][3]],
        )
        for cause, item, study, said_of, run, analytes in firsts
    }
    return tuple(shown[cause] for cause in counts if cause in shown)


def alone_of(question: Question, causes: Sequence[CauseShown]) -> Question:
    """Return the question for the items that stand in no cause of a list."""
    if not causes:
        return question
    names = [cause.cause for cause in causes]
    others = Condition("h.cause NOT IN (SELECT unnest(?::VARCHAR[]))", (names,))
    of_groups = question.of_groups and both(question.of_groups, others)
    return replace(question, condition=both(question.condition, others), of_groups=of_groups)


def members_of(question: Question, cause: str) -> Question:
    """Return the question for the items of one cause."""
    own = Condition("h.cause = ?", (cause,))
    of_groups = question.of_groups and both(question.of_groups, own)
    return replace(question, condition=both(question.condition, own), of_groups=of_groups)
