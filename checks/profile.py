"""Acceptance profiles: named sets of rules with their limits, as TOML files with a source on each number."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Annotated

from annotated_types import MinLen

from checks.several_results import DilutionPolicy, RepeatPolicy, ResultPolicy
from schemas.errors import ConfigError, Fault
from schemas.finding import Limit
from schemas.toml_file import read_toml
from schemas.toml_shipped import shipped_table
from schemas.toml_table import Says, Text, TomlTable, Wording

USUAL_LIMITS = "control-rules"
"""Profile that gives every Westgard rule its usual limit."""
_WESTGARD = "westgard."
_WORDING = Wording(unknown="'{key}' is not a key of a profile.{near} Known keys: {known}.")


@dataclass(frozen=True, slots=True)
class Profile:
    """One acceptance profile."""

    name: str
    """Name, as written in qc.toml and run sheets: ``m10-lba``."""
    context: str
    """Context of use, in words."""
    limits_by_rule: Mapping[str, Mapping[str, Limit]]
    """Limits by rule id and limit name; a rule that is not named is not part of the profile."""
    tolerated_warnings: frozenset[str]
    """Rules whose warning is shown and does not hold a result back."""
    repeats: RepeatPolicy = field(default_factory=RepeatPolicy)
    """What several results of one sample and analyte do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitTable(TomlTable):
    """One limit of a rule."""

    value: float
    """The number, in ``unit``."""
    unit: str
    """Unit of the number."""
    source: str
    """Where it comes from."""
    status: str = "unconfirmed"
    """How far it may be trusted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile(TomlTable):
    """What a profile may say."""

    context: Annotated[Text, Says("A profile states its context of use in 'context'.")]
    """Context of use, in words."""
    extends: str = ""
    """Profile whose rules and limits hold unless this one gives its own."""
    without: tuple[str, ...] = ()
    """Rules of it that are not asked."""
    westgard: Annotated[
        str | Annotated[tuple[str, ...], MinLen(1)] | None,
        Says("Expected the name of a set of Westgard rules, or a list of their short ids."),
    ] = None
    """Westgard rules in place of those of the extended profile."""
    tolerated_warnings: tuple[str, ...] | None = None
    """Rules whose warning does not hold a result back; None takes over those of the extended profile."""
    several_dilutions: DilutionPolicy | None = None
    """What several dilutions of a sample do; None takes over what the extended profile says."""
    several_results: ResultPolicy | None = None
    """What several results of a sample at one dilution do; None takes over what the extended profile says."""
    rules: Mapping[str, Mapping[str, LimitTable]] = field(default_factory=dict)
    """Limits by rule id and limit name."""


def profile_names() -> list[str]:
    """Return the names of the shipped profiles, sorted."""
    folder = resources.files("checks") / "profiles"
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def load_profile(name: str, own_text: str | None = None, *, own_texts: Mapping[str, str] | None = None) -> Profile:
    """Load a shipped profile, or a laboratory's own from the text of its file.

    Parameters
    ----------
    name : str
        Name of the profile.
    own_text : str, optional
        TOML of a laboratory's own profile; None means the one of ``own_texts``, else the shipped one.
    own_texts : mapping of str to str, optional
        TOML of all profiles of a laboratory by name: what it extends may be among them.

    Returns
    -------
    Profile
        Profile with every limit.

    Raises
    ------
    ConfigError
        If there is no such profile, or its TOML is not well formed; all faults are named.

    Notes
    -----
    ``extends`` names another profile whose rules and limits hold unless this one gives its own; ``without`` lists
    rules of it that are not asked. ``tolerated_warnings`` is taken over where the profile has none of its own.
    ``westgard`` names a set of Westgard rules (``westgard = "multirule-n2"``) or lists their short ids: they take the
    place of those of the extended profile, at the limits of the profile ``control-rules``.
    """
    own = dict(own_texts or {})
    text = own.pop(name, None) if own_text is None else own_text
    is_shipped = name in profile_names()
    if text is None and not is_shipped:
        raise ConfigError(f"Profile '{name}' is not known. Known profiles: {', '.join(profile_names())}.")
    file = _shipped(name) if text is None else read_toml(text, ProfileFile, f"Profile '{name}'", wording=_WORDING)
    if file.extends == name and (text is None or own_texts is None or not is_shipped):
        raise ConfigError(f"Profile '{name}' extends itself.")
    # Its own text is used up: a laboratory's profile may extend the shipped one of the same name, and no circle closes.
    return _profile(name, file, load_profile(file.extends, own_texts=own) if file.extends else None)


@lru_cache
def _shipped(name: str) -> ProfileFile:
    text = (resources.files("checks") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    return shipped_table(tomllib.loads(text), ProfileFile)


def _profile(name: str, file: ProfileFile, parent: Profile | None) -> Profile:
    before = parent.limits_by_rule if parent else {}
    faults = [
        Fault("without", f"Rule '{rule_id}' is not part of the profile that is extended.")
        for rule_id in file.without
        if rule_id not in before
    ]
    limits_by_rule = {rule_id: limits for rule_id, limits in before.items() if rule_id not in file.without}
    if file.westgard is not None:
        others = {rule_id: own for rule_id, own in limits_by_rule.items() if not rule_id.startswith(_WESTGARD)}
        limits_by_rule = others | _westgard(file.westgard, faults)
    for rule_id, tables in file.rules.items():
        own = {limit: Limit(limit, one.value, one.unit, one.source, one.status) for limit, one in tables.items()}
        limits_by_rule[rule_id] = {**limits_by_rule.get(rule_id, {}), **own}
    if faults:
        raise ConfigError(f"Profile '{name}' has faults.", faults)
    tolerated = file.tolerated_warnings
    if tolerated is None:
        tolerated = tuple(parent.tolerated_warnings & set(limits_by_rule)) if parent else ()
    policy = (parent.repeats if parent else RepeatPolicy()).over(file.several_dilutions, file.several_results)
    return Profile(name, file.context, limits_by_rule, frozenset(tolerated), policy)


def _westgard(named: str | tuple[str, ...], faults: list[Fault]) -> dict[str, Mapping[str, Limit]]:
    # Every rule at its usual limit stands in one profile; a set only chooses among them.
    from checks.arithmetic.charts.westgard import WARNING_RULES
    from checks.rule_sets.named import rule_set_named

    usual = load_profile(USUAL_LIMITS).limits_by_rule
    try:
        short = rule_set_named(named).rules if isinstance(named, str) else named
    except ConfigError as error:
        faults.append(Fault("westgard", error.message))
        return {}
    if isinstance(named, str) and set(rule_set_named(named).warns) - WARNING_RULES:
        sentence = f"Set '{named}' lets rules warn that reject in a run; it is for 'qc try westgard --set' alone."
        faults.append(Fault("westgard", sentence))
        return {}
    unknown = [rule for rule in short if f"{_WESTGARD}{rule}" not in usual]
    known = ", ".join(rule_id.removeprefix(_WESTGARD) for rule_id in usual if rule_id.startswith(_WESTGARD))
    faults += [Fault("westgard", f"Rule '{rule}' is not known. Known rules: {known}.") for rule in unknown]
    return {f"{_WESTGARD}{rule}": usual[f"{_WESTGARD}{rule}"] for rule in short if rule not in unknown}
