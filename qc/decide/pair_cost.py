"""What a rejection would cost: which contrasts lose pairs, and how many remain; told without subject or visit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from qc.items.decisions import newest_decisions
from qc.items.names import SampleItem, names_of_result, parse_target
from qc.items.seen_item import sample_of_code
from qc.items.states import APPROVED, REJECTED, REPEAT, ItemState, gravest, item_states
from qc.plan.plan_lock import plan_locks
from schemas.json_model import JsonModel
from schemas.result_id import run_id_of

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection


@dataclass(frozen=True, slots=True)
class PairCost(JsonModel):
    """What the loss of some results means for one contrast."""

    json_keys = "study analyte matrix n_pairs n_lost n_left minimum falls_below planned=is_planned sentence"

    study: str
    """Study."""
    analyte: str
    """Analyte id."""
    matrix: str
    """Matrix id."""
    n_pairs: int
    """Pairs that there are now: subjects with a usable result at both visits of the contrast."""
    n_lost: int
    """Pairs that would be lost."""
    minimum: int
    """Fewest pairs that the plan (or, without one, qc.toml) asks for."""
    is_planned: bool
    """Whether a locked plan names the contrast; without a plan any two visits of a subject count as a pair."""

    @property
    def n_left(self) -> int:
        """Pairs that would remain."""
        return self.n_pairs - self.n_lost

    @property
    def falls_below(self) -> bool:
        """Whether fewer than the minimum would remain."""
        return self.n_left < self.minimum

    @property
    def sentence(self) -> str:
        """What a person reads before a rejection is confirmed."""
        lost = f"{self.n_lost} of {self.n_pairs} pairs would be lost"
        below = "below" if self.falls_below else "at least"
        return f"{self.analyte} in {self.matrix}: {lost}, {self.n_left} remain, {below} the {self.minimum} asked for."


_TOUCHED = """
    SELECT r.study, r.analyte, r.matrix, r.result_id FROM latest_results r
    WHERE r.run_id IN (SELECT unnest(?)) OR (r.study, r.sample) IN (SELECT unnest(?), unnest(?))
"""
_CONTRAST = """
    SELECT r.run_id, r.result_id, s.subject, s.visit, r.value IS NOT NULL OR r.censor <> '' AS is_usable
    FROM latest_results r JOIN latest_samples s ON r.study = s.study AND r.sample = s.sample
    WHERE r.study = ? AND r.analyte = ? AND r.matrix = ? AND s.subject <> '' AND s.visit <> ''
"""


def pair_costs(lab: LabFolder, names: Sequence[str]) -> list[PairCost]:
    """Say what a rejection of items would cost, without breaking the blind.

    Parameters
    ----------
    names : sequence of str
        Names of items, as ``qc decide`` takes them; a well counts as the loss of nothing, since its result stays.

    Returns
    -------
    list of PairCost
        Each contrast that would lose a pair, by analyte and matrix. Which subject, and at which visit, is not told.
        Results that are rejected or to be repeated already, or have neither number nor mark, give no pair.
    """
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions, datetime.now(UTC), only_decided=True)
        lost = _lost_results(lab, con, names)
        costs = [_cost(lab, con, states, key, ids) for key, ids in sorted(lost.items()) if _is_of_interest(lab, key)]
    return [cost for cost in costs if cost.n_lost]


def _lost_results(lab: LabFolder, con: Connection, names: Sequence[str]) -> dict[tuple[str, str, str], set[int]]:
    targets = [parse_target(name) for name in names]
    samples = [(sample_of_code(lab, con, t.code), t.analyte) for t in targets if isinstance(t, SampleItem)]
    items = [target for target in targets if not isinstance(target, SampleItem) and not target.well]
    run_ids = sorted({item.run_id for item in items})
    studies, codes = [study for (study, _), _ in samples], [code for (_, code), _ in samples]
    found: dict[tuple[str, str, str], set[int]] = {}
    result_ids = _ids_of_samples(con, samples) | {item.result_id for item in items if item.ordinal}
    parts = {(item.run_id, item.analyte) for item in items if not item.ordinal}
    for study, analyte, matrix, result_id in con.execute(_TOUCHED, [run_ids, studies, codes]).fetchall():
        run_id = run_id_of(result_id)
        if result_id in result_ids or (run_id, "") in parts or (run_id, analyte) in parts:
            found.setdefault((study, analyte, matrix), set()).add(result_id)
    return found


def _ids_of_samples(con: Connection, samples: Sequence[tuple[tuple[str, str], str]]) -> set[int]:
    sql = "SELECT result_id FROM latest_results WHERE study = ? AND sample = ? AND (? = '' OR analyte = ?)"
    return {
        row[0]
        for (study, code), analyte in samples
        for row in con.execute(sql, [study, code, analyte, analyte]).fetchall()
    }


def _plan(lab: LabFolder, study: str) -> Plan | None:
    locks = plan_locks(lab, study)
    return locks[-1].plan if locks else None


def _is_of_interest(lab: LabFolder, key: tuple[str, str, str]) -> bool:
    plan = _plan(lab, key[0])
    return plan is None or any((end.analyte, end.matrix) == key[1:] for end in plan.endpoints)


def _cost(
    lab: LabFolder,
    con: Connection,
    states: Mapping[str, ItemState],
    key: tuple[str, str, str],
    lost: set[int],
) -> PairCost:
    plan = _plan(lab, key[0])
    visits = _visits(plan)
    now: dict[str, set[str]] = {}
    then: dict[str, set[str]] = {}
    for run_id, result_id, subject, visit, is_usable in con.execute(_CONTRAST, list(key)).fetchall():
        if is_usable and _counts(states, run_id, result_id, key[1]) and (not visits or visit in visits):
            now.setdefault(subject, set()).add(visit)
            if result_id not in lost:
                then.setdefault(subject, set()).add(visit)
    n_now, n_then = _n_pairs(now, visits), _n_pairs(then, visits)
    minimum = plan.minimum_pairs if plan else lab.settings.gate.minimum_pairs
    return PairCost(*key, n_now, n_now - n_then, minimum, plan is not None)


def _visits(plan: Plan | None) -> tuple[str, ...]:
    return (plan.baseline, plan.followup) if plan else ()


def _counts(states: Mapping[str, ItemState], run_id: int, result_id: int, analyte: str) -> bool:
    names = names_of_result(result_id, analyte)
    return gravest([states[name].state for name in names if name in states] or [APPROVED]) not in (REJECTED, REPEAT)


def _n_pairs(visits_by_subject: Mapping[str, Collection[str]], visits: tuple[str, ...]) -> int:
    if not visits:
        return sum(len(seen) > 1 for seen in visits_by_subject.values())
    return sum(set(visits) <= set(seen) for seen in visits_by_subject.values())
