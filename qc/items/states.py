"""The states of items, results and releases, and the transitions that are allowed: here and nowhere else.

States are derived from the newest assessment and the ledger, and stored nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.items.decisions import Act, Decision
from qc.items.judged_content import Judged, judged_items
from qc.items.lapse import items_that_stand

if TYPE_CHECKING:
    from qc.items.seen_item import Seen
    from qc.store.connection import Connection

RECEIVED = "received"
"""Of a run: taken in and not judged yet."""
AUTO_APPROVED = "auto_approved"
"""Passed every rule; nobody has decided."""
WAITING = "waiting"
"""Held for a person."""
APPROVED = "approved"
REJECTED = "rejected"
REPEAT = "repeat_requested"
EVIDENCE = "evidence"
"""Of a result: kept beside another of its sample that counts; nobody has to decide on it."""
RELEASED = "released"
"""Of a result: approved, and frozen in a release, where it stays as it was."""

GRAVITY: Mapping[str, int] = {APPROVED: 0, EVIDENCE: 1, WAITING: 2, REPEAT: 3, REJECTED: 4}
"""Which state counts where run, analyte and result differ: the highest."""
_STATE_OF_ACT = {Act.APPROVE: APPROVED, Act.REJECT: REJECTED, Act.REPEAT: REPEAT, Act.DILUTE: REPEAT}
_DOWN = {Act.REJECT: REJECTED, Act.REPEAT: REPEAT, Act.DILUTE: REPEAT}
TRANSITIONS: Mapping[str, Mapping[Act, str]] = {
    RECEIVED: {},
    AUTO_APPROVED: _DOWN,
    EVIDENCE: _DOWN,
    WAITING: _STATE_OF_ACT,
    APPROVED: _DOWN,
    REJECTED: {Act.APPROVE: APPROVED, Act.REPEAT: REPEAT, Act.DILUTE: REPEAT},
    REPEAT: {Act.APPROVE: APPROVED, Act.REJECT: REJECTED},
}
"""Where each decision leads from each state; a comment leads nowhere, an undoing to the state before."""
_WHY_NOT = {
    RECEIVED: "It is not judged as it now stands: 'qc assess' does it.",
    AUTO_APPROVED: "No finding holds it by itself, so that there is nothing to approve; 'qc show' lists what is below.",
    EVIDENCE: "It is kept as evidence beside the result of its sample that counts: reject that one, and another does.",
    APPROVED: "It is approved already.",
    REJECTED: "It is rejected already.",
    REPEAT: "A repeat is asked for already.",
}


def refusal_of(state: str, act: Act) -> str:
    """Say why an act is not allowed in a state.

    Returns
    -------
    str
        A sentence; empty if the act is allowed.
    """
    return "" if act is Act.COMMENT or act in TRANSITIONS[state] else _WHY_NOT[state]


@dataclass(frozen=True, slots=True)
class ItemState:
    """Where one item stands."""

    state: str
    """``waiting``, ``approved``, ``rejected`` or ``repeat_requested``."""
    decision: Decision | None
    """Decision that counts, or that is yet to be confirmed; None if nobody decided, or the decision has lapsed."""
    has_lapsed: bool
    """Whether there was a decision that counts no more."""
    why: str = ""
    """Why an item waits although somebody has decided; empty otherwise."""


_OPEN_ITEMS = "SELECT item, judged_sha256, values_sha256, assessment_id FROM open_items"


def item_states(
    con: Connection, decisions: Mapping[str, Decision], now: datetime, *, only_decided: bool = False
) -> dict[str, ItemState]:
    """Return the state of every item that is held or was decided.

    Parameters
    ----------
    decisions : mapping of str to Decision
        Decision that counts, by item.
    only_decided : bool
        Whether items are left out on which nobody has decided: there may be a million of them.

    Returns
    -------
    dict of str to ItemState
        An item that is not named here is neither held nor decided. Wells are not among them: a rejected well is left
        out of the next assessment.
    """
    items = {item: decision for item, decision in decisions.items() if "@" not in item and item.startswith("R")}
    if only_decided:
        ids = sorted({_run_of(item) for item in items})
        where = " WHERE run_id IN (SELECT unnest(?::BIGINT[])) AND item IN (SELECT unnest(?::VARCHAR[]))"
        rows = con.execute(_OPEN_ITEMS + where, [ids, list(items)]).fetchall()
    else:
        rows = con.execute(_OPEN_ITEMS).fetchall()
    open_items = {row[0]: Judged(*row[1:]) for row in rows}
    states = dict.fromkeys(open_items, ItemState(WAITING, None, has_lapsed=False))
    judged = _judged_now(con, items, open_items)
    items_in_force = items_that_stand(con, items, judged)
    for item, decision in items.items():
        if item in judged:
            state = _state(decision, judged[item], now, stands=item in items_in_force)
            if item in open_items or not state.has_lapsed or decision.act is not Act.APPROVE:
                states[item] = state
    return states


_CURRENT = """
    SELECT s.run_id, s.assessment_id FROM run_states s
    WHERE NOT s.is_superseded AND s.run_id IN (SELECT unnest(?))
"""


def _judged_now(
    con: Connection, decisions: Mapping[str, Decision], open_items: Mapping[str, Judged]
) -> dict[str, Judged]:
    # What was judged in one assessment stays as it is: only where there is a newer one is anything compared.
    run_ids = sorted({_run_of(item) for item in decisions})
    current = dict(con.execute(_CURRENT, [run_ids]).fetchall())
    same = {
        item: Judged(d.judged_sha256, d.values_sha256, d.assessment_id)
        for item, d in decisions.items()
        if current.get(_run_of(item)) == d.assessment_id
    }
    known = {item: open_items[item] for item in decisions if item in open_items and item not in same}
    unknown = [item for item in decisions if item not in same and item not in known and _run_of(item) in current]
    return {**same, **known, **judged_items(con, unknown)}


def _run_of(item: str) -> int:
    return int(item[1:].partition("/")[0].partition(".")[0])


def _state(decision: Decision, judged: Judged, now: datetime, *, stands: bool) -> ItemState:
    if judged.sha256 != decision.judged_sha256 and not stands:
        is_value = judged.values_sha256 != decision.values_sha256
        what = "a value has changed" if is_value and decision.values_sha256 else "a finding has changed"
        return ItemState(WAITING, None, has_lapsed=True, why=f"The decision {decision.seq} has lapsed: {what}.")
    if decision.expires_at is not None and now >= decision.expires_at:
        until = f"{decision.expires_at:%Y-%m-%d %H:%M} UTC"
        return ItemState(WAITING, None, has_lapsed=True, why=f"The approval {decision.seq} was good until {until}.")
    if decision.needs_second and not decision.confirms:
        why = f"The approval {decision.seq} counts when a second person has confirmed it."
        return ItemState(WAITING, decision, has_lapsed=False, why=why)
    return ItemState(_STATE_OF_ACT[decision.act], decision, has_lapsed=False)


def gravest(states: Sequence[str]) -> str:
    """Return the state that counts where run, analyte and result differ.

    Parameters
    ----------
    states : sequence of str
        States; empty means that nothing is held and nobody has decided.

    Returns
    -------
    str
        The gravest: a run that fails takes its results with it.
    """
    return max(states, key=GRAVITY.__getitem__, default=APPROVED)


def state_of_seen(seen: Seen, decision: Decision | None, now: datetime) -> ItemState:
    """Return the state of an item as somebody has seen it.

    Parameters
    ----------
    decision : Decision or None
        Decision that counted then; None if there was none.
    """
    own = ItemState(WAITING if seen.is_held or seen.was_held else AUTO_APPROVED, None, has_lapsed=False)
    if decision is None:
        return own
    judged = Judged(seen.judged_sha256, seen.values_sha256, seen.assessment_id)
    state = _state(decision, judged, now, stands=seen.stands == decision.seq)
    return own if state.has_lapsed and not seen.is_held and decision.act is Act.APPROVE else state
