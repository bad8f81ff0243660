"""Which runs must be judged, and because of what: the one question to the fingerprints."""

# ruff: noqa: S608 - statements are put together from constants
from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qc.assess.changes.decided_items import looked_at_decisions, state_seen
from qc.assess.changes.kinds import EARLIER, OWN, Kind
from qc.assess.changes.record import wells_seen
from qc.assess.changes.seen import Changed, seen_otherwise, sheets_otherwise
from qc.assess.changes.settled import Settled, moment_of, settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qc.assess.links.set_aside import SetAside
    from qc.assess.prepare.excluded_wells import ExcludedWells
    from qc.assess.prepare.rule_set import RuleSet
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class StaleRun:
    """A run that must be judged."""

    run_id: int
    """Id of the run."""
    run: str
    """Name of the run."""
    study: str
    """Study of the run."""
    causes: tuple[tuple[Kind, str], ...]
    """What has changed since it was judged: kinds with their keys."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """Kinds of what has changed."""
        return frozenset(kind for kind, _ in self.causes)

    @property
    def turn(self) -> int:
        """When it is judged: those that have changed themselves first, then those behind them, then all beside them.

        A run that says the same as before is seen to do so before anybody who looked at it is judged again.
        """
        return 0 if self.kinds & OWN else 1 if self.kinds & EARLIER else 2


OVERTAKEN = "overtaken"
"""Key of ``Kind.UNRECORDED`` where others wrote while a run was judged: it is judged once more without being asked."""
_CURRENT = "SELECT run_id FROM runs WHERE run_id NOT IN (SELECT supersedes FROM runs WHERE supersedes IS NOT NULL)"
_BY_RULES = f"""
    SELECT r.run_id, CASE WHEN s.run_id IS NULL THEN '{Kind.NEW}' WHEN coalesce(f.saw, '') = '' THEN '{Kind.UNRECORDED}'
        ELSE '{Kind.RULES}' END, CASE WHEN f.saw = '' THEN '{OVERTAKEN}' ELSE '' END
    FROM ({_CURRENT}) r LEFT JOIN run_states s USING (run_id)
        LEFT JOIN fingerprints f ON f.run_id = s.run_id AND f.kind = '{Kind.RULES}'
    WHERE f.saw IS DISTINCT FROM ? ORDER BY ALL
"""
_NAMES = """
    SELECT run_id, run, study FROM runs WHERE run_id IN (SELECT unnest(?::BIGINT[]))
    ORDER BY started_at NULLS LAST, run_id
"""
_RECORDED = """
    SELECT f.run_id, f.kind, f.key, f.saw FROM fingerprints f JOIN run_states s USING (run_id)
    WHERE NOT s.is_superseded AND f.kind IN (SELECT unnest(?)) ORDER BY ALL
"""
_JUDGED = "SELECT run_id FROM run_states WHERE NOT is_superseded AND run_id IN (SELECT unnest(?::BIGINT[]))"


def stale_runs(
    con: Connection,
    rule_set: RuleSet,
    excluded: ExcludedWells,
    set_aside: SetAside,
    *,
    everything: bool = False,
) -> list[StaleRun]:
    """Return the runs that must be judged, and because of what.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.
    everything : bool
        Call every run stale that was not corrected.

    Returns
    -------
    list of StaleRun
        In the order in which they were measured. Where nothing came or changed since nothing was stale, neither results
        nor what runs gave each other is looked at.
    """
    last, moment = settled(con), moment_of(con)
    changed: list[Changed] = [(run_id, Kind(kind), key) for run_id, kind, key in _by_rules(con, rule_set)]
    changed += _wells_otherwise(con, excluded)
    # To sum up what all runs give costs the most, so it is asked only where something came that can change a sum.
    if last.moment != moment:
        changed += seen_otherwise(con)
    if last.moment.sheet != moment.sheet:
        changed += sheets_otherwise(con, moment.sheet)
    changed += decisions_otherwise(con, set_aside)
    if everything:
        changed += [(run_id, Kind.ASKED, "") for (run_id,) in con.execute(_CURRENT).fetchall()]
    return _by_run(con, changed)


def every_run(con: Connection) -> list[StaleRun]:
    """Return every run that was not corrected, as if somebody wanted it judged again.

    Returns
    -------
    list of StaleRun
        In the order in which they were measured.
    """
    return _by_run(con, [(run_id, Kind.ASKED, "") for (run_id,) in con.execute(_CURRENT).fetchall()])


def _by_run(con: Connection, changed: Sequence[Changed]) -> list[StaleRun]:
    causes: dict[int, list[tuple[Kind, str]]] = {}
    for run_id, kind, key in changed:
        causes.setdefault(run_id, []).append((kind, key))
    named = con.execute(_NAMES, [sorted(causes)]).fetchall() if causes else []
    return [StaleRun(run_id, run, study, tuple(causes[run_id])) for run_id, run, study in named]


def _by_rules(con: Connection, rule_set: RuleSet) -> list[tuple[int, str, str]]:
    return con.execute(_BY_RULES, [rule_set.sha256]).fetchall()


def _wells_otherwise(con: Connection, excluded: ExcludedWells) -> list[Changed]:
    saw = {run_id: wells for run_id, _, _, wells in con.execute(_RECORDED, [[Kind.WELLS]]).fetchall()}
    # A run that was never judged saw no wells at all: it is new, and not changed.
    judged = {row[0] for row in con.execute(_JUDGED, [sorted(excluded)]).fetchall()} if excluded else set()
    now = {run_id: wells_seen(excluded[run_id]) for run_id in sorted(judged) if excluded[run_id]}
    return [(run_id, Kind.WELLS, "") for run_id in sorted({*saw, *now}) if saw.get(run_id) != now.get(run_id)]


def decisions_otherwise(con: Connection, set_aside: SetAside) -> list[Changed]:
    """Return the decisions that runs saw otherwise than they stand now.

    Returns
    -------
    list of (int, Kind, str)
        Run, kind and item. What lies before the run comes first.
    """
    last, decided_states, words = settled(con), set_aside.decided_states, set_aside.rejected.words
    if last == Settled(moment_of(con), decided_states):
        return []
    kinds = [Kind.SET_ASIDE, Kind.DECIDED_CONTROLS, Kind.REJECTED_SAMPLE]
    saw = {
        (run_id, Kind(kind), item): state for run_id, kind, item, state in con.execute(_RECORDED, [kinds]).fetchall()
    }
    found = []
    for (run_id, kind, item), state in saw.items():
        own = words.get(item, "") if kind is Kind.REJECTED_SAMPLE else state_seen(kind, decided_states.get(item, ""))
        if state != own:
            found.append((run_id, kind, item))
    # Every look at a decision that stood when all was settled is on record: only the others are looked up anew.
    fresh = {item: state for item, state in decided_states.items() if last.decided_states.get(item) != state}
    return found + [looked for looked in looked_at_decisions(con, fresh) if looked not in saw]
