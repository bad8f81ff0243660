"""Runs judged again from the rows that came in, and every row of what is stored compared with what comes out."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from qc.assess.assess import judged_again, runs_to_judge
from qc.assess.changes.kinds import Kind
from qc.assess.prepare.rule_set import load_rule_set
from qc.assess.write.assessment_write import judgement_tables
from qc.audit.again.compared_rows import differing_rows
from qc.lab.blinding import read_secret
from qc.version import __version__
from schemas.errors import Fault, StoreBusyError, StoreError

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.changes.stale_runs import StaleRun
    from qc.assess.judge.judged_run import JudgedRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.lab.folder import LabFolder

SAMPLE = 16
"""Runs that are judged again where nobody asks for all of them: chosen anew each time, so that none is safe."""
_WAYS = (Kind.ASKED, Kind.SUMMARIES, Kind.RESULTS)
"""A run that was judged after something of it was set aside keeps what was said of that, and its suites count it
otherwise. So one that does not come out anew is judged as if its past, and then as if others of its subjects had
changed."""
MOST_ROWS = 5  # differing rows of a table that are named; the others are counted
_STORED = (
    "SELECT assessment_id, software FROM run_states JOIN assessments USING (run_id, assessment_id) WHERE run_id = ?"
)


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """What judging again came to."""

    faults: tuple[Fault, ...]
    """Rows that are not what comes out."""
    n_runs: int
    """Runs that were judged again."""
    n_judged: int
    """Runs that stand in the facts as judged."""
    waiting: tuple[str, ...]
    """Names of runs whose inputs have changed since they were judged: `qc assess` comes first."""


NOT_JUDGED = JudgedAgain((), 0, 0, ())
"""Where nobody asked for it."""


def judge_again(lab: LabFolder, *, n_runs: int | None) -> JudgedAgain:
    """Judge runs again and compare wells, results, findings, approvals, states and held items with the stored ones.

    Parameters
    ----------
    n_runs : int or None
        How many runs, chosen by chance; None means all.

    Returns
    -------
    JudgedAgain
        A run whose inputs have changed since it was judged is not compared, and named.
    """
    try:
        rule_set = load_rule_set(lab)
        current, stale = runs_to_judge(lab, rule_set)
        chosen = _chosen(current, n_runs)
        first, *others = _WAYS
        faults = _faults_by_run(lab, rule_set, chosen, first)
        for kind in others:
            again = _faults_by_run(lab, rule_set, [run for run in chosen if run.run_id in faults], kind)
            faults = {run_id: own for run_id, own in faults.items() if run_id in again}
    except StoreBusyError:
        raise
    except StoreError as error:
        return JudgedAgain((Fault("facts", f"Nothing could be judged again: {error}"),), 0, 0, ())
    return JudgedAgain(
        tuple(chain.from_iterable(faults.values())),
        len(chosen),
        len(current) + len(stale),
        tuple(run.run for run in stale),
    )


def _chosen(current: Sequence[StaleRun], n_runs: int | None) -> list[StaleRun]:
    if n_runs is None or n_runs >= len(current):
        return list(current)
    places = sorted(random.SystemRandom().sample(range(len(current)), n_runs))
    return [current[place] for place in places]  # in the order in which they were measured, as judging wants them


def _faults_by_run(lab: LabFolder, rule_set: RuleSet, runs: Sequence[StaleRun], kind: Kind) -> dict[int, list[Fault]]:
    if not runs:
        return {}
    secret, found = read_secret(lab.paths.blind_secret), {}
    for run, summary in judged_again(lab, rule_set, [replace(one, causes=((kind, ""),)) for one in runs]):
        if faults := list(_faults_of(lab, run, judgement_tables(run, summary, secret))):
            found[run.loaded.run_id] = faults
    return found


def _faults_of(lab: LabFolder, run: JudgedRun, again: dict[str, pl.DataFrame]) -> Iterator[Fault]:
    with lab.facts.reading() as con:
        found = con.execute(_STORED, [run.loaded.run_id]).fetchall()
        if not found:
            yield Fault(f"facts, run {run.loaded.run_id}", "No assessment stands behind its state.")
            return
        assessment_id, software = found[0]
        other = (
            "" if software == f"assaygate {__version__}" else f" It was judged by {software}, and now by {__version__}."
        )
        for table, frame in again.items():
            different = differing_rows(con, table, assessment_id, frame)
            for one in different[:MOST_ROWS]:
                where = f"facts, table '{table}', assessment {assessment_id}, {one.key}"
                yield Fault(where, f"Judged again, {one.text}{other}")
            if len(different) > MOST_ROWS:
                more = f"{len(different) - MOST_ROWS} more rows come out otherwise when they are judged again."
                yield Fault(f"facts, table '{table}', assessment {assessment_id}", more)
