"""The gate: open on nothing but a pass or a person's recorded decision.

It reads what assessment keeps by run, analyte and held item, and neither results nor findings.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.ingest.quarantine import quarantined_deliveries
from qc.items.decisions import Decision, newest_decisions
from qc.items.masking import masked_rules
from qc.items.names import name_of_analyte, name_of_run, parse_item
from qc.items.states import APPROVED, EVIDENCE, WAITING, ItemState, gravest, item_states
from qc.release.several_results import counted_by_plan, refusal_of_several
from qc.release.sheet_gaps import sheet_gaps
from schemas.counted import counted
from schemas.json_model import JsonModel
from schemas.names import did_you_mean
from schemas.result_id import run_id_of

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan
    from qc.ingest.corrections.correction import Correction
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Hold(JsonModel):
    """One thing that holds the gate."""

    kind: str
    """``waiting``, ``correction``, ``not_assessed``, ``several_results`` or ``nothing_approved``."""
    item: str
    """Item that waits; empty for anything else."""
    run: str
    """Run; empty if none is meant."""
    verdict: str
    """Gravest verdict that holds the item; empty if none does."""
    rules: tuple[str, ...]
    """Rules that hold the item."""
    why: str
    """Why it waits although somebody has decided, or what is to be done."""
    cause: str = ""
    """Name of the cause that it shares with other items; empty where it stands alone."""


@dataclass(frozen=True, slots=True)
class Gate(JsonModel):
    """Whether a study may be released, and what holds it."""

    json_keys = """study open=is_open results=n_by_state waiting=items not_assessed=runs_not_assessed holds
        quarantined=n_quarantined gaps reasons"""

    study: str
    """Study."""
    is_open: bool
    """True if nothing waits and something is approved."""
    n_by_state: dict[str, int]
    """Number of results by state."""
    holds: tuple[Hold, ...]
    """Everything that holds it."""
    n_quarantined: int
    """Deliveries in quarantine; they are told and do not hold the gate."""
    gaps: tuple[str, ...] = ()
    """Where sheets do not fit each other or the runs, with what to do; they are told and do not hold the gate."""

    @property
    def items(self) -> tuple[str, ...]:
        """Items that wait for a person."""
        return tuple(hold.item for hold in self.holds if hold.kind == "waiting")

    @property
    def n_causes(self) -> int:
        """Count the things to settle: causes that several items share, and items that stand alone."""
        causes = [hold.cause for hold in self.holds if hold.kind == "waiting"]
        return len({cause for cause in causes if cause}) + causes.count("")

    @property
    def runs_not_assessed(self) -> tuple[str, ...]:
        """Runs that were taken in and not judged yet, or whose inputs have changed since."""
        return tuple(hold.run for hold in self.holds if hold.kind == "not_assessed")

    @property
    def reasons(self) -> list[str]:
        """Sentences that say what holds the gate; empty if it is open."""
        said = [f"{hold.item} waits: {hold.why}" for hold in self.holds if hold.kind == "correction"]
        if self.items:
            waits = "1 item waits" if self.n_causes == 1 else f"{self.n_causes:,} items wait"
            said.append(f"{waits} for a person; 'qc queue' lists {'it' if self.n_causes == 1 else 'them'}.")
        if self.runs_not_assessed:
            are = counted(len(self.runs_not_assessed), "run is", "runs are")
            said.append(f"{are} not assessed in the present state; 'qc assess' does it.")
        said += [hold.why for hold in self.holds if hold.kind == "several_results"]
        if not self.n_by_state.get(APPROVED):
            said += [hold.why for hold in self.holds if hold.kind == "nothing_approved"]
        return said


def gate(lab: LabFolder, study: str | None = None) -> Gate:
    """Look at the gate of a study.

    Parameters
    ----------
    study : str, optional
        Study; None means the default of qc.toml.
    """
    named = study or lab.settings.lab.default_study
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions, datetime.now(UTC))
        n_by_state = counted_states(con, states, named)
        plan = _plan(lab, named)
        n_of_plan = len(counted_by_plan(con, states, named, plan))
        several = refusal_of_several(lab, con, states, named, plan)
        holds = _corrections(con, decisions, named)
        gaps = tuple(f"{gap.where}: {gap.text}" for gap in sheet_gaps(con, named))
        near = "" if n_by_state else did_you_mean(named, set(_studies(con)) - {named}, " Did you mean study '{near}'?")
        holds += [*_waiting(con, states, decisions, named), *_not_assessed(lab, con, named, states)]
    if n_of_plan:
        n_by_state |= {
            APPROVED: n_by_state.get(APPROVED, 0) + n_of_plan,
            EVIDENCE: n_by_state.get(EVIDENCE, 0) - n_of_plan,
        }
        n_by_state = {state: n for state, n in n_by_state.items() if n}
    if several:
        holds.append(Hold("several_results", "", "", "", (), several))
    if not n_by_state.get(APPROVED):
        why = f"No result of study '{named}' is approved.{near}"
        holds.append(Hold("nothing_approved", "", "", "", (), why))
    n_quarantined = sum(1 for _ in quarantined_deliveries(lab.paths.quarantine))
    return Gate(named, not holds and not n_by_state.get(WAITING), n_by_state, tuple(holds), n_quarantined, gaps)


def _studies(con: Connection) -> list[str]:
    return [study for (study,) in con.execute("SELECT DISTINCT study FROM runs").fetchall()]


def settled_gate(lab: LabFolder, study: str | None = None) -> Gate:
    """Look at the gate of a study once what decisions have touched is judged again.

    Parameters
    ----------
    study : str, optional
        Study; None means the default of qc.toml.

    Returns
    -------
    Gate
        Where the facts cannot be written, what is not judged as it now stands is among the holds.
    """
    looked = gate(lab, study)
    if not {hold.kind for hold in looked.holds} & {"not_assessed", "correction"}:
        return looked
    # To judge loads what a look does without.
    from qc.assess.work_left import settle_work_left

    return gate(lab, study) if settle_work_left(lab) else looked


def _plan(lab: LabFolder, study: str) -> Plan | None:
    from qc.plan.plan_lock import plan_locks

    locks = plan_locks(lab, study)
    return locks[-1].plan if locks else None


def _corrections(con: Connection, decisions: Mapping[str, Decision], study: str) -> list[Hold]:
    from qc.ingest.corrections.correction import open_corrections

    return [
        Hold("correction", one.name, "", "", (), why)
        for one in open_corrections(con, decisions)
        if (why := _why_correction(con, one, study))
    ]


def _why_correction(con: Connection, one: Correction, study: str) -> str:
    from qc.ingest.corrections.sentences import advice_of, sentence_of
    from qc.ingest.corrections.touched import touched_of

    if one.state not in ("waiting", "approved"):
        return ""
    touched = touched_of(con, one)
    if study not in touched.studies:
        return ""
    if one.state == "approved":
        return "It is accepted and not in force yet: 'qc assess' does it."
    return f"{sentence_of(one, touched)} {advice_of(one)}"


_STUDY_RUNS = (
    "SELECT run_id, run FROM run_states WHERE study = ? AND NOT is_superseded AND run_id IN (SELECT unnest(?))"
)
_OPEN_ITEMS = "SELECT item, verdict, rules, cause FROM open_items WHERE study = ?"


def _waiting(
    con: Connection, states: Mapping[str, ItemState], decisions: Mapping[str, Decision], study: str
) -> list[Hold]:
    from qc.assess.changes.causes import lapsed_because

    waiting = {item: state for item, state in states.items() if state.state == WAITING}
    run_ids = sorted({parse_item(item).run_id for item in waiting})
    runs = dict(con.execute(_STUDY_RUNS, [study, run_ids]).fetchall())
    held_by = {item: item_row for item, *item_row in con.execute(_OPEN_ITEMS, [study]).fetchall()}
    why = lapsed_because(con, waiting, decisions)
    holds = []
    for item in sorted(waiting, key=_order):
        run_id = parse_item(item).run_id
        if run_id in runs:
            verdict, rules, cause = held_by.get(item, ("", "[]", ""))
            over = _rules(rules)
            holds.append(Hold("waiting", item, runs[run_id], verdict, over, why.get(item, ""), cause))
    return holds


@lru_cache(maxsize=1024)
def _rules(text: str) -> tuple[str, ...]:
    return masked_rules(json.loads(text))


def _order(item: str) -> tuple[int, int, str]:
    parsed = parse_item(item)
    return parsed.run_id, parsed.ordinal, parsed.analyte


def _not_assessed(lab: LabFolder, con: Connection, study: str, states: Mapping[str, ItemState]) -> list[Hold]:
    from qc.assess.changes.causes import reason_to_judge_again
    from qc.assess.changes.settled import settled
    from qc.assess.changes.stale_runs import stale_runs
    from qc.assess.prepare.rule_set import load_rule_set

    set_aside = set_aside_now(lab, con, states)
    stale = stale_runs(con, load_rule_set(lab), excluded_wells(lab, con), set_aside)
    before = settled(con).decided_states if stale else {}
    return [
        Hold("not_assessed", "", run.run, "", (), reason_to_judge_again(run.causes, before, set_aside.decided_states))
        for run in stale
        if run.study == study
    ]


_UNTOUCHED = """
    SELECT coalesce(sum(n_results), 0) FROM run_states
    WHERE study = ? AND NOT is_superseded AND run_id NOT IN (SELECT unnest(?))
"""
_BY_ANALYTE = """
    SELECT s.run_id, m.analyte, sum(m.n_results) FROM run_states s JOIN run_summaries m USING (run_id, assessment_id)
    WHERE s.study = ? AND NOT s.is_superseded AND s.run_id IN (SELECT unnest(?)) GROUP BY ALL
"""
_EVIDENCE = """
    SELECT run_id, analyte, count(*) FROM latest_repeats WHERE study = ? AND role = 'evidence' GROUP BY ALL
"""
_EVIDENCE_IDS = "SELECT result_id FROM latest_repeats WHERE study = ? AND role = 'evidence'"
_ONLY_ANALYTE = """
    SELECT s.run_id, any_value(m.analyte) FROM run_states s JOIN run_summaries m USING (run_id, assessment_id)
    WHERE s.study = ? AND NOT s.is_superseded AND s.run_id IN (SELECT unnest(?))
    GROUP BY s.run_id HAVING count(DISTINCT m.analyte) = 1
"""
_ANALYTES = """
    SELECT result_id, analyte FROM latest_results
    WHERE study = ? AND result_id IN (SELECT unnest(?)) AND result_id BETWEEN ? AND ?
"""


def counted_states(con: Connection, states: Mapping[str, ItemState], study: str) -> dict[str, int]:
    """Count the results of a study by their state.

    Parameters
    ----------
    states : mapping of str to ItemState
        What :func:`qc.items.states.item_states` returned.

    Returns
    -------
    dict of str to int
        By state. The gravest state of run, analyte and result counts, as in a release.
    """
    touched = sorted({parse_item(item).run_id for item in states})
    (row,) = con.execute(_UNTOUCHED, [study, touched]).fetchall()
    evidence, runs = _evidence_by_part(con, study), frozenset(touched)
    counts: Counter[str] = Counter({EVIDENCE: sum(n for (run_id, _), n in evidence.items() if run_id not in runs)})
    counts[APPROVED] = int(row[0]) - counts[EVIDENCE]
    results = _touched_results(con, states, study)
    for run_id, analyte, n_results in con.execute(_BY_ANALYTE, [study, touched]).fetchall():
        names = (name_of_run(run_id), name_of_analyte(run_id, analyte))
        above = gravest([states[name].state for name in names if name in states])
        own = results.get((run_id, analyte), ())  # of those that count
        for state in own:
            counts[state if above == APPROVED else gravest((above, state))] += 1
        if n_evidence := evidence.pop((run_id, analyte), 0):
            counts[gravest((above, EVIDENCE))] += n_evidence
        counts[above] += int(n_results) - len(own)
    return {state: count for state, count in sorted(counts.items()) if count}


def _evidence_by_part(con: Connection, study: str) -> dict[tuple[int, str], int]:
    return {(run_id, analyte): n for run_id, analyte, n in con.execute(_EVIDENCE, [study]).fetchall()}


def _touched_results(con: Connection, states: Mapping[str, ItemState], study: str) -> dict[tuple[int, str], list[str]]:
    evidence = {row[0] for row in con.execute(_EVIDENCE_IDS, [study]).fetchall()}
    named = ((parse_item(name).result_id, state.state) for name, state in states.items())
    items = {result_id: state for result_id, state in named if result_id is not None and result_id not in evidence}
    known = dict(con.execute("SELECT result_id, analyte FROM open_items WHERE result_id IS NOT NULL").fetchall())
    known |= _analytes(con, study, [i for i in items if i not in known])
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for result_id, state in items.items():
        if result_id in known:
            found[run_id_of(result_id), known[result_id]].append(state)
    return found


def _analytes(con: Connection, study: str, result_ids: Sequence[int]) -> dict[int, str]:
    if not result_ids:
        return {}
    run_ids = sorted({run_id_of(result_id) for result_id in result_ids})
    # Where a run has one analyte, so have its results: a hundred million of them are not looked at.
    alone = dict(con.execute(_ONLY_ANALYTE, [study, run_ids]).fetchall())
    known = {i: alone[run_id_of(i)] for i in result_ids if run_id_of(i) in alone}
    others = sorted(i for i in result_ids if i not in known)
    return known | (dict(con.execute(_ANALYTES, [study, others, others[0], others[-1]]).fetchall()) if others else {})
