"""What runs see of others and of the sheets: written down when they are judged, and compared with what is there now."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qc.assess.changes.given import WRAP, sum_of
from qc.assess.changes.kinds import LOOKED_AROUND, LOOKED_BACK, Kind
from qc.assess.prepare.stored_run import SHEET_ROWS, values_for

if TYPE_CHECKING:
    from qc.store.connection import Connection

Changed = tuple[int, Kind, str]
"""Run, kind and key of something that it saw and that is not so any more."""

_BACK = ", ".join(f"'{kind}'" for kind in LOOKED_BACK)
_AROUND = ", ".join(f"'{kind}'" for kind in LOOKED_AROUND)
# Of a sum over all runs a run takes its own part away, and "earlier" ends one step of the clock before its start:
# what runs give themselves makes nothing stale, and runs that began together do not look back on each other.
_SEEN = f"""
    SELECT f.run_id, f.kind, f.key, f.saw, CAST(CASE WHEN f.kind IN ({_BACK}) THEN coalesce(sum(f.said) OVER earlier, 0)
        ELSE sum(f.said) OVER alike - f.said END % {WRAP} AS VARCHAR) AS seen
    FROM fingerprints f JOIN runs x USING (run_id) JOIN run_states t USING (run_id)
    WHERE NOT t.is_superseded AND f.kind IN ({_BACK}, {_AROUND}) AND {{which}}
    WINDOW alike AS (PARTITION BY f.kind, f.key), earlier AS (PARTITION BY f.kind, f.key ORDER BY x.started_at
        RANGE BETWEEN UNBOUNDED PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING)
"""
_OTHERWISE = f"SELECT run_id, kind, key FROM ({_SEEN.format(which='true')}) WHERE saw <> seen ORDER BY ALL"
_OF_RUNS = "(f.kind, f.key) IN (SELECT (kind, key) FROM fingerprints WHERE run_id IN (SELECT unnest($runs)))"
_LOOK = f"""
    UPDATE fingerprints f SET saw = p.seen FROM ({_SEEN.format(which=_OF_RUNS)}) p
    WHERE f.run_id = p.run_id AND f.kind = p.kind AND f.key = p.key AND f.saw = ''
        AND f.run_id IN (SELECT unnest($runs))
"""
_SHEET_KINDS = {
    Kind.SAMPLES: "samples",
    Kind.CONTROL_SHEET: "controls",
    Kind.EVENTS: "events",
    Kind.BRIDGINGS: "bridgings",
}
_SHEETS = " UNION ALL ".join(
    f"SELECT t.run_id, '{kind}' AS kind, CAST({sum_of('t')} AS VARCHAR) AS seen "
    f"FROM ({SHEET_ROWS[sheet]}) t GROUP BY ALL"
    for kind, sheet in _SHEET_KINDS.items()
)
_OTHER_SHEETS = f"""
    SELECT run_id, kind, '' FROM ({_SHEETS}) p FULL JOIN (
        SELECT run_id, kind, saw FROM fingerprints
        WHERE kind IN ({", ".join(f"'{kind}'" for kind in _SHEET_KINDS)}) AND run_id IN (SELECT unnest($ids))
    ) f USING (run_id, kind) WHERE f.saw IS DISTINCT FROM p.seen ORDER BY ALL
"""
# A run that was judged under the newest sheet has seen it.
_BEFORE_SHEET = f"""
    SELECT s.run_id FROM run_states s JOIN assessments a USING (assessment_id)
        JOIN fingerprints f ON f.run_id = s.run_id
    WHERE f.kind = '{Kind.RULES}' AND NOT s.is_superseded AND a.sheets_source_id <> ? ORDER BY s.run_id
"""


def look(con: Connection, run_ids: Sequence[int]) -> None:
    """Write down what some runs see of all others, and what the sheets say of them.

    Parameters
    ----------
    con : Connection
        Connection inside a transaction that wrote what the runs give to others.
    """
    con.execute(_LOOK, {"runs": list(run_ids)})
    sheets = f"INSERT INTO fingerprints SELECT run_id, kind, '', 0, seen FROM ({_SHEETS})"
    con.execute(sheets, values_for(sheets, run_ids))


def seen_otherwise(con: Connection) -> list[Changed]:
    """Return what runs saw of others and would see otherwise now."""
    return [(run_id, Kind(kind), key) for run_id, kind, key in con.execute(_OTHERWISE).fetchall()]


def sheets_otherwise(con: Connection, newest_sheet: int) -> list[Changed]:
    """Return the runs of which the sheets say something else than when they were judged.

    Parameters
    ----------
    newest_sheet : int
        Source id of the newest sheet.

    Returns
    -------
    list of (int, Kind, str)
        Run, kind, and an empty key.
    """
    run_ids = [row[0] for row in con.execute(_BEFORE_SHEET, [newest_sheet]).fetchall()]
    if not run_ids:
        return []
    found = con.execute(_OTHER_SHEETS, values_for(_OTHER_SHEETS, run_ids)).fetchall()
    return [(run_id, Kind(kind), key) for run_id, kind, key in found]
