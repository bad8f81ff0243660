"""Acceptance profiles: named sets of rules with their limits, as TOML files with a source on each number."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from schemas.errors import ConfigError, Fault
from schemas.finding import Limit


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


def load_profile(name: str, own_text: str | None = None) -> Profile:
    """Load a shipped profile, or a laboratory's own from the text of its file.

    Parameters
    ----------
    name : str
        Name of the profile.
    own_text : str, optional
        TOML of a laboratory's own profile; None means the shipped one.

    Returns
    -------
    Profile
        Profile with every limit.

    Raises
    ------
    ConfigError
        If there is no such profile, or its TOML is not well formed; all faults are named.
    """
    if own_text is None and name not in profile_names():
        raise ConfigError(f"Profile '{name}' is not known. Known profiles: {', '.join(profile_names())}.")
    text = own_text or (resources.files("checks") / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    try:
        return _parse(name, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"Profile '{name}' is not well-formed TOML: {error}.") from error


def _parse(name: str, tree: Mapping[str, Any]) -> Profile:
    faults: list[Fault] = []
    limits_by_rule = {
        rule_id: {limit: _limit(rule_id, limit, entry, faults) for limit, entry in entries.items()}
        for rule_id, entries in tree.get("rules", {}).items()
    }
    if faults:
        raise ConfigError(f"Profile '{name}' has faults.", faults)
    tolerated = frozenset(tree.get("tolerated_warnings", []))
    return Profile(name, str(tree.get("context", "")), limits_by_rule, tolerated)


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
