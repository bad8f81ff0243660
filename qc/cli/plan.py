"""``qc plan``: check and lock the plan of the paired tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.near_group import NearGroup
from qc.cli.options import actor_option, json_option, lab_option, open_named_lab
from schemas.json_model import JsonModel

if TYPE_CHECKING:
    from qc.plan.plan_history import ReleaseUnderPlan
    from qc.plan.plan_lock import SettingOverTime


@dataclass(frozen=True, slots=True)
class LockOutput(JsonModel):
    """A plan that was locked."""

    study: str
    """Study."""
    plan_sha256: str
    """Hash of the plan."""
    version: int
    """1 for the first plan of a study."""
    notes: list[str]
    """What it names that the lab does not know yet, with the nearest that it knows."""


@dataclass(frozen=True, slots=True)
class LockedPlan(JsonModel):
    """One version of a plan."""

    version: int
    """1 for the first plan of a study."""
    plan_sha256: str
    """Hash of the plan."""
    locked_at: datetime
    """When, in UTC."""
    locked_by: str
    """By whom."""


@dataclass(frozen=True, slots=True)
class PlanShowOutput(JsonModel):
    """Every plan that was locked for a study."""

    plans: list[LockedPlan]
    """Versions, oldest first."""
    settings: list[SettingOverTime]
    """Every setting, side by side."""
    releases: list[ReleaseUnderPlan]
    """Releases, oldest first."""


@click.group("plan", cls=NearGroup)
def command() -> None:
    """Lock the plan of the paired tests, before anybody looks at a release."""


@command.command("lock")
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@json_option("qc.cli.plan:LockOutput")
@lab_option
def lock(plan: Path, as_json: bool, lab_folder: Path | None) -> int:
    """Lock PLAN (TOML). A changed plan is a new version; the old ones stay in the ledger."""
    from qc.cli.output import data, say
    from qc.plan.plan_lock import lock_plan
    from qc.plan.plan_names import unknown_names
    from qc.release.declared_choice import chosen_by_default, default_words

    lab = open_named_lab(lab_folder)
    locked = lock_plan(lab, plan)
    notes = unknown_names(lab, locked.plan)
    if as_json:
        data(LockOutput(locked.plan.study, locked.plan.sha256, locked.version, notes))
        return 0
    say(f"Plan version {locked.version} of study '{locked.plan.study}' is locked: {locked.plan.sha256}.")
    for note in notes:
        say(f"  {note}")
    if locked.plan.several_results == "refuse":
        with lab.facts.reading() as con:
            words = default_words(chosen_by_default(con, locked.plan.study))
        if words:
            say(f"  It refuses several results of one sample: {words}.")
    return 0


@command.command("declare")
@click.argument("study", required=False)
@click.option("--several-dilutions", default="", help="What counts of a dilution series; see qc.toml.")
@click.option("--several-results", default="", help="What counts of several results at one dilution; see qc.toml.")
@click.option("--reason", default="", help="Why; recorded in the ledger.")
@actor_option
@json_option("qc.release.declared_choice:DeclaredChoice")
@lab_option
def declare(
    study: str | None,
    several_dilutions: str,
    several_results: str,
    reason: str,
    actor: str | None,
    as_json: bool,
    lab_folder: Path | None,
) -> int:
    """Declare what several results of one sample do: without an option, what defaults have chosen in STUDY.

    It stands in qc.toml ([assess] several_dilutions, several_results), who did it and why in the ledger, and what it
    touches is judged again. A plan whose 'several_results' is "refuse" leaves no choice to a default: it asks for this.
    """
    from qc.cli.output import data, say
    from qc.release.declared_choice import declare_choice

    lab = open_named_lab(lab_folder)
    declared = declare_choice(
        lab,
        study or lab.settings.lab.default_study,
        several_dilutions=several_dilutions,
        several_results=several_results,
        reason=reason,
        actor=actor,
    )
    judged = open_named_lab(lab_folder).assess()
    if as_json:
        data(declared)
        return 0
    said = " and ".join(f'{key} = "{value}"' for key, value in declared.settings.items())
    say(f"Declared for all studies of this lab: {said} (ledger entry {declared.seq}); {len(judged)} runs judged again.")
    return 0


@command.command("check")
@click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))
@json_option("checks.contrasts.plan_check:PlanCheck")
def check(plan: Path, as_json: bool) -> int:
    """Look PLAN over before it is locked: what is missing, and what a reviewer would ask. Changes nothing.

    Exit code 0 if every setting is written, 1 if some are left to their defaults, 2 if the plan is faulty.
    """
    from checks.contrasts.plan_check import check_plan
    from qc.cli.exit_codes import ExitCode
    from qc.cli.output import data, say
    from qc.plan.plan_lock import plan_text
    from schemas.catalogue import shipped_catalogue

    found = check_plan(plan_text(plan), known_analytes=shipped_catalogue().analytes)
    if as_json:
        data(found)
    else:
        say(f"Plan of study '{found.plan.study}': {len(found.plan.gates)} contrasts, {found.plan.sha256}.")
        for key, value in found.missing.items():
            say(f"  missing: {key}; the recommended value would be taken: {value}")
        for sentence in found.advice:
            say(f"  advice: {sentence}")
    return ExitCode.WAITS if found.missing else ExitCode.CLEAN


@command.command("show")
@click.argument("study", required=False)
@json_option("qc.cli.plan:PlanShowOutput")
@lab_option
def show(study: str | None, as_json: bool, lab_folder: Path | None) -> int:
    """Show every plan that was locked for STUDY, oldest first, and the settings that changed side by side.

    Of every release it says under which version it was made, and what has changed in the plan since.
    """
    from qc.cli.output import data, say
    from qc.plan.plan_history import releases_under_plans
    from qc.plan.plan_lock import plan_locks, side_by_side

    lab = open_named_lab(lab_folder)
    named = study or lab.settings.lab.default_study
    locks = plan_locks(lab, named)
    settings = side_by_side(locks)
    releases = releases_under_plans(lab, named)
    if as_json:
        plans = [LockedPlan(one.version, one.plan.sha256, one.locked_at, one.locked_by) for one in locks]
        data(PlanShowOutput(plans, settings, releases))
        return 0
    for one in locks:
        say(f"version {one.version}: {one.plan.sha256}, locked {one.locked_at:%Y-%m-%d %H:%M} UTC by {one.locked_by}")
    for setting in settings:
        if setting.has_changed:
            say(f"\n{setting.key}")
            for version, value in enumerate(setting.values, start=1):
                say(f"  version {version}: {value}")
    for release in releases:
        then = f"under version {release.version}" if release.version else "before any plan was locked"
        since = f"; changed in the plan since: {', '.join(release.changed_since)}" if release.changed_since else ""
        say(f"\n{release.release} was made {then}{since}.")
    return 0
