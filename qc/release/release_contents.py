"""Contents of a release: approved results with their subjects, what was set aside, and what all of it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qc.items.decisions import newest_decisions
from qc.items.result_states import result_states
from qc.items.states import APPROVED, item_states
from qc.plan.plan_lock import PlanLock, plan_locks
from qc.release import release_account as accounting
from qc.release import several_results as several
from qc.release.coded_subjects import subjects_by_visit
from qc.release.data_dictionary import COLUMNS as DICTIONARY
from qc.release.decision_columns import decision_columns
from qc.release.exceptions import release_exceptions
from qc.release.release_basis import assessments, bridgings, decisions_on, signatures_on, sources
from qc.release.uncertainty import Budget, Key, budgets, with_uncertainty
from qc.store.frames import query

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from qc.items.states import ItemState
    from qc.lab.folder import LabFolder
    from qc.store.connection import Connection

_SAMPLES = """
    SELECT s.study, s.sample, s.subject, s.visit, coalesce(u.arm, '') AS arm
    FROM latest_samples s LEFT JOIN latest_subjects u ON u.study = s.study AND u.subject = s.subject
"""
COLUMNS = tuple(name for name, *_ in DICTIONARY)
"""Columns of both tables of a release."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a release freezes."""

    approved: pl.DataFrame
    """Approved results, one row each."""
    set_aside: pl.DataFrame
    """Rejected results and those to be repeated: nothing vanishes."""
    decisions: list[dict[str, Any]]
    """Decisions and comments on runs of the study, oldest first."""
    signatures: list[dict[str, Any]]
    """Signatures on them and on the plan."""
    sources: list[dict[str, Any]]
    """Files that the study rests on, with their hashes."""
    basis: dict[str, Any]
    """Assessments, rules, limits and the hash of the facts."""
    contrasts: list[dict[str, Any]]
    """n in and n out of each contrast, with the reasons."""
    imbalance: dict[str, Any] | None
    """Whether visits lose alike; None without a plan."""
    exceptions: list[dict[str, Any]]
    """What was approved over a finding or in spite of one, and what was set aside: by whom, when and why."""
    subjects: list[dict[str, Any]]
    """Subjects by visit: how many, of which sex and age."""
    uncertainty: list[dict[str, Any]]
    """Budget of each analyte, matrix and platform."""
    locks: tuple[PlanLock, ...]
    """Every version of the plan, oldest first."""

    @property
    def lock(self) -> PlanLock | None:
        """Plan in force; None if none is locked."""
        return self.locks[-1] if self.locks else None


def contents(lab: LabFolder, study: str) -> Contents:
    """Gather what a release of a study freezes."""
    import polars as pl

    locks = plan_locks(lab, study)
    plan = locks[-1].plan if locks else None
    decisions = newest_decisions(lab.ledger)
    with lab.facts.reading() as con:
        states = item_states(con, decisions, datetime.now(UTC))
        counted = several.counted_by_plan(con, states, study, plan)
        results = several.with_choices(con, result_states(con, states, study), study, counted)
        runs = query(con, "SELECT run_id, run, platform, calibrator_lot FROM runs")
        samples = query(con, _SAMPLES)
        run_ids = results["run_id"].unique().sort().to_list()
        files = sources(con, run_ids)
        basis = assessments(con, results["assessment_id"].unique().sort().to_list()) | {"bridging": bridgings(con)}
        table = results.join(runs, on="run_id", how="left").join(samples, on=["study", "sample"], how="left")
        found = _budgets(lab, con, table, states)
        people = subjects_by_visit(con, table.filter(pl.col("state") == APPROVED), study)
    own_decisions = decisions_on(lab, run_ids, study)
    table = with_uncertainty(table, found)
    table = table.hstack(decision_columns(table, states, own_decisions)).select(COLUMNS).sort("result_id")
    rows = table.select(accounting.COLUMNS).to_dicts()
    is_approved = pl.col("state") == APPROVED
    return Contents(
        approved=table.filter(is_approved),
        set_aside=table.filter(~is_approved),
        decisions=own_decisions,
        signatures=signatures_on(lab, [one["item"] for one in own_decisions], study),
        sources=files,
        basis=basis,
        contrasts=accounting.contrast_accounts(rows, plan),
        exceptions=release_exceptions(table),
        imbalance=accounting.imbalance(rows, plan) if plan else None,
        subjects=people,
        uncertainty=[one.as_json() for one in found.values()],
        locks=tuple(locks),
    )


def _budgets(
    lab: LabFolder, con: Connection, table: pl.DataFrame, states: Mapping[str, ItemState]
) -> dict[Key, Budget]:
    from qc.assess.controls.excluded_controls import rejected_runs
    from qc.assess.prepare.rule_set import load_rule_set

    names = ("analyte", "matrix", "platform", "method")
    kinds = table.select(names).unique(subset=list(names[:3]), maintain_order=True).drop_nulls().iter_rows()
    keys = [((analyte, matrix, platform), method) for analyte, matrix, platform, method in kinds]
    return budgets(con, load_rule_set(lab).catalogue, keys, rejected_runs(states))
