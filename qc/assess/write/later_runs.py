"""Runs whose controls look back on controls that came late or have changed since: they must be judged again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.assess.write.stale_runs import StaleRun

if TYPE_CHECKING:
    import duckdb

_FOLLOWING = """
    WITH keys AS (
        SELECT DISTINCT run_id, analyte, matrix FROM control_results
    ), said AS (
        SELECT assessment_id, analyte, matrix, sum(hash(position, material, level, lot, value, z)) AS content
        FROM control_results GROUP BY ALL
    ), steps AS (
        SELECT k.run_id, a.assessment_id, k.analyte, k.matrix, s.content,
            lag(s.content) OVER (PARTITION BY k.run_id, k.analyte, k.matrix ORDER BY a.assessment_id) AS before
        FROM keys k JOIN assessments a USING (run_id) LEFT JOIN said s USING (assessment_id, analyte, matrix)
    ), changed AS (
        SELECT run_id, analyte, matrix, max(assessment_id) AS changed_in FROM steps
        WHERE content IS DISTINCT FROM before GROUP BY ALL
        UNION ALL
        SELECT k.run_id, k.analyte, k.matrix, min(a.assessment_id) FROM keys k
            JOIN runs n ON n.supersedes = k.run_id JOIN assessments a ON a.run_id = n.run_id GROUP BY ALL
    ), placed AS (
        SELECT c.run_id, c.changed_in, max(c.changed_in) OVER (
            PARTITION BY r.instrument, c.analyte, c.matrix ORDER BY r.started_at
            RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING) AS changed_before
        FROM changed c JOIN runs r USING (run_id) WHERE r.started_at IS NOT NULL
    )
    SELECT DISTINCT r.run_id, r.run, r.study, r.started_at
    FROM placed p JOIN run_states s USING (run_id) JOIN runs r USING (run_id)
    WHERE NOT s.is_superseded AND p.changed_before > s.assessment_id
    ORDER BY r.started_at, r.run_id
"""


def following_runs(con: duckdb.DuckDBPyConnection) -> list[StaleRun]:
    """Return the runs that look back on controls which changed after the runs were judged.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    list of StaleRun
        Runs with controls of the same analyte on the same instrument that began later than a run whose control results
        are new, differ from its assessment before, or were corrected, in an assessment younger than their own; in the
        order of measurement. What is stored tells, so that a pass that was cut off is made good by the next one.
    """
    return [StaleRun(run_id, run, study) for run_id, run, study, _ in con.execute(_FOLLOWING).fetchall()]
