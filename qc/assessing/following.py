"""Runs whose controls look back on controls that came late or have changed: they must be judged again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.assessing.stale import StaleRun

if TYPE_CHECKING:
    import duckdb

_FOLLOWING = """
    WITH judged AS (
        SELECT run_id, assessment_id FROM run_states WHERE run_id IN (SELECT unnest(?))
    ), before AS (
        SELECT a.run_id, max(a.assessment_id) AS assessment_id
        FROM assessments a JOIN judged j ON a.run_id = j.run_id AND a.assessment_id < j.assessment_id
        GROUP BY a.run_id
    ), now_read AS (
        SELECT c.run_id, c.position, c.analyte, c.matrix, c.material, c.level, c.lot, c.value, c.z
        FROM control_results c JOIN judged USING (run_id, assessment_id)
    ), then_read AS (
        SELECT c.run_id, c.position, c.analyte, c.matrix, c.material, c.level, c.lot, c.value, c.z
        FROM control_results c JOIN before USING (run_id, assessment_id)
    ), changed AS (
        (SELECT * FROM now_read EXCEPT SELECT * FROM then_read)
        UNION ALL (SELECT * FROM then_read EXCEPT SELECT * FROM now_read)
    ), since AS (
        SELECT x.analyte, x.matrix, r.instrument, min(r.started_at) AS started_at
        FROM changed x JOIN runs r USING (run_id) WHERE r.started_at IS NOT NULL
        GROUP BY x.analyte, x.matrix, r.instrument
    )
    SELECT DISTINCT r.run_id, r.run, r.study, r.started_at
    FROM since s JOIN control_results c USING (analyte, matrix)
        JOIN run_states n ON n.run_id = c.run_id AND n.assessment_id = c.assessment_id AND NOT n.is_superseded
        JOIN runs r ON r.run_id = c.run_id AND r.instrument = s.instrument AND r.started_at > s.started_at
    WHERE r.run_id NOT IN (SELECT unnest(?))
    ORDER BY r.started_at, r.run_id
"""


def following_runs(con: duckdb.DuckDBPyConnection, run_ids: Sequence[int]) -> list[StaleRun]:
    """Return the later runs that look back on what changed in some runs.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    run_ids : sequence of int
        Runs that were just judged.

    Returns
    -------
    list of StaleRun
        Runs with controls of the same analyte on the same instrument that began later than a run whose control results
        are new or differ from its assessment before; none of those that were just judged; in the order of measurement.
    """
    rows = con.execute(_FOLLOWING, [list(run_ids), list(run_ids)]).fetchall()
    return [StaleRun(run_id, run, study) for run_id, run, study, _ in rows]
