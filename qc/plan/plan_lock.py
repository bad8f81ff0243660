"""Plan locks: which contrasts will be tested, told before anybody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qc.people.acting_person import allowed_person
from qc.people.rights import Right
from schemas.errors import ConfigError
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from checks.contrasts.plan import Plan
    from qc.lab.folder import LabFolder


@dataclass(frozen=True, slots=True)
class PlanLock:
    """A plan that was locked."""

    plan: Plan
    """The plan."""
    locked_at: datetime
    """When, in UTC."""
    locked_by: str
    """By whom."""
    seq: int
    """Number of the ledger entry; a release with a lower number was there before the plan."""
    version: int
    """1 for the first plan of a study, 2 for the one that replaced it, and so on."""


def lock_plan(lab: LabFolder, path: Path, *, actor: str | None = None) -> PlanLock:
    """Lock the plan of a study; a changed plan is a new version, the old ones stay.

    Parameters
    ----------
    actor : str, optional
        Who locks; None means the operating-system user.

    Returns
    -------
    PlanLock
        The lock; the one that is there if the newest plan is the same.

    Raises
    ------
    ConfigError
        If the file cannot be read or the plan is faulty; all faults are named.
    RightsError
        If the person may not lock a plan.
    """
    from checks.contrasts.plan import parse_plan
    from qc.store.entry import Draft, Kind

    text = plan_text(path)
    plan = parse_plan(text)
    person = allowed_person(lab, actor, Right.LOCK_PLAN)
    locks = plan_locks(lab, plan.study)
    if locks and locks[-1].plan.sha256 == plan.sha256:
        return locks[-1]
    draft = Draft(Kind.PLAN_LOCK, plan.study, {"plan_sha256": plan.sha256, "text": text}, person.name)
    lab.ledger.append([draft], at=datetime.now(UTC))
    return plan_locks(lab, plan.study)[-1]


def plan_text(path: Path) -> str:
    """Return the text of a plan file.

    Raises
    ------
    ConfigError
        If the file cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Plan '{path}' cannot be read: {error}.") from error


def plan_locks(lab: LabFolder, study: str) -> list[PlanLock]:
    """Return every plan that was locked for a study, oldest first."""
    from checks.contrasts.plan import parse_plan
    from qc.store.entry import Kind

    entries = lab.ledger.entries(kinds=[Kind.PLAN_LOCK], objects=[study])
    return [
        PlanLock(parse_plan(entry.body["text"]), entry.at, entry.actor, entry.seq, version)
        for version, entry in enumerate(entries, start=1)
    ]


def newest_lock(lab: LabFolder, study: str) -> PlanLock:
    """Return the plan in force.

    Returns
    -------
    PlanLock
        The newest lock.

    Raises
    ------
    ConfigError
        If no plan was locked: there is no test without one.
    """
    locks = plan_locks(lab, study)
    if not locks:
        raise ConfigError(f"No plan is locked for study '{study}'. Lock one first: 'qc plan lock plan.toml'.")
    return locks[-1]


@dataclass(frozen=True, slots=True)
class SettingOverTime(JsonModel):
    """One setting of a plan in every version."""

    json_keys = "key values changed=has_changed"

    key: str
    """Name of the setting."""
    values: tuple[str, ...]
    """Its value in each version, as canonical JSON, oldest first."""

    @property
    def has_changed(self) -> bool:
        """Whether any version differs from another."""
        return len(set(self.values)) > 1


def side_by_side(locks: Sequence[PlanLock]) -> list[SettingOverTime]:
    """Put the versions of a plan side by side.

    Parameters
    ----------
    locks : sequence of PlanLock
        Versions, oldest first.

    Returns
    -------
    list of SettingOverTime
        Every setting, in the order of the plan.
    """
    from dataclasses import asdict

    from schemas.canonical import canonical_json

    plans = [asdict(lock.plan) for lock in locks]
    keys = list(plans[0]) if plans else []
    return [SettingOverTime(key, tuple(canonical_json(plan[key]) for plan in plans)) for key in keys]
