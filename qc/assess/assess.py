"""Assess: judge every run that is new or has changed, in the order of measurement, until nothing is stale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from qc.assess.changes.settled import Settled, moment_of, settle, settled
from qc.assess.changes.stale_runs import StaleRun, every_run, stale_runs
from qc.assess.chunk import judged_chunks, write_chunk
from qc.assess.judge.judging_team import JudgingTeam, judging_team
from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.assess.prepare.rule_set import RuleSet, load_rule_set
from qc.collector import seldom_collected
from qc.ingest.corrections.apply import apply_accepted
from qc.store.facts import transaction

if TYPE_CHECKING:
    import polars as pl

    from qc.assess.judge.assessment import Assessed
    from qc.assess.judge.judged_run import JudgedRun
    from qc.assess.prepare.excluded_wells import ExcludedWells
    from qc.lab.folder import LabFolder

ROUNDS = 12
"""Most rounds of judging. Two or three are the rule: what still is stale then waits for the next call, and is told."""


@seldom_collected()
def assess(
    lab: LabFolder,
    *,
    everything: bool = False,
    wanted: Callable[[StaleRun], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Assessed]:
    """Judge every run that is new, or that looked at something which has changed since it was judged.

    Parameters
    ----------
    everything : bool
        Judge runs again that are judged as they now stand.
    wanted : callable, optional
        Says which of the stale runs are judged; None means all of them.
    progress : callable, optional
        Called with the number of runs that are done and to do in this round.

    Returns
    -------
    list of Assessed
        One for each run that was judged, in the order in which they were judged first.

    Notes
    -----
    A run that is judged again may give others something else: they are stale then, and judged in a further round. One
    that says the same as before changes nothing for anybody. First come the runs that have changed themselves, or look
    back on others that have; runs that see others of the same subjects are judged when those have settled. What is
    written tells what is stale, so that a call that was cut off is made good by the next one.
    """
    apply_accepted(lab)
    return judge_stale(lab, everything=everything, wanted=wanted, progress=progress)


def judge_stale(
    lab: LabFolder,
    *,
    everything: bool = False,
    wanted: Callable[[StaleRun], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Assessed]:
    """Judge as :func:`assess` does, and take no correction into force before."""
    rule_set = load_rule_set(lab)
    stale, excluded = _ask(lab, rule_set, everything=everything, wanted=wanted)
    assessed: dict[int, Assessed] = {}
    if stale:
        with judging_team(rule_set, n_runs=len(stale), workers=lab.workers) as team:
            for _ in range(ROUNDS):
                turn = min(run.turn for run in stale)
                waiting = [run for run in stale if run.turn == turn]
                assessed |= _assess_all(lab, team, excluded, waiting, progress)
                stale, excluded = _ask(lab, rule_set, wanted=wanted)
                if not stale:
                    break
    if lab.heads.is_due():
        with lab.facts.writing():  # nothing is written but what is judged by from now on, into the ledger
            pass
    return list(assessed.values())


def _ask(
    lab: LabFolder,
    rule_set: RuleSet,
    *,
    everything: bool = False,
    wanted: Callable[[StaleRun], bool] | None = None,
    settles: bool = True,
) -> tuple[list[StaleRun], ExcludedWells]:
    """Return what is stale; where nothing is, write down up to what that was looked at."""
    with lab.facts.reading() as con:
        excluded, set_aside = excluded_wells(lab, con), set_aside_now(lab, con)
        stale = stale_runs(con, rule_set, excluded, set_aside, everything=everything)
        now, last = Settled(moment_of(con), set_aside.decided_states), settled(con)
    if settles and not stale and now != last and now.moment.assessment:
        with lab.facts.writing() as con, transaction(con):
            settle(con, now)
    return [run for run in stale if wanted is None or wanted(run)], excluded


def _assess_all(
    lab: LabFolder,
    team: JudgingTeam,
    excluded: ExcludedWells,
    waiting: Sequence[StaleRun],
    progress: Callable[[int, int], None] | None,
) -> dict[int, Assessed]:
    assessed: dict[int, Assessed] = {}
    for chunk in judged_chunks(lab, team, excluded, waiting):
        assessed |= {one.run_id: one for one in write_chunk(lab, chunk)}
        if progress:
            progress(len(assessed), len(waiting))
    return assessed


def rejudged(lab: LabFolder, rule_set: RuleSet) -> Iterator[JudgedRun]:
    """Judge every run again by a rule set, and store nothing.

    Parameters
    ----------
    rule_set : RuleSet
        What to judge by.

    Yields
    ------
    JudgedRun
        Every run that is not superseded, in the order in which they were measured. Results of other runs are looked
        at as they are stored.
    """
    with lab.facts.reading() as con:
        runs = every_run(con)
    yield from (run for run, _ in judged_again(lab, rule_set, runs))


def judged_again(
    lab: LabFolder, rule_set: RuleSet, runs: Sequence[StaleRun]
) -> Iterator[tuple[JudgedRun, pl.DataFrame]]:
    """Judge some runs again by a rule set, and store nothing.

    Parameters
    ----------
    runs : sequence of StaleRun
        Which, in the order in which they were measured.

    Yields
    ------
    tuple
        Each run, and its summary.
    """
    with lab.facts.reading() as con:
        excluded = excluded_wells(lab, con)
    with judging_team(rule_set, n_runs=len(runs), workers=lab.workers) as team:
        for chunk in judged_chunks(lab, team, excluded, runs):
            yield from chunk.runs


def runs_to_judge(lab: LabFolder, rule_set: RuleSet) -> tuple[list[StaleRun], list[StaleRun]]:
    """Return which runs stand as they were judged, and which must be judged again first.

    Returns
    -------
    tuple of list of StaleRun
        Both in the order in which they were measured.
    """
    stale, _ = _ask(lab, rule_set, settles=False)
    waiting = {run.run_id for run in stale}
    with lab.facts.reading() as con:
        return [run for run in every_run(con) if run.run_id not in waiting], stale
