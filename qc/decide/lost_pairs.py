"""Which pairs would be lost if results were set aside, counted from what counts today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from typing import TYPE_CHECKING

from qc.decide.pair_cost import LossCost, PairCost
from qc.items.decisions import newest_decisions
from qc.items.names import Item, SampleItem, names_of_result, parse_target
from qc.items.near_items import near_item
from qc.items.seen_item import sample_of_code
from qc.items.states import APPROVED, REJECTED, REPEAT, ItemState, gravest, item_states
from qc.plan.plan_lock import plan_locks
from schemas.errors import ConfigError, Fault
from schemas.result_id import run_id_of

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

Key = tuple[str, str, str]  # study, analyte, matrix
Visits = Mapping[str, Collection[str]]  # visits with a usable result, by subject

_TOUCHED = """
    SELECT r.study, r.analyte, r.matrix, r.result_id FROM latest_results r
    WHERE r.run_id IN (SELECT unnest(?)) OR (r.study, r.sample) IN (SELECT unnest(?), unnest(?))
"""
_CONTRAST = """
    SELECT r.run_id, r.result_id, s.subject, s.visit, r.value IS NOT NULL OR r.censor <> '' AS is_usable
    FROM latest_results r JOIN latest_samples s ON r.study = s.study AND r.sample = s.sample
    WHERE r.study = ? AND r.analyte = ? AND r.matrix = ? AND s.subject <> '' AND s.visit <> ''
"""


def loss_cost(lab: LabFolder, names: Sequence[str]) -> LossCost:
    """Say what it would cost in pairs to set items aside, without breaking the blind.

    Parameters
    ----------
    names : sequence of str
        Names of items, as ``qc decide`` takes them; a well counts as the loss of nothing, since its result stays.

    Returns
    -------
    LossCost
        Each contrast that would lose a pair, by analyte and matrix. Which subject, and at which visit, is not told.
        Results that are rejected or to be repeated already, or have neither number nor mark, give no pair.

    Raises
    ------
    ConfigError
        If a result that is named is not there.
    """
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions, datetime.now(UTC), only_decided=True)
        lost = _lost_results(lab, con, names)
        losses = [_loss(lab, con, states, key, ids) for key, ids in sorted(lost.items())]
    costs = tuple(cost for loss in losses for cost in loss.costs)
    unknown = _unknown(losses)
    return LossCost(costs, tuple(unknown or ([] if costs else [_nothing_lost(losses, names)])), not unknown)


@dataclass(frozen=True, slots=True)
class _Loss:
    """What the loss of results of one analyte in one matrix means."""

    study: str
    plan: Plan | None
    is_planned: bool  # the plan has an endpoint of them
    n_without_visit: int = 0  # results whose subject or visit no sheet gives
    n_used: int = 0  # results that a pair could rest on now
    n_emptied: int = 0  # visits of subjects that would keep no usable result
    n_half: int = 0  # subjects with one visit of the two, so that the other may follow
    costs: list[PairCost] = field(default_factory=list)


def _unknown(losses: Sequence[_Loss]) -> list[str]:
    said = [
        f"No plan of study '{study}' is locked: which pairs this would cost is not known."
        for study in sorted({loss.study for loss in losses if loss.plan is None and loss.n_used})
    ]
    n_without = sum(loss.n_without_visit for loss in losses if loss.plan is None or loss.is_planned)
    if n_without:
        results = "1 result has" if n_without == 1 else f"{n_without} results have"
        said.append(f"{results} no subject and visit in a sample sheet: what pairs they would cost is not known.")
    return said


def _nothing_lost(losses: Sequence[_Loss], names: Sequence[str]) -> str:
    if names and not losses and all("@" in name for name in names):
        return "No pair would be lost: the result stays, without the well."
    if losses and all(loss.plan and not loss.is_planned for loss in losses):
        return "No pair would be lost: the locked plan tests none of these results."
    if any(loss.n_half and loss.n_emptied for loss in losses):
        return "No pair that is there would be lost; those whose other visit is not measured yet are not counted."
    return "No pair would be lost."


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
    lost = set().union(*found.values())
    _refuse_unknown(con, [item for item in items if item.ordinal and item.result_id not in lost])
    return found


def _refuse_unknown(con: Connection, items: Sequence[Item]) -> None:
    """Refuse items that are not there: of these nobody may read that nothing would be lost."""
    faults = [Fault(str(item), f"There is no such item.{near_item(con, str(item))}") for item in items]
    if faults:
        raise ConfigError("What this would cost was not counted.", faults)


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


def _loss(lab: LabFolder, con: Connection, states: Mapping[str, ItemState], key: Key, lost: set[int]) -> _Loss:
    plan = _plan(lab, key[0])
    is_planned = plan is not None and any((end.analyte, end.matrix) == key[1:] for end in plan.endpoints)
    rows = con.execute(_CONTRAST, list(key)).fetchall()
    found = _Loss(key[0], plan, is_planned, n_without_visit=len(lost - {row[1] for row in rows}))
    if plan is not None and not is_planned:
        return found
    now, then = _visits_by_subject(rows, states, key[1], lost)
    contrasts = [(plan.baseline, plan.followup)] if plan else _every_two(now)
    minimum = plan.minimum_pairs if plan else lab.settings.gate.minimum_pairs
    n_emptied = sum(len(set(visits) - set(then.get(subject, ()))) for subject, visits in now.items())
    n_used = sum(row[1] in lost and row[4] and _counts(states, row[0], row[1], key[1]) for row in rows)
    n_half = sum(_is_half(visits, contrasts) for visits in now.values())
    counted = Counter((n := _n_pairs(now, two), n - _n_pairs(then, two)) for two in contrasts)
    costs = [PairCost(*key, *pairs, minimum, plan is not None, n) for pairs, n in sorted(counted.items(), reverse=True)]
    return _Loss(*key[:1], plan, is_planned, found.n_without_visit, n_used, n_emptied, n_half, _if_any_lost(costs))


def _if_any_lost(costs: list[PairCost]) -> list[PairCost]:
    return costs if any(cost.n_lost for cost in costs) else []


def _visits_by_subject(
    rows: Sequence[tuple[int, int, str, str, bool]], states: Mapping[str, ItemState], analyte: str, lost: set[int]
) -> tuple[Visits, Visits]:
    now: dict[str, set[str]] = {}
    then: dict[str, set[str]] = {}
    for run_id, result_id, subject, visit, is_usable in rows:
        if is_usable and _counts(states, run_id, result_id, analyte):
            now.setdefault(subject, set()).add(visit)
            if result_id not in lost:
                then.setdefault(subject, set()).add(visit)
    return now, then


def _every_two(visits_by_subject: Visits) -> list[tuple[str, str]]:
    return list(combinations(sorted({visit for visits in visits_by_subject.values() for visit in visits}), 2))


def _is_half(visits: Collection[str], contrasts: Sequence[tuple[str, str]]) -> bool:
    return any(len(set(two) & set(visits)) == 1 for two in contrasts)


def _counts(states: Mapping[str, ItemState], run_id: int, result_id: int, analyte: str) -> bool:
    names = names_of_result(result_id, analyte)
    return gravest([states[name].state for name in names if name in states] or [APPROVED]) not in (REJECTED, REPEAT)


def _n_pairs(visits_by_subject: Visits, two: tuple[str, str]) -> int:
    return sum(set(two) <= set(visits) for visits in visits_by_subject.values())
