"""How the plan of a study has changed, beside the releases that were made: also after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from qc.plan.plan_lock import SettingOverTime, plan_locks, side_by_side
from schemas.json_model import TO_THE_SECOND, JsonModel

if TYPE_CHECKING:
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class PlanVersion(JsonModel):
    """One version of a plan, beside a release."""

    json_keys = "version locked_at locked_by locked_before_release=came_first"
    json_time_format = TO_THE_SECOND

    version: int
    """1 for the first plan of a study."""
    locked_at: datetime
    """When, in UTC."""
    locked_by: str
    """By whom."""
    came_first: bool
    """Whether it was locked before the release was made."""


@dataclass(frozen=True, slots=True)
class PlanOverTime:
    """How a plan has changed, beside a release."""

    versions: tuple[PlanVersion, ...] = ()
    """Every version, oldest first."""
    changes: tuple[SettingOverTime, ...] = ()
    """Settings that differ between versions."""


def plan_over_time(lab: LabFolder, study: str, release_seq: int) -> PlanOverTime:
    """Return how the plan of a study has changed, beside a release."""
    locks = plan_locks(lab, study)
    return PlanOverTime(
        tuple(PlanVersion(one.version, one.locked_at, one.locked_by, one.seq < release_seq) for one in locks),
        tuple(one for one in side_by_side(locks) if one.has_changed),
    )


@dataclass(frozen=True, slots=True)
class ReleaseUnderPlan(JsonModel):
    """A release, and the plan that was in force when it was made."""

    json_keys = "release plan_version=version changed_since"

    release: str
    """Name of the release."""
    version: int
    """Version of the plan then; 0 if none was locked yet."""
    changed_since: tuple[str, ...]
    """Settings that are not the same in the plan in force now; all of them where none was locked then."""


def releases_under_plans(lab: LabFolder, study: str) -> list[ReleaseUnderPlan]:
    """Say of every release under which plan it was made, and what has changed in the plan since.

    Returns
    -------
    list of ReleaseUnderPlan
        Oldest first; empty while nothing was released.
    """
    from qc.store.entry import Kind

    locks = plan_locks(lab, study)
    releases = []
    for entry in lab.ledger.entries(kinds=[Kind.RELEASE]):
        if entry.body.get("study") == study:
            version = sum(lock.seq < entry.seq for lock in locks)
            then_and_now = side_by_side([*locks[version - 1 : version], *locks[-1:]])
            changed = tuple(one.key for one in then_and_now if one.has_changed or not version)
            releases.append(ReleaseUnderPlan(entry.object, version, changed))
    return releases
