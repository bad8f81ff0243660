"""All rules: those of the rooms of ``checks``, found by walking them, and those that other packages offer."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import ModuleType

import checks
from checks.rule import Rule
from schemas.entry_points import Offer, Origin, joined, offers
from schemas.errors import Fault, RuleDefinitionError

GROUP = "qc.rules"
"""Entry-point group under which a package offers rules: a module with rules, or one rule."""
ROOMS = (
    "calibration",
    "consistency",
    "controls",
    "design",
    "file",
    "identity",
    "plate",
    "preanalytic",
    "range",
    "replicates",
)


@dataclass(frozen=True, slots=True)
class ForeignRule:
    """A rule of another package."""

    rule: Rule
    """The rule."""
    origin: Origin
    """Distribution that offers it."""
    source_sha256: str
    """Hash of its module, with every module of the package that it lies in."""

    def as_json(self) -> dict[str, object]:
        """Return what names the rule among all rules of all packages.

        Returns
        -------
        dict
            Version of the rule, distribution with its version, and hash of the source.
        """
        origin = {"distribution": self.origin.name, "distribution_version": self.origin.version}
        return {"version": self.rule.version, **origin, "source_sha256": self.source_sha256}


def rules() -> dict[str, Rule]:
    """Return every rule by its id, sorted by id.

    Returns
    -------
    dict of str to Rule
        Rules of all rooms and of other packages; nothing of ours needs to be registered.

    Raises
    ------
    RuleDefinitionError
        If two shipped rules carry the same id.
    ConfigError
        If a rule of another package cannot be loaded, or carries the id of another.
    """
    return dict(_all_rules()[0])


def foreign_rules() -> dict[str, ForeignRule]:
    """Return the rules of other packages by their ids.

    Returns
    -------
    dict of str to ForeignRule
        Rules with their distribution and the hash of their source; empty where no package offers one.

    Raises
    ------
    RuleDefinitionError
        If two shipped rules carry the same id.
    ConfigError
        If a rule of another package cannot be loaded, or carries the id of another.
    """
    return dict(_all_rules()[1])


@cache
def _all_rules() -> tuple[Mapping[str, Rule], Mapping[str, ForeignRule]]:
    shipped = _shipped()
    faults: list[Fault] = []
    foreign = [rule for offer in offers(GROUP, faults) for rule in _offered(offer, faults)]
    together = joined("Rule", shipped, [(one.rule.id, one.rule, one.origin) for one in foreign], faults)
    return together, {one.rule.id: one for one in foreign if one.rule.id not in shipped}


def _shipped() -> dict[str, Rule]:
    by_id: dict[str, Rule] = {}
    for module_name in _module_names():
        for rule in _rules_in(importlib.import_module(module_name)):
            if rule.id in by_id:
                raise RuleDefinitionError(f"Two rules carry the id '{rule.id}'.")
            by_id[rule.id] = rule
    return by_id


def _module_names() -> list[str]:
    base = checks.__path__
    found = pkgutil.walk_packages(base, "checks.")
    return sorted(module.name for module in found if module.name.split(".")[1] in ROOMS and not module.ispkg)


def _rules_in(module: ModuleType) -> list[Rule]:
    return [value for value in vars(module).values() if isinstance(value, Rule)]


def _offered(offer: Offer, faults: list[Fault]) -> list[ForeignRule]:
    target = offer.target
    found = _rules_in(target) if isinstance(target, ModuleType) else [target] if isinstance(target, Rule) else []
    if not found:
        faults.append(Fault(offer.where, "It gives no rule: a module with functions under @rule, or one of them."))
    if not all(_file_of(rule).is_file() for rule in found):
        faults.append(Fault(offer.where, "Its source is no file, so that a changed rule would go unseen."))
        return []
    return [ForeignRule(rule, offer.origin, _source_sha256(rule)) for rule in found]


def _file_of(rule: Rule) -> Path:
    return Path(sys.modules[rule.judge.__module__].__file__ or "")


def _source_sha256(rule: Rule) -> str:
    # All modules of its package are hashed, so that a changed helper counts too.
    file = _file_of(rule)
    is_in_package = bool(sys.modules[rule.judge.__module__].__package__)
    files = sorted(file.parent.rglob("*.py")) if is_in_package else [file]
    digest = sha256()
    for each in files:
        digest.update(each.relative_to(file.parent).as_posix().encode() + b"\0" + each.read_bytes() + b"\0")
    return digest.hexdigest()
