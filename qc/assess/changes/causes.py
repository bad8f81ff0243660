"""Because of what a run must be judged again, in sentences."""

# ruff: noqa: S608 - a statement is put together from constants
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from qc.assess.changes.kinds import DECIDED, LOOKED_AROUND, LOOKED_BACK, Kind
from qc.assess.changes.sentences import sentences
from qc.assess.changes.settled import settled
from qc.assess.changes.stale_runs import decisions_otherwise
from qc.items.names import parse_item

if TYPE_CHECKING:
    from qc.assess.changes.stale_runs import StaleRun
    from qc.assess.links.set_aside import SetAside
    from qc.items.decisions import Decision
    from qc.items.states import ItemState
    from qc.store.connection import Connection


def reasons_to_judge_again(con: Connection, set_aside: SetAside) -> dict[int, str]:
    """Return the runs that must be judged again because of what people have decided.

    Returns
    -------
    dict of int to str
        The reason as a sentence, by run.
    """
    causes: dict[int, list[tuple[Kind, str]]] = {}
    for run_id, kind, item in decisions_otherwise(con, set_aside):
        causes.setdefault(run_id, []).append((kind, item))
    before = settled(con).decided_states if causes else {}
    return {run_id: reason_to_judge_again(own, before, set_aside.decided_states) for run_id, own in causes.items()}


def reason_to_judge_again(
    causes: Sequence[tuple[Kind, str]], before: Mapping[str, str], decided_states: Mapping[str, str]
) -> str:
    """Return one sentence that says why a run is owed another judgement, and who gives it."""
    first = sentences(causes, before, decided_states)[0]
    if any(kind in DECIDED for kind, _ in causes):
        return f"{first.removesuffix('.')}: the next queue, gate or night judges it again."
    return f"It is not judged as it now stands: 'qc assess' does it. {first}"


_JUDGED_FOR = f"""
    SELECT run_id, CAST(key AS BIGINT), saw FROM fingerprints
    WHERE kind = '{Kind.JUDGED_FOR}' AND run_id IN (SELECT unnest(?)) ORDER BY ALL
"""


def lapsed_because(
    con: Connection, states: Mapping[str, ItemState], decisions: Mapping[str, Decision]
) -> dict[str, str]:
    """Return why each of some items waits, and of a decision that has lapsed what had its run judged again since.

    Parameters
    ----------
    decisions : mapping of str to Decision
        Newest decision by item.

    Returns
    -------
    dict of str to str
        Sentences by item, without those that nobody has decided on.
    """
    sentences_by_item = {item: state.why for item, state in states.items() if state.why}
    lapsed = {item: parse_item(item).run_id for item in sentences_by_item if states[item].has_lapsed}
    if not lapsed:
        return sentences_by_item
    causes: dict[int, list[tuple[int, list[str]]]] = {}
    for run_id, assessment_id, saw in con.execute(_JUDGED_FOR, [sorted(set(lapsed.values()))]).fetchall():
        causes.setdefault(run_id, []).append((assessment_id, json.loads(saw)))
    for item, run_id in lapsed.items():
        # What was judged before the decision was known to whoever decided: only what came after can have
        # undone it.
        since = [said for at, own in causes.get(run_id, []) if at > decisions[item].assessment_id for said in own]
        sentences_by_item[item] = " ".join([*dict.fromkeys(since), sentences_by_item[item]])
    return sentences_by_item


def last_judged_for(con: Connection, run_id: int) -> list[str]:
    """Return because of what the newest assessment of a run was made, in sentences; none if it is the first."""
    rows = con.execute(_JUDGED_FOR, [[run_id]]).fetchall()
    current = con.execute("SELECT assessment_id FROM run_states WHERE run_id = ?", [run_id]).fetchall()
    return [said for _, at, saw in rows if (at,) in current for said in json.loads(saw)]


_OTHERS = """
    SELECT DISTINCT x.run, x.started_at FROM fingerprints f JOIN fingerprints o USING (kind, key)
        JOIN run_states mine ON mine.run_id = f.run_id JOIN run_states s ON s.run_id = o.run_id
        JOIN runs x ON x.run_id = o.run_id JOIN runs own ON own.run_id = f.run_id
    WHERE f.run_id = $run AND f.kind = $kind AND f.key IN (SELECT unnest($keys)) AND o.run_id <> f.run_id
        AND o.said <> 0 AND (s.assessment_id > mine.assessment_id OR s.is_superseded)
        AND (NOT $looks_back OR x.started_at < own.started_at)
    ORDER BY x.started_at, x.run
"""


def changed_runs(con: Connection, run: StaleRun) -> dict[Kind, list[str]]:
    """Return which runs gave a run something else than when it was judged.

    Returns
    -------
    dict of Kind to list of str
        Names of runs that were judged or corrected since, by kind, in the order in which they were measured; none where
        a run is gone whose newer version is judged already.
    """
    keys: dict[Kind, list[str]] = {}
    for kind, key in run.causes:
        if kind in (*LOOKED_BACK, *LOOKED_AROUND):
            keys.setdefault(kind, []).append(key)
    found = {}
    for kind, own in keys.items():
        values = {"run": run.run_id, "kind": kind.value, "keys": own, "looks_back": kind in LOOKED_BACK}
        found[kind] = [row[0] for row in con.execute(_OTHERS, values).fetchall()]
    return found
