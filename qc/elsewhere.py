"""Which samples have results in other runs, so that a second result of the same analyte is told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.decisions import newest_decisions
from qc.items import parse_item
from qc.states import REJECTED, REPEAT, item_states

if TYPE_CHECKING:
    import duckdb

    from qc.lab import Lab

_COUNTS = """
    SELECT study, sample, analyte, matrix, count(*) FROM latest_results
    WHERE run_id NOT IN (SELECT unnest(?)) AND run_id NOT IN (SELECT unnest(?))
        AND concat('R', run_id, '/', analyte) NOT IN (SELECT unnest(?)) AND result_id NOT IN (SELECT unnest(?))
    GROUP BY ALL
"""


def results_elsewhere(
    lab: Lab, con: duckdb.DuckDBPyConnection, run_ids: Sequence[int]
) -> dict[str, dict[tuple[str, str, str], int]]:
    """Count the results of each sample and analyte in all other runs.

    Parameters
    ----------
    lab : Lab
        Lab whose ledger tells what was rejected or is to be repeated; those results are not counted.
    con : DuckDBPyConnection
        Open connection.
    run_ids : sequence of int
        Runs that are left out.

    Returns
    -------
    dict of str to dict
        Number of results by study, then by sample, analyte and matrix.
    """
    states = item_states(con, newest_decisions(lab.ledger), datetime.now(UTC))
    gone = [parse_item(item) for item, state in states.items() if state.state in (REJECTED, REPEAT)]
    runs = [item.run_id for item in gone if item.scope == "run"]
    analytes = [str(item) for item in gone if item.scope == "analyte"]
    results = [item.result_id for item in gone if item.scope == "result"]
    counts: dict[str, dict[tuple[str, str, str], int]] = {}
    for study, *key, count in con.execute(_COUNTS, [list(run_ids), runs, analytes, results]).fetchall():
        sample, analyte, matrix = key
        counts.setdefault(study, {})[sample, analyte, matrix] = count
    return counts
