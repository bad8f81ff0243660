"""Named sets of Westgard rules: which rules, for how many levels, and from where."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import lru_cache

from checks.arithmetic.charts.westgard import check_rules
from schemas.errors import ConfigError
from schemas.finding import Status
from schemas.json_model import JsonModel
from schemas.toml_shipped import shipped_table, shipped_texts
from schemas.toml_table import TomlTable


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRules(TomlTable, JsonModel):
    """One named set of Westgard rules."""

    json_keys = "name rules warns levels source status"

    name: str = ""
    """Name, as given to ``qc try westgard --set``."""
    rules: tuple[str, ...]
    """Short ids of the rules."""
    warns: tuple[str, ...] = ("1-2s",)
    """Those of them whose violation warns; every other rejects."""
    levels: tuple[int, ...]
    """Numbers of levels a run that it is made for."""
    min_sigma: float | None = None
    """Least sigma of the methods that it is meant for; None if it has no lower bound, or is no sigma rule."""
    below_sigma: float | None = None
    """Sigma of the methods lies below it; None if it has no upper bound, or is no sigma rule."""
    source: str
    """Where the set comes from."""
    status: Status
    """``confirmed``, ``unconfirmed`` or ``proposed``."""

    def is_for_sigma(self, sigma: float) -> bool:
        """Tell whether this is a sigma rule for methods of such a sigma.

        Parameters
        ----------
        sigma : float
            Sigma metric, without unit.

        Returns
        -------
        bool
            False for a set that is no sigma rule.
        """
        if self.min_sigma is None and self.below_sigma is None:
            return False
        return (self.min_sigma is None or sigma >= self.min_sigma) and (
            self.below_sigma is None or sigma < self.below_sigma
        )


@lru_cache
def named_rule_sets() -> dict[str, NamedRules]:
    """Return every shipped set by its name.

    Returns
    -------
    dict of str to NamedRules
        In the order of the file.

    Raises
    ------
    ConfigError
        If a set names a rule that is not known.
    """
    sets = shipped_table(tomllib.loads(shipped_texts("checks", "rule_sets")["westgard"]), dict[str, NamedRules])
    for one in sets.values():
        check_rules(one.rules)
    return {name: replace(one, name=name) for name, one in sets.items()}


def rule_set_named(name: str) -> NamedRules:
    """Return one set.

    Parameters
    ----------
    name : str
        Name of the set.

    Returns
    -------
    NamedRules
        The set.

    Raises
    ------
    ConfigError
        If there is no set of this name.
    """
    known = named_rule_sets()
    if name not in known:
        raise ConfigError(f"Rule set '{name}' is not known. Known sets: {', '.join(known)}.")
    return known[name]


def usual_rules(n_levels: int) -> tuple[str, ...]:
    """Return the rules that are usual for a number of levels a run.

    Parameters
    ----------
    n_levels : int
        Levels a run, 1 or more.

    Returns
    -------
    tuple of str
        Short ids; those of two levels where no set is made for the number.
    """
    sets = (rule_set_named("multirule-n3"), rule_set_named("multirule-n2"))
    return next((one.rules for one in sets if n_levels in one.levels), sets[-1].rules)
