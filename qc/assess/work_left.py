"""What is owed to decisions: the runs that they touch are judged again, and nobody has to ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.assess.assess import assess
from qc.assess.changes.kinds import Kind
from qc.assess.changes.stale_runs import StaleRun, stale_runs
from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.assess.prepare.rule_set import load_rule_set
from qc.ingest.corrections.apply import apply_accepted
from schemas.errors import StoreError

if TYPE_CHECKING:
    from qc.assess.judge.assessment import Assessed
    from qc.lab.folder import LabFolder

FEW = 8
"""Runs up to which a decision has them judged before its command ends: a second or two."""
_OF_THE_NIGHT = frozenset({Kind.NEW, Kind.UNRECORDED, Kind.ASKED, Kind.RULES})
"""Kinds that no decision brings about: such runs wait for the night, or for whoever asks."""


def is_left_by_decisions(run: StaleRun) -> bool:
    """Tell whether a run that was judged must be judged again because of what has been said since."""
    return not run.kinds & _OF_THE_NIGHT


def n_runs_left(lab: LabFolder) -> int:
    """Count the runs that must be judged again because of what has been said since."""
    rule_set = load_rule_set(lab)
    with lab.facts.reading() as con:
        stale = stale_runs(con, rule_set, excluded_wells(lab, con), set_aside_now(lab, con))
    return sum(map(is_left_by_decisions, stale))


def judge_work_left(lab: LabFolder) -> list[Assessed]:
    """Put what was accepted in force, and judge again what decisions have touched.

    Returns
    -------
    list of Assessed
        One for each run that was judged; none where nothing is owed.
    """
    # A run that was corrected is a new one: whoever accepted it wants it judged.
    return assess(lab, wanted=None if apply_accepted(lab) else is_left_by_decisions)


def judge_work_left_in_turn(lab: LabFolder) -> list[Assessed]:
    """Do the same beside a command that does not wait for it: while one judges and one waits, a third is not needed.

    Whoever waits looks at what was said until its turn comes, so that fifty decisions in a row start two processes that
    judge and not fifty.

    Returns
    -------
    list of Assessed
        As for :func:`judge_work_left`; none where another process that waits will do it.
    """
    from filelock import FileLock, Timeout

    next_in_line = FileLock(lab.paths.root / ".touched-next.lock", timeout=0)
    try:
        next_in_line.acquire()
    except Timeout:
        return []
    try:
        with FileLock(lab.paths.root / ".touched.lock"):
            next_in_line.release()
            return judge_work_left(lab)
    finally:
        next_in_line.release()


def settle_work_left(lab: LabFolder) -> list[Assessed]:
    """Judge what is owed where the facts can be written: a look goes on without it, and tells what is not judged.

    Returns
    -------
    list of Assessed
        As for :func:`judge_work_left`.
    """
    try:
        return judge_work_left(lab)
    except (StoreError, PermissionError):
        return []
