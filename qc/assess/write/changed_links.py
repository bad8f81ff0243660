"""Which runs must be judged again, because what links them to others has changed since they were judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from qc.assess.links.links import Aside, Links, links_hash, load_links, own_set_aside
from qc.assess.write.stale_runs import StaleRun
from qc.items.names import ORDINAL_BITS
from qc.store.frames import query

if TYPE_CHECKING:
    import duckdb

_PARTNERS = """
    WITH own AS (
        SELECT DISTINCT s.study, s.subject FROM latest_results r
            JOIN latest_samples s ON s.study = r.study AND s.sample = r.sample
        WHERE r.run_id IN (SELECT unnest(?)))
    SELECT DISTINCT r.run_id FROM latest_results r
        JOIN latest_samples s ON s.study = r.study AND s.sample = r.sample
        JOIN own ON own.study = s.study AND own.subject = s.subject
"""
_OWN = """
    SELECT r.run_id, s.study, s.subject, r.result_id FROM latest_results r
        JOIN latest_samples s ON s.study = r.study AND s.sample = r.sample
    WHERE r.run_id IN (SELECT unnest(?))
"""
_EVERY = "SELECT run_id FROM run_states WHERE NOT is_superseded"
_SUBJECTS = """
    SELECT DISTINCT r.run_id, s.study, s.subject FROM latest_results r
        JOIN latest_samples s ON s.study = r.study AND s.sample = r.sample
    WHERE r.run_id IN (SELECT unnest(?)) ORDER BY ALL
"""
_KNOWN = """
    SELECT s.run_id, s.run, s.study, l.links_sha256 FROM run_states s LEFT JOIN linked_runs l USING (run_id)
        JOIN runs r USING (run_id)
    WHERE s.run_id IN (SELECT unnest(?)) AND NOT s.is_superseded ORDER BY r.started_at NULLS LAST, s.run_id
"""


def relinked_runs(
    con: duckdb.DuckDBPyConnection,
    run_ids: Sequence[int],
    aside: Aside,
    *,
    also: Iterable[int] = (),
    everywhere: bool = False,
) -> list[StaleRun]:
    """Return the runs whose links have changed since they were judged, because others were judged.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    run_ids : sequence of int
        Runs that were judged; they, and those that share subjects or signals with them, are compared.
    aside : Aside
        What people have set aside.
    also : iterable of int
        More runs to compare.
    everywhere : bool
        Compare every run: samples may have changed their subjects.

    Returns
    -------
    list of StaleRun
        Runs that must be judged again, in the order in which they were measured.
    """
    sought = con.execute(_EVERY) if everywhere else con.execute(_PARTNERS, [list(run_ids)])
    ids = {row[0] for row in sought.fetchall()}
    copies = load_links(con, [], list(run_ids), aside).copied
    ids |= {*copies["other_run_id"].to_list(), *also}
    subjects: dict[int, list[tuple[str, str]]] = {}
    for run_id, study, subject in con.execute(_SUBJECTS, [sorted(ids)]).fetchall():
        subjects.setdefault(run_id, []).append((study, subject))
    pairs = sorted({pair for own in subjects.values() for pair in own})
    links = load_links(con, pairs, sorted(ids), aside)
    results = links.beside(links.stored.clear())
    set_aside = own_set_aside(query(con, _OWN, [sorted(ids)]), aside.gone) if aside.gone.height else {}
    late = _late(con, sorted(ids), links)
    stale = []
    for run_id, run, study, known in con.execute(_KNOWN, [sorted(ids)]).fetchall():
        linked = links.of(study, run_id, [subject for _, subject in subjects.get(run_id, [])], results)
        if known != links_hash(linked, links.copied_plates(run_id), set_aside.get(run_id, ()), late.get(run_id)):
            stale.append(StaleRun(run_id, run, study))
    return stale


_OF_SAMPLES = "SELECT run_id, study, result_id, sample, analyte FROM latest_results WHERE run_id IN (SELECT unnest(?))"


def _late(con: duckdb.DuckDBPyConnection, run_ids: Sequence[int], links: Links) -> dict[int, dict[int, str]]:
    if not links.rejected.rejections:
        return {}
    rows: dict[tuple[int, str], list[tuple[int, str, str]]] = {}
    for run_id, study, result_id, sample, analyte in con.execute(_OF_SAMPLES, [list(run_ids)]).fetchall():
        rows.setdefault((run_id, study), []).append((result_id & ((1 << ORDINAL_BITS) - 1), sample, analyte))
    return {run_id: links.late(study, run_id, own) for (run_id, study), own in rows.items()}


def record_links(con: duckdb.DuckDBPyConnection, hashes: Mapping[int, str]) -> None:
    """Write down what the links of runs were when they were judged.

    Parameters
    ----------
    con : DuckDBPyConnection
        Connection that may write.
    hashes : mapping of int to str
        Hash by run.
    """
    ids, told = list(hashes), list(hashes.values())
    con.execute("INSERT OR REPLACE INTO linked_runs SELECT unnest(?), unnest(?)", [ids, told])
