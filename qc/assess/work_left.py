"""What is owed to decisions: the runs that they touch are judged again, and nobody has to ask for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qc.assess.assess import assess
from qc.assess.changes.kinds import Kind
from qc.assess.changes.stale_runs import OVERTAKEN, StaleRun, stale_runs
from qc.assess.links.set_aside import set_aside_now
from qc.assess.prepare.rejected_wells import excluded_wells
from qc.assess.prepare.rule_set import load_rule_set
from qc.ingest.corrections.apply import apply_accepted
from qc.items.cause_names import is_cause
from qc.items.names import Item, parse_item, parse_target
from schemas.errors import ConfigError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qc.assess.judge.assessment import Assessed
    from qc.lab.folder import LabFolder

FEW = 8
"""Runs up to which a decision has them judged before its command ends: a second or two."""
_WHOLES = ("run", "analyte")
"""Scopes of items of which it is told what holds of all results below."""
_OF_THE_NIGHT = frozenset({Kind.NEW, Kind.UNRECORDED, Kind.ASKED, Kind.RULES})
"""Kinds that no decision brings about: such runs wait for the night, or for whoever asks."""


def is_left_by_decisions(run: StaleRun) -> bool:
    """Tell whether a run that was judged must be judged again because of what has been said since."""
    causes = (kind for kind, key in run.causes if (kind, key) != (Kind.UNRECORDED, OVERTAKEN))
    return _OF_THE_NIGHT.isdisjoint(causes)


def n_runs_left(lab: LabFolder) -> int:
    """Count the runs that must be judged again because of what has been said since."""
    return len(_runs_left(lab))


def _runs_left(lab: LabFolder) -> list[StaleRun]:
    rule_set = load_rule_set(lab)
    with lab.facts.reading() as con:
        stale = stale_runs(con, rule_set, excluded_wells(lab, con), set_aside_now(lab, con))
    return [run for run in stale if is_left_by_decisions(run)]


def settle_before_deciding(lab: LabFolder, names: Iterable[str]) -> None:
    """Judge what decisions have touched before a run, or an analyte in a run, is decided that nobody has looked at.

    What is said of a whole run moves with each result of it that is set aside or taken back: a decision on words that
    count no more would lapse as soon as they are judged.
    """
    wholes = [name for name in names if is_cause(name) or _is_whole(name)]
    if not wholes:
        return
    run_ids = {run.run_id for run in _runs_left(lab)}
    if any(is_cause(name) or parse_item(name).run_id in run_ids for name in wholes) and run_ids:
        settle_work_left(lab)


def _is_whole(name: str) -> bool:
    try:
        target = parse_target(name)
    except ConfigError:
        return False  # whoever decides on it says what is wrong
    return isinstance(target, Item) and target.scope in _WHOLES


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
