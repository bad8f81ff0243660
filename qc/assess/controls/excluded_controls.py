"""Controls that count towards no target: a rule or a person rejected them, or the run that they were measured in.

Only lots whose target rests on their own results ask for it; a lot with a fixed target never does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any  # Any: a row holds whatever its columns do

from checks.judgement_order import STAGES, judgement_order
from checks.lot_targets import rests_on_results
from qc.items.names import Item, item_of_finding, parse_item
from qc.items.states import APPROVED, REJECTED, REPEAT
from schemas.finding import Scope, Verdict

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.controls.measured_run import MeasuredRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun
    from qc.items.states import ItemState
    from qc.store.connection import Connection
    from schemas.finding import Finding

OVER_RUNS = "calibration.total_error_of_runs"
"""Rule that looks at the controls of all runs that nobody has rejected."""
_PERSON = {REJECTED: "rejected by a person", REPEAT: "to be repeated by a person's word"}
_FAILING = (Verdict.REJECT, Verdict.BROKEN)
_LOT = ("material", "level", "lot")
MEASUREMENT_RULES = " OR ".join(
    f"rule LIKE '{name}%'" if name.endswith(".") else f"rule = '{name}'" for stage in STAGES for name in stage
)
"""Condition of SQL for rules on curve, standards, controls and blanks: what they reject counts towards no target."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One finding that rejects a control, an analyte or a run: all controls of the analyte in the run go with it."""

    item: Item
    """Item that it holds: the analyte in the run, or the run."""
    rule: str
    """Rule that gave it."""
    lot: Mapping[str, str]
    """Material, level and lot of the control that it means; empty if it means none alone."""

    def reason(self, row: Mapping[str, Any]) -> str:
        """Return why a control is left out, in words."""
        is_meant = bool(self.lot) and all(row[part] == self.lot[part] for part in self.lot)
        return f"rejected by {self.rule}" if is_meant else f"of a run that failed {self.rule}"


def needs_exclusions(runs: Iterable[LoadedRun]) -> bool:
    """Tell whether any control of some runs has a target that rests on results.

    Returns
    -------
    bool
        False where every lot has a fixed target: nothing is left out of it then.
    """
    return any(rests_on_results(row) for run in runs for row in run.controls.iter_rows(named=True))


def rejected_runs(states: Mapping[str, ItemState]) -> frozenset[tuple[int, str]]:
    """Return the runs, and analytes in runs, that people have rejected or want repeated.

    Parameters
    ----------
    states : mapping of str to ItemState
        What people have decided, by item.

    Returns
    -------
    frozenset of (int, str)
        Run id and analyte; an empty analyte means the whole run.
    """
    items = [parse_item(name) for name, state in states.items() if state.state in _PERSON]
    return frozenset((item.run_id, item.analyte) for item in items if item.scope != "result")


_FAILURES = f"""
    SELECT f.item, f.rule, f.key FROM findings f JOIN run_states s USING (run_id, assessment_id)
    WHERE NOT s.is_superseded AND f.verdict IN ('reject', 'broken') AND f.scope IN ('run', 'analyte', 'control')
        AND f.run_id IN (SELECT unnest(?)) AND ({MEASUREMENT_RULES}) ORDER BY f.run_id, f.ordinal
"""  # noqa: S608 - constants of this file


def stored_exclusions(
    con: Connection, history: pl.DataFrame, runs: Iterable[LoadedRun], states: Mapping[str, ItemState]
) -> dict[tuple[int, int], str]:
    """Return which control results of earlier runs count towards no target.

    Parameters
    ----------
    runs : iterable of LoadedRun
        Runs that are to be judged: only the history of those of their lots whose target rests on results is looked at.
    states : mapping of str to ItemState
        What people have decided, by item.

    Returns
    -------
    dict of (int, int) to str
        Reason by run id and position; what counts is not named.
    """
    import polars as pl

    lots = {row["material"] for run in runs for row in run.controls.iter_rows(named=True) if rests_on_results(row)}
    history = history.filter(pl.col("material").is_in(sorted(lots)))
    run_ids = history["run_id"].unique().sort().to_list()
    if not run_ids:
        return {}
    failures = [
        Failure(parse_item(item), rule, _lot(json.loads(key)))
        for item, rule, key in con.execute(_FAILURES, [run_ids]).fetchall()
    ]
    return exclusions_by(history, failures, states)


def newly_excluded(run: MeasuredRun, rule_set: RuleSet, states: Mapping[str, ItemState]) -> dict[tuple[int, int], str]:
    """Return which controls of a run count towards no target of the runs that are judged behind it.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.
    states : mapping of str to ItemState
        What people have decided, by item.

    Returns
    -------
    dict of (int, int) to str
        Reason by run id and position. Rules on samples are not asked.
    """
    from checks.engine import judge

    said: Sequence[Finding] = ()
    if run.profile is not None:
        measurement_limits = {
            id_: own for id_, own in run.profile.limits_by_rule.items() if _is_about_the_measurement(id_)
        }
        said = judge(run.run_input, replace(run.profile, limits_by_rule=measurement_limits), rule_set.rules).findings
    failures = [
        Failure(item_of_finding(run.loaded.run_id, finding), finding.rule, _lot(finding.key))
        for finding in said
        if finding.verdict in _FAILING and finding.scope is not Scope.RESULT
    ]
    return exclusions_by(run.run_input.controls, failures, states)


def exclusions_by(
    controls: pl.DataFrame, failures: Sequence[Failure], states: Mapping[str, ItemState]
) -> dict[tuple[int, int], str]:
    """Return which controls are left out, and why.

    Parameters
    ----------
    controls : DataFrame
        Control results of one run or of several (columns of ControlResults).
    failures : sequence of Failure
        Findings that reject them; one that a person has approved over rejects nothing.
    states : mapping of str to ItemState
        What people have decided, by item.

    Returns
    -------
    dict of (int, int) to str
        Reason by run id and position: what a person said, else the first rule.
    """
    failures_by_run: dict[int, list[Failure]] = {}
    for failure in failures:
        state = states.get(str(failure.item))
        if state is None or state.state != APPROVED:
            failures_by_run.setdefault(failure.item.run_id, []).append(failure)
    reasons: dict[tuple[int, int], str] = {}
    for row in controls.select("run_id", "position", "analyte", *_LOT).iter_rows(named=True):
        run_id, analyte = int(row["run_id"]), row["analyte"]
        said = [states.get(name) for name in (f"R{run_id}", f"R{run_id}/{analyte}")]
        why = [_PERSON[state.state] for state in said if state and state.state in _PERSON]
        failed = [one for one in failures_by_run.get(run_id, ()) if one.item.analyte in ("", analyte)]
        # Its own failure says more than that of a control beside it.
        why += sorted((one.reason(row) for one in failed), key=lambda words: not words.startswith("rejected by"))
        if why:
            reasons[run_id, int(row["position"])] = why[0]
    return reasons


def _lot(key: Mapping[str, str | int]) -> dict[str, str]:
    return {part: str(key[part]) for part in _LOT if part in key} if set(_LOT) <= set(key) else {}


def _is_about_the_measurement(rule_id: str) -> bool:
    # Curve, standards, controls and blanks: what rules say of samples does not make a control wrong.
    return judgement_order(rule_id)[0] < len(STAGES)
