"""Where held items stand by the ledger: read once for each new entry, not once for each key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.items.decisions import Decision, newest_decisions
from qc.items.judged_content import Judged
from qc.items.lapse import items_that_stand
from qc.items.seen_item import Seen
from qc.items.states import WAITING, state_of_seen
from qc.triage.filter_sql import LedgerStates, named_items
from schemas.queue_filter import Filter

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_OPEN_ITEMS = """
    SELECT item, scope, study, run, analyte, assessment_id, judged_sha256, values_sha256
    FROM open_items h WHERE """


def read_ledger_states(
    lab: LabFolder,
    con: Connection,
    *,
    reader: str,
    last_visit: datetime | None = None,
    wanted: Filter | None = None,
) -> LedgerStates:
    """Say where the held items stand on which somebody has decided.

    Parameters
    ----------
    reader : str
        Who looks, for ``mine``.
    last_visit : datetime, optional
        When the reader was here before, for ``new``.

    Returns
    -------
    LedgerStates
        The work grows with the decisions, not with the items that wait.
    """
    now = datetime.now(UTC)
    counting = newest_decisions(lab.ledger)
    states: dict[str, str] = {}
    lapsed: set[str] = set()
    named = named_items(counting)
    seen = {row[0]: _seen(*row) for row in con.execute(_OPEN_ITEMS + named.sql, list(named.values)).fetchall()}
    decisions = {item: counting[item] for item in seen}
    judged = {item: Judged(one.judged_sha256, one.values_sha256, one.assessment_id) for item, one in seen.items()}
    items_in_force = items_that_stand(con, decisions, judged)
    for item, one in seen.items():
        stands = decisions[item].seq if item in items_in_force else 0
        state = state_of_seen(replace(one, stands=stands), decisions[item], now)
        if state.state != WAITING:
            states[item] = state.state
        elif state.has_lapsed:
            lapsed.add(item)
    codes = wanted.values_of("sample") if wanted else ()
    return LedgerStates(
        states=states,
        lapsed=frozenset(lapsed),
        mine=lab.ledger.decided.items_of(reader),
        last_visit=last_visit,
        now=now,
        samples=_samples(lab, con, codes),
    )


def _seen(item: str, *words: str | int) -> Seen:
    scope, study, run, analyte, assessment_id, judged, values = words
    return Seen(
        item=item,
        scope=str(scope),
        study=str(study),
        run=str(run),
        analyte=str(analyte),
        assessment_id=int(assessment_id),
        judged_sha256=str(judged),
        values_sha256=str(values),
        over=(),
        is_held=True,
        as_of=0,
    )


def _samples(lab: LabFolder, con: Connection, codes: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    from qc.items.seen_item import sample_of_code

    return {code.upper(): sample_of_code(lab, con, code.upper()) for code in codes if len(code) > len("S-")}


def state_words(decision: Decision | None, state: str) -> str:
    """Say in a few words where an item stands.

    Returns
    -------
    str
        Such as ``approved by anna``.
    """
    who = f" by {decision.actor}" if decision is not None and state != WAITING else ""
    return state.replace("_", " ") + who
