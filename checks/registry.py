"""All rules, found by walking the rooms of ``checks``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import checks
from checks.rule import Rule
from schemas.errors import RuleDefinitionError

ROOMS = ("calibration", "consistency", "controls", "design", "identity", "plate", "preanalytic", "range", "replicates")


@cache
def rules() -> dict[str, Rule]:
    """Return every rule by its id, sorted by id.

    Returns
    -------
    dict of str to Rule
        Rules of all rooms; nothing needs to be registered.

    Raises
    ------
    RuleDefinitionError
        If two rules carry the same id.
    """
    by_id: dict[str, Rule] = {}
    for module_name in _module_names():
        for rule in _rules_in(module_name):
            if rule.id in by_id:
                raise RuleDefinitionError(f"Two rules carry the id '{rule.id}'.")
            by_id[rule.id] = rule
    return dict(sorted(by_id.items()))


def _module_names() -> list[str]:
    base = checks.__path__
    found = pkgutil.walk_packages(base, "checks.")
    return sorted(module.name for module in found if module.name.split(".")[1] in ROOMS and not module.ispkg)


def _rules_in(module_name: str) -> list[Rule]:
    module = importlib.import_module(module_name)
    return [value for value in vars(module).values() if isinstance(value, Rule)]
