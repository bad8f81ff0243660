"""``qc rules``: the manual of the rules, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from qc.cli.exit_codes import ExitCode
from qc.cli.options import json_option, lab_option
from schemas.json_model import JsonModel
from schemas.names import did_you_mean

if TYPE_CHECKING:
    from checks.cards.guidance import Card
    from schemas.errors import Fault
    from schemas.finding import Limit, Scope


@dataclass(frozen=True, slots=True)
class RuleOutput(JsonModel):
    """The manual of one rule."""

    id: str
    """Id of the rule."""
    version: int
    """Raised when its arithmetic changes."""
    scope: Scope
    """What its findings speak about."""
    manual: str
    """Definition, limits, sources."""
    limits: dict[str, list[Limit]]
    """Limits by acceptance profile."""
    guidance: Card | None
    """What to look at, do and write down when it speaks; None for a rule of another package."""


@dataclass(frozen=True, slots=True)
class RulesCheckOutput(JsonModel):
    """What is wrong with the rules."""

    n_rules: int
    """Rules that were looked at."""
    profiles: list[str]
    """Acceptance profiles that were looked at."""
    n_faults: int
    """Faults."""
    faults: list[Fault]
    """What is wrong."""


@click.command("rules")
@click.argument("rule_id", required=False)
@click.option(
    "--cases",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="With 'check': folder with the case file of each rule.",
)
@json_option("qc.cli.rules:RuleOutput", check="qc.cli.rules:RulesCheckOutput")
@lab_option
def command(rule_id: str | None, cases: Path | None, as_json: bool, lab_folder: Path | None) -> int:
    """List all rules, or print the manual of one with its limits in each profile and their sources.

    'qc rules check' names rules without manual, case or source, dead rules that no profile asks, and limits that
    nothing can reach; exit code 2 if there is one. A lab's own profiles/ are looked at where a lab is meant.
    """
    from checks.registry import rules
    from schemas.errors import ConfigError

    own = _own_profiles(lab_folder)
    if rule_id == "check":
        return _check(own, cases, as_json=as_json)
    known = rules()
    if rule_id is not None and rule_id not in known:
        raise ConfigError(f"Rule '{rule_id}' is not known.{did_you_mean(rule_id, known)} 'qc rules' lists all of them.")
    for name in [rule_id] if rule_id else list(known):
        _tell(name, own, is_long=rule_id is not None, as_json=as_json)
    return ExitCode.CLEAN


def _tell(rule_id: str, own: dict[str, str], *, is_long: bool, as_json: bool) -> None:
    from checks.cards.guidance import card_of
    from checks.profile import load_profile, profile_names
    from checks.registry import foreign_rules, rules
    from qc.cli.output import data, say

    rule = rules()[rule_id]
    foreign = foreign_rules().get(rule_id)
    origin = f", of {foreign.origin}" if foreign else ""
    profiles = [load_profile(name, own_texts=own) for name in sorted({*profile_names(), *own})]
    limits = {
        profile.name: list(profile.limits_by_rule[rule_id].values())
        for profile in profiles
        if rule_id in profile.limits_by_rule
    }
    if as_json:
        data(RuleOutput(rule_id, rule.version, rule.scope, rule.manual, limits, card_of(rule_id)))
        return
    if not is_long:
        say(f"{rule_id + origin:<28} {rule.manual.splitlines()[0]}")
        return
    say(f"{rule_id}{origin}, version {rule.version}, scope {rule.scope.value}\n\n{rule.manual}\n")
    for name, entries in limits.items():
        for entry in entries:
            say(f"{name}: {entry.name} = {entry.value:g} {entry.unit} ({entry.status}; {entry.source})")
    card = card_of(rule_id)
    for heading, texts in card.sections() if card else []:
        say(f"\n{heading}")
        for text in texts:
            say(f"  {text}")


def _check(own: dict[str, str], cases: Path | None, *, as_json: bool) -> int:
    from checks.profile import load_profile, profile_names
    from checks.registry import rules
    from checks.rule_lint import rule_faults
    from qc.cli.output import data, say

    profiles = {name: load_profile(name, own_texts=own) for name in sorted({*profile_names(), *own})}
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(cases.glob("*.toml"))} if cases else None
    faults = rule_faults(rules(), profiles, texts)
    if as_json:
        data(RulesCheckOutput(len(rules()), list(profiles), len(faults), faults))
    else:
        for fault in faults:
            say(str(fault))
        said = f"{len(faults)} fault{'' if len(faults) == 1 else 's'}" if faults else "No fault"
        say(f"{said} in {len(rules())} rules and {len(profiles)} profiles.")
    return ExitCode.USAGE if faults else ExitCode.CLEAN


def _own_profiles(lab_folder: Path | None) -> dict[str, str]:
    """Return the profiles of the lab that is meant; none if no lab is named and the working folder lies in none."""
    import os

    from qc.lab.catalogue.catalogue_files import texts_of_folder
    from qc.lab.layout import LabPaths, find_lab
    from schemas.errors import ConfigError

    try:
        root = LabPaths.of(find_lab(lab_folder, os.environ)).root
    except ConfigError:
        if lab_folder is not None or os.environ.get("QC_LAB"):
            raise
        return {}
    return {name.removesuffix(".toml"): text for name, text in texts_of_folder(root / "profiles").items()}
