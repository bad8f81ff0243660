"""Acceptance profiles: named sets of rules with their limits, as TOML files with a source on each number."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from schemas.errors import ConfigError, Fault
from schemas.finding import Limit

USUAL_LIMITS = "control-rules"
"""Profile that gives every Westgard rule its usual limit."""
KEYS = ("context", "extends", "without", "westgard", "tolerated_warnings", "rules")
"""What a profile may say."""
_WESTGARD = "westgard."


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
    if text is None and name not in profile_names():
        raise ConfigError(f"Profile '{name}' is not known. Known profiles: {', '.join(profile_names())}.")
    is_shipped = text is None
    shipped = resources.files("checks") / "profiles" / f"{name}.toml"
    try:
        tree = tomllib.loads(shipped.read_text(encoding="utf-8") if text is None else text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"Profile '{name}' is not well-formed TOML: {error}.") from error
    parent = str(tree.get("extends", ""))
    if parent == name and (is_shipped or own_texts is None or name not in profile_names()):
        raise ConfigError(f"Profile '{name}' extends itself.")
    # Its own text is used up: a laboratory's profile may extend the shipped one of the same name, and no circle closes.
    return _parse(name, tree, load_profile(parent, own_texts=own) if parent else None)


def _parse(name: str, tree: Mapping[str, Any], parent: Profile | None) -> Profile:
    faults = [
        Fault(key, f"'{key}' is not a key of a profile. Expected: {', '.join(KEYS)}.")
        for key in tree
        if key not in KEYS
    ]
    limits_by_rule: dict[str, Mapping[str, Limit]] = dict(parent.limits_by_rule) if parent else {}
    left_out = [str(rule_id) for rule_id in tree.get("without", [])]
    faults += [
        Fault("without", f"Rule '{rule_id}' is not part of the profile that is extended.")
        for rule_id in left_out
        if rule_id not in limits_by_rule
    ]
    limits_by_rule = {rule_id: own for rule_id, own in limits_by_rule.items() if rule_id not in left_out}
    if "westgard" in tree:
        limits_by_rule = {rule_id: own for rule_id, own in limits_by_rule.items() if not rule_id.startswith(_WESTGARD)}
        limits_by_rule |= _westgard(tree["westgard"], faults)
    for rule_id, entries in tree.get("rules", {}).items():
        own = {limit: _limit(rule_id, limit, entry, faults) for limit, entry in entries.items()}
        limits_by_rule[rule_id] = {**limits_by_rule.get(rule_id, {}), **own}
    context = str(tree.get("context", ""))
    if not context:
        faults.append(Fault("context", "A profile states its context of use in 'context'."))
    if faults:
        raise ConfigError(f"Profile '{name}' has faults.", faults)
    inherited = sorted(parent.tolerated_warnings & set(limits_by_rule)) if parent else []
    return Profile(name, context, limits_by_rule, frozenset(tree.get("tolerated_warnings", inherited)))


def _westgard(named: object, faults: list[Fault]) -> dict[str, Mapping[str, Limit]]:
    # Every rule at its usual limit stands in one profile; a set only chooses among them.
    from checks.rule_sets.named import rule_set_named

    usual = load_profile(USUAL_LIMITS).limits_by_rule
    try:
        short = rule_set_named(named).rules if isinstance(named, str) else named
    except ConfigError as error:
        faults.append(Fault("westgard", error.message))
        return {}
    if not isinstance(short, list | tuple) or not short:
        faults.append(Fault("westgard", "Expected the name of a set of Westgard rules, or a list of their short ids."))
        return {}
    unknown = [str(rule) for rule in short if f"{_WESTGARD}{rule}" not in usual]
    known = ", ".join(rule_id.removeprefix(_WESTGARD) for rule_id in usual if rule_id.startswith(_WESTGARD))
    faults += [Fault("westgard", f"Rule '{rule}' is not known. Known rules: {known}.") for rule in unknown]
    return {f"{_WESTGARD}{rule}": usual[f"{_WESTGARD}{rule}"] for rule in short if str(rule) not in unknown}


def _limit(rule_id: str, name: str, entry: object, faults: list[Fault]) -> Limit:
    where = f"rule '{rule_id}', limit '{name}'"
    if not isinstance(entry, Mapping) or not {"value", "unit", "source"} <= set(entry):
        faults.append(Fault(where, "A limit needs 'value', 'unit' and 'source'."))
        return Limit(name, 0.0, "", "")
    if isinstance(entry["value"], bool) or not isinstance(entry["value"], int | float):
        faults.append(Fault(where, f"Value '{entry['value']}' is not a number."))
        return Limit(name, 0.0, "", "")
    status = str(entry.get("status", "unconfirmed"))
    return Limit(name, float(entry["value"]), str(entry["unit"]), str(entry["source"]), status)
