"""``qc try westgard --power``: how often a set of rules rejects without a fault, and finds a shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError
from schemas.json_model import JsonModel


@dataclass(frozen=True, slots=True)
class PowerOfRule(JsonModel):
    """How often one rule rejects."""

    in_control: float
    """Fraction of runs that it rejects without a fault."""
    shifted: float
    """Fraction of runs that it rejects with the shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOfRulesAnswer(TrialAnswer):
    """How often a set of rules rejects without a fault, and finds a shift."""

    json_keys = """rules levels=n_levels shift_sd p_false_rejection p_detect_first_run p_detect_per_run
        mean_runs_to_rejection by_rule method n_rows seed standard_error"""

    rules: list[str]
    """Short ids of the rules."""
    n_levels: int
    """Controls a run."""
    shift_sd: float
    """Shift to find, in SD."""
    p_false_rejection: float
    """Fraction of runs that are rejected without a fault."""
    p_detect_first_run: float
    """Fraction of shifts that the first run finds."""
    p_detect_per_run: float
    """Fraction of runs with the shift that are rejected."""
    mean_runs_to_rejection: float
    """Runs with the shift until one is rejected, on the average."""
    by_rule: dict[str, PowerOfRule]
    """Each rule by itself."""
    method: str = "simulation of independent normal results, every rule judged at the end of a run"
    """How the numbers were had."""
    n_rows: int
    """Rows that were simulated."""
    seed: int
    """Seed of the simulation."""
    standard_error: float
    """Largest standard error of a fraction."""


def power_of_rules(
    rules: Sequence[str] | None, *, n_levels: int, shift_sd: float = 2.0, n_rows: int = 20_000, seed: int = 1
) -> dict[str, Any]:
    """Simulate the power of a laboratory's own rules.

    Parameters
    ----------
    rules : sequence of str or None
        Short ids; None means the rules that are usual for the number of levels.
    n_levels : int
        Controls a run, 1 to 12.
    shift_sd : float
        Shift to find, in SD.
    n_rows : int
        Rows to simulate, 1000 to 1000000.
    seed : int
        Seed of the simulation.

    Returns
    -------
    dict
        ``p_false_rejection``, ``p_detect_first_run``, ``p_detect_per_run``, ``mean_runs_to_rejection``, ``by_rule`` and
        how they were simulated.

    Raises
    ------
    ConfigError
        If a rule is not known or a number is outside what it may be.
    """
    from checks.arithmetic.charts.westgard_power import rule_power
    from checks.rule_sets.named import usual_rules

    if not 1 <= n_levels <= 12:
        raise ConfigError(f"'{n_levels}' levels: a number from 1 to 12 is expected.")
    if not 1000 <= n_rows <= 1_000_000:
        raise ConfigError(f"'{n_rows}' rows: a number from 1000 to 1000000 is expected.")
    chosen = tuple(rules) if rules is not None else usual_rules(n_levels)
    found = rule_power(chosen, n_levels=n_levels, shift_sd=shift_sd, n_rows=n_rows, seed=seed)
    return PowerOfRulesAnswer(
        rules=list(chosen),
        n_levels=n_levels,
        shift_sd=shift_sd,
        p_false_rejection=found.p_false_rejection,
        p_detect_first_run=found.p_first_run,
        p_detect_per_run=found.p_per_run,
        mean_runs_to_rejection=found.mean_runs_to_rejection,
        by_rule={name: PowerOfRule(calm, moved) for name, (calm, moved) in found.p_by_rule.items()},
        n_rows=found.n_rows,
        seed=seed,
        standard_error=found.standard_error,
    ).as_json()
