"""Who judges: this process, or several when there is much to judge. Only one process ever opens the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from qc.assess.judge.run_rules import LinkedRun, judge_measured
from qc.assess.prepare.prepared_run import PreparedRun, prepare_runs
from qc.workers import worker_pool

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from qc.assess.judge.judged_run import JudgedRun
    from qc.assess.prepare.rule_set import RuleSet
    from qc.assess.prepare.stored_run import LoadedRun

LEAST_FOR_SEVERAL = 48
"""Runs below which other processes cost more than they save: each takes two seconds of CPU to begin."""

Given = TypeVar("Given")
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class JudgingTeam:
    """Prepares and judges runs, in one process or in several."""

    rule_set: RuleSet
    """What the lab judges by."""
    pool: ProcessPoolExecutor | None = None
    """Several processes; None for this one."""
    workers: int = 1
    """How many they are."""

    def prepare(self, loaded: Sequence[LoadedRun]) -> Callable[[], list[PreparedRun]]:
        """Begin to calibrate and resolve runs.

        Returns
        -------
        callable
            Gives the prepared runs in their order, and waits for them where other processes work on them; where there
            are none, the work is done when it is called.
        """
        return self._begun(_prepare, prepare_runs, loaded)

    def judge(self, cases: Sequence[LinkedRun]) -> Callable[[], list[JudgedRun]]:
        """Begin to judge runs.

        Returns
        -------
        callable
            Gives the judged runs in their order, as for :meth:`prepare`.
        """
        return self._begun(_judge, judge_measured, cases)

    def _begun(
        self,
        there: Callable[[RuleSet, Sequence[Given]], list[Made]],
        here: Callable[[Sequence[Given], RuleSet], list[Made]],
        given: Sequence[Given],
    ) -> Callable[[], list[Made]]:
        if self.pool is None or len(given) < self.workers:
            return lambda: here(given, self.rule_set)
        size = -(-len(given) // self.workers)
        shares = [given[first : first + size] for first in range(0, len(given), size)]
        # Rules are code and do not travel: every process finds its own by walking, the same as here.
        made = self.pool.map(partial(there, replace(self.rule_set, rules={})), shares)
        return lambda: list(chain.from_iterable(made))


@contextmanager
def judging_team(rule_set: RuleSet, *, n_runs: int, workers: int) -> Iterator[JudgingTeam]:
    """Gather the processes that judge.

    Parameters
    ----------
    rule_set : RuleSet
        What the lab judges by.
    workers : int
        Most processes besides this one; below 2 this one judges alone.
    """
    if workers < 2 or n_runs < LEAST_FOR_SEVERAL:
        yield JudgingTeam(rule_set)
        return
    with worker_pool(workers) as pool:
        yield JudgingTeam(rule_set, pool, workers)


def _prepare(travelled: RuleSet, loaded: Sequence[LoadedRun]) -> list[PreparedRun]:
    return prepare_runs(loaded, _with_rules(travelled))


def _judge(travelled: RuleSet, cases: Sequence[LinkedRun]) -> list[JudgedRun]:
    return judge_measured(cases, _with_rules(travelled))


def _with_rules(travelled: RuleSet) -> RuleSet:
    from checks.registry import rules

    return replace(travelled, rules=rules())
