"""``qc try westgard --power``: how often a set of rules rejects without a fault, and finds a shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from checks.trials.plain_values import plain
from schemas.errors import ConfigError


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
    told = {
        "rules": list(chosen),
        "levels": n_levels,
        "shift_sd": shift_sd,
        "p_false_rejection": found.p_false_rejection,
        "p_detect_first_run": found.p_first_run,
        "p_detect_per_run": found.p_per_run,
        "mean_runs_to_rejection": found.mean_runs_to_rejection,
        "by_rule": {name: {"in_control": calm, "shifted": moved} for name, (calm, moved) in found.p_by_rule.items()},
        "method": "simulation of independent normal results, every rule judged at the end of a run",
        "n_rows": found.n_rows,
        "seed": seed,
        "standard_error": found.standard_error,
    }
    answer: dict[str, Any] = plain(told)
    return answer
