"""Counts of what waits, run by run: derived from the held items, and compared with them when the facts are verified."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from schemas.errors import Fault

if TYPE_CHECKING:
    import duckdb

GROUPED = ("scope", "analyte", "verdict", "rules", "cause")
"""What the items of a group have in common, besides their assessment and run."""
_DIFFERENT = """
    WITH counted AS (
        SELECT assessment_id, run_id, scope, analyte, verdict, rules, count(*) AS n_items, cause,
            sum(n_results)::BIGINT AS n_results
        FROM held_items GROUP BY ALL
    )
    SELECT DISTINCT run_id FROM (
        (FROM counted EXCEPT ALL FROM held_groups) UNION ALL (FROM held_groups EXCEPT ALL FROM counted)
    ) ORDER BY run_id
"""


def broken_groups(con: duckdb.DuckDBPyConnection) -> Iterator[Fault]:
    """Compare the counts with the items that they count.

    Yields
    ------
    Fault
        One for each run of which more or fewer items wait than its counts say.
    """
    for (run_id,) in con.execute(_DIFFERENT).fetchall():
        yield Fault(f"facts, table 'held_groups', run {run_id}", "Its counts are not those of what waits in the run.")
