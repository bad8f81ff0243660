"""What people have set aside now: results that link nothing any more, samples, and runs that count otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.assess.links.rejected_samples import rejected_samples
from qc.items.decisions import newest_decisions
from qc.items.names import parse_item
from qc.items.states import APPROVED, REJECTED, REPEAT, item_states
from qc.store.frames import query

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.links.rejected_samples import RejectedSamples
    from qc.items.states import ItemState
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

GONE = (REJECTED, REPEAT)
"""States in which a result links nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """What people have decided, as far as other judgements look at it."""

    states: Mapping[str, ItemState]
    """State of every item that was decided."""
    items: frozenset[str]
    """Runs, analytes in runs, and results that are rejected or to be repeated."""
    gone: pl.DataFrame
    """``result_id`` of results that are rejected or to be repeated; they link nothing."""
    rejected: RejectedSamples
    """Samples that are rejected as a whole."""
    decided_states: Mapping[str, str]
    """State by item: what is set aside, samples among it, and runs and analytes in runs that a person has approved."""


def set_aside_now(lab: LabFolder, con: Connection, states: Mapping[str, ItemState] | None = None) -> SetAside:
    """Return what people have set aside now.

    Parameters
    ----------
    states : mapping of str to ItemState, optional
        State of every item that was decided, where it is known already.

    Returns
    -------
    SetAside
        Decisions that have lapsed are not among it.
    """
    if states is None:
        states = item_states(con, newest_decisions(lab.ledger), datetime.now(UTC), only_decided=True)
    rejected = rejected_samples(lab.ledger, lab.paths.blind_secret)
    items = frozenset(item for item, state in states.items() if state.state in GONE)
    gone = gone_results(con, items)
    decided_states = states_that_others_see(states, rejected)
    return SetAside(states=states, items=items, gone=gone, rejected=rejected, decided_states=decided_states)


def states_that_others_see(states: Mapping[str, ItemState], rejected: RejectedSamples) -> dict[str, str]:
    """Return the decisions that other judgements look at.

    Parameters
    ----------
    states : mapping of str to ItemState
        State of every item that is held or was decided.

    Returns
    -------
    dict of str to str
        As ``SetAside.decided_states``.
    """
    decided = {item: one.state for item, one in states.items() if one.decision is not None}
    own = {
        item: state
        for item, state in decided.items()
        # An approved run or analyte has its failed controls count again; an approved result changes nothing
        # for others.
        if state in GONE or (state == APPROVED and parse_item(item).scope != "result")
    }
    return own | {str(one.sample): REJECTED for one in rejected.rejections}


def gone_results(con: Connection, items: frozenset[str]) -> pl.DataFrame:
    """Return the results that are rejected or to be repeated.

    Returns
    -------
    DataFrame
        ``result_id``.
    """
    named = [parse_item(name) for name in sorted(items)]
    runs = [item.run_id for item in named if item.scope == "run"]
    analytes = [str(item) for item in named if item.scope == "analyte"]
    results = [item.result_id for item in named if item.scope == "result"]
    own = query(con, _GONE, [results])
    above = sorted({item.run_id for item in named if item.scope != "result"})
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
