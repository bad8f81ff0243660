"""How far every run has been compared with what links it to others, kept so that a cut-off pass is made good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assess.links.decided_inputs import changed_decisions, owed_runs, standing_decisions
from qc.assess.write.changed_links import relinked_runs
from qc.assess.write.later_runs import following_runs
from qc.assess.write.stale_runs import StaleRun, newest_sheet_id
from qc.store.frames import first_row

if TYPE_CHECKING:
    import duckdb

    from qc.assess.links.links import Aside
    from qc.items.states import ItemState

_SINCE = """
    SELECT DISTINCT a.run_id FROM assessments a JOIN run_states s USING (run_id)
    WHERE a.assessment_id > ? AND NOT s.is_superseded ORDER BY ALL
"""
_NAMES = "SELECT run_id, run, study FROM run_states WHERE run_id IN (SELECT unnest(?)) AND NOT is_superseded"


@dataclass(frozen=True, slots=True)
class NotCompared:
    """What came in after runs were last compared with what links them to others."""

    run_ids: list[int]
    """Runs that were judged since."""
    has_new_sheet: bool
    """Whether a sheet came in since, so that samples may have changed their subjects."""

    def __bool__(self) -> bool:
        """Tell whether there is anything to compare."""
        return bool(self.run_ids) or self.has_new_sheet


def not_compared(con: duckdb.DuckDBPyConnection) -> NotCompared:
    """Return what was judged or came in after the last complete comparison.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    NotCompared
        Nothing after a pass that came to its end; everything where none ever did.
    """
    assessment_id, sheet = first_row(con, "SELECT assessment_id, sheets_source_id FROM linked_up_to") or (0, 0)
    since = [row[0] for row in con.execute(_SINCE, [assessment_id]).fetchall()]
    return NotCompared(since, newest_sheet_id(con) != sheet and _has_runs(con))


def _has_runs(con: duckdb.DuckDBPyConnection) -> bool:
    return first_row(con, "SELECT 1 FROM run_states LIMIT 1") is not None


def left_by_others(
    con: duckdb.DuckDBPyConnection, aside: Aside, states: Mapping[str, ItemState]
) -> dict[StaleRun, str]:
    """Return the runs that a pass which was cut off has not judged again, though others changed what they look at.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.
    aside : Aside
        What people have set aside.
    states : mapping of str to ItemState
        State of every item that is held or was decided.

    Returns
    -------
    dict of StaleRun to str
        Runs that look back on changed controls, then those whose links have changed, then those that were judged beside
        what people have decided on since, with the reason as a sentence, which is empty for the first two.
    """
    since = not_compared(con)
    linked = relinked_runs(con, since.run_ids, aside, everywhere=since.has_new_sheet) if since else []
    told = dict.fromkeys([*following_runs(con), *linked], "")
    why = owed_runs(con, changed_decisions(con, standing_decisions(states, aside.rejected))).why
    names = con.execute(_NAMES, [sorted(why)]).fetchall() if why else []
    return told | {StaleRun(run_id, run, study): why[run_id] for run_id, run, study in names}


def newest_assessment_id(con: duckdb.DuckDBPyConnection) -> int:
    """Return the id of the newest assessment.

    Parameters
    ----------
    con : DuckDBPyConnection
        Open connection.

    Returns
    -------
    int
        Id; 0 if there is none.
    """
    row = first_row(con, "SELECT coalesce(max(assessment_id), 0) FROM assessments")
    return int(row[0]) if row else 0


def record_compared(con: duckdb.DuckDBPyConnection, assessment_id: int, sheets_source_id: int) -> None:
    """Write down that every run was compared with what links it to others.

    Parameters
    ----------
    con : DuckDBPyConnection
        Connection inside a transaction.
    assessment_id : int
        Newest assessment when they were compared.
    sheets_source_id : int
        Newest sheet then.
    """
    con.execute("DELETE FROM linked_up_to")
    con.execute("INSERT INTO linked_up_to VALUES (?, ?)", [assessment_id, sheets_source_id])
