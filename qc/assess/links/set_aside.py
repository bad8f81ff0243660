"""Which samples have results in other runs, so that a second result of the same analyte is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.links.decided_inputs import changed_decisions, owed_runs, standing_decisions
from qc.assess.links.links import Aside
from qc.assess.links.rejected_samples import rejected_samples
from qc.items.decisions import newest_decisions
from qc.items.names import parse_item
from qc.items.states import REJECTED, REPEAT, item_states
from qc.store.frames import query

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from qc.assess.links.rejected_samples import RejectedSamples
    from qc.items.states import ItemState
    from qc.lab.folder import LabFolder

_COUNTS = """
    WITH own AS (
        SELECT name AS sample FROM wells WHERE run_id IN (SELECT unnest($runs)) AND role = 'sample'
        UNION SELECT sample FROM reported WHERE run_id IN (SELECT unnest($runs)) AND role = 'sample'
    )
    SELECT study, sample, analyte, matrix, count(*) FROM latest_results
    WHERE sample IN (SELECT sample FROM own)
        AND run_id NOT IN (SELECT unnest($runs)) AND run_id NOT IN (SELECT unnest($gone_runs))
        AND concat('R', run_id, '/', analyte) NOT IN (SELECT unnest($gone_analytes))
        AND result_id NOT IN (SELECT unnest($gone_results))
    GROUP BY ALL
"""


def results_elsewhere(
    lab: LabFolder, con: duckdb.DuckDBPyConnection, run_ids: Sequence[int]
) -> dict[str, dict[tuple[str, str, str], int]]:
    """Count the results that the samples of some runs have in all other runs.

    Parameters
    ----------
    lab : LabFolder
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
    runs, analytes, results = _gone(lab, con)
    counts: dict[str, dict[tuple[str, str, str], int]] = {}
    values = {"runs": list(run_ids), "gone_runs": runs, "gone_analytes": analytes, "gone_results": results}
    for study, *key, count in con.execute(_COUNTS, values).fetchall():
        sample, analyte, matrix = key
        counts.setdefault(study, {})[sample, analyte, matrix] = count
    return counts


def decided_states(lab: LabFolder, con: duckdb.DuckDBPyConnection) -> dict[str, ItemState]:
    """Return the state of every item that was decided.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ledger tells.
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    dict of str to ItemState
        By item.
    """
    return item_states(con, newest_decisions(lab.ledger), datetime.now(UTC), only_decided=True)


def items_set_aside(
    lab: LabFolder, con: duckdb.DuckDBPyConnection, states: Mapping[str, ItemState] | None = None
) -> frozenset[str]:
    """Return the items that are rejected or to be repeated now.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ledger tells.
    con : DuckDBPyConnection
        Open connection.
    states : mapping of str to ItemState, optional
        State of every item that was decided, where it is known already.

    Returns
    -------
    frozenset of str
        Names of runs, analytes in runs, and results.
    """
    known = decided_states(lab, con) if states is None else states
    return frozenset(item for item, state in known.items() if state.state in (REJECTED, REPEAT))


def aside_now(lab: LabFolder, con: duckdb.DuckDBPyConnection, states: Mapping[str, ItemState] | None = None) -> Aside:
    """Return what people have set aside now.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ledger tells.
    con : DuckDBPyConnection
        Open connection.
    states : mapping of str to ItemState, optional
        State of every item that was decided, where it is known already.

    Returns
    -------
    Aside
        Results that are rejected or to be repeated, and samples that are rejected as a whole.
    """
    return Aside(gone=gone_results(lab, con, states), rejected=rejected_now(lab))


def rejected_now(lab: LabFolder) -> RejectedSamples:
    """Return the samples that are rejected as a whole now.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ledger tells.

    Returns
    -------
    RejectedSamples
        The samples, by their pseudonyms.
    """
    return rejected_samples(lab.ledger, lab.paths.blind_secret)


def runs_owed(lab: LabFolder, con: duckdb.DuckDBPyConnection, states: Mapping[str, ItemState]) -> dict[int, str]:
    """Return the runs that must be judged again because of what people have decided since.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ledger tells.
    con : DuckDBPyConnection
        Open connection.
    states : mapping of str to ItemState
        State of every item that is held or was decided.

    Returns
    -------
    dict of int to str
        The reason as a sentence, by run.
    """
    return owed_runs(con, changed_decisions(con, standing_decisions(states, rejected_now(lab)))).why


def gone_results(
    lab: LabFolder, con: duckdb.DuckDBPyConnection, states: Mapping[str, ItemState] | None = None
) -> pl.DataFrame:
    """Return the results that are rejected or to be repeated now.

    Parameters
    ----------
    lab : LabFolder
        Lab whose ledger tells.
    con : DuckDBPyConnection
        Open connection.
    states : mapping of str to ItemState, optional
        State of every item that was decided, where it is known already.

    Returns
    -------
    DataFrame
        ``result_id``.
    """
    runs, analytes, results = _gone(lab, con, states)
    if not (runs or analytes or results):
        return query(con, "SELECT CAST(0 AS BIGINT) AS result_id WHERE false")
    above = sorted({*runs, *(parse_item(name).run_id for name in analytes)})
    own = query(con, _GONE, [results])
    if not above:
        return own
    below = query(con, _GONE_BELOW, [above, above[0], above[-1], runs, analytes])
    return below.vstack(own).unique(maintain_order=True)


# What is rejected itself was there when somebody judged it: the results, a hundred million of them, are not looked at.
_GONE = """
    SELECT CAST(g.result_id AS BIGINT) AS result_id FROM (SELECT unnest(?::BIGINT[]) AS result_id) g
    JOIN run_states s ON s.run_id = g.result_id >> 20 WHERE NOT s.is_superseded
"""
_GONE_BELOW = """
    SELECT result_id FROM latest_results
    WHERE run_id IN (SELECT unnest(?)) AND run_id BETWEEN ? AND ?
        AND (run_id IN (SELECT unnest(?)) OR concat('R', run_id, '/', analyte) IN (SELECT unnest(?)))
"""


def _gone(
    lab: LabFolder, con: duckdb.DuckDBPyConnection, states: Mapping[str, ItemState] | None = None
) -> tuple[list[int], list[str], list[int | None]]:
    gone = [parse_item(name) for name in sorted(items_set_aside(lab, con, states))]
    runs = [item.run_id for item in gone if item.scope == "run"]
    analytes = [str(item) for item in gone if item.scope == "analyte"]
    return runs, analytes, [item.result_id for item in gone if item.scope == "result"]
