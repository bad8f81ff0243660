"""``qc try sigma``: the sigma metric of a method, and the control rules that go with it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from checks.arithmetic.charts.sigma_metric import SigmaMetric
    from checks.rule_sets.named import NamedRules


@dataclass(frozen=True, slots=True)
class SigmaAnswer(TrialAnswer):
    """Sigma metric of a method, and the control rules that go with it."""

    json_keys = "*metric rule_sets"

    metric: SigmaMetric
    """The numbers."""
    rule_sets: list[NamedRules]
    """Shipped sets of control rules for this sigma, by number of levels."""


def sigma(tea_percent: float, bias_percent: float, cv_percent: float) -> dict[str, Any]:
    """Return the sigma metric of a method.

    Parameters
    ----------
    tea_percent : float
        Allowable total error, in percent, above 0.
    bias_percent : float
        Bias, in percent.
    cv_percent : float
        CV, in percent, 0 or above.

    Returns
    -------
    dict
        ``sigma``, ``total_error_percent``, ``quality_goal_index``, ``critical_systematic_error``, and ``rule_sets``:
        the shipped sets of control rules for this sigma by number of levels. A CV of 0 gives sentences for numbers.

    Raises
    ------
    ConfigError
        If a number is outside what it may be.
    """
    from checks.arithmetic.charts.sigma_metric import sigma_metric

    if not (isfinite(tea_percent) and tea_percent > 0):
        raise ConfigError(f"Allowable total error '{tea_percent:g}' must be above 0 percent.")
    if not (isfinite(cv_percent) and cv_percent >= 0):
        raise ConfigError(f"CV '{cv_percent:g}' must be 0 percent or above.")
    if not isfinite(bias_percent):
        raise ConfigError(f"Bias '{bias_percent:g}' must be a finite number of percent.")
    found = sigma_metric(tea_percent=tea_percent, bias_percent=bias_percent, cv_percent=cv_percent)
    return SigmaAnswer(found, _rule_sets(found.sigma)).as_json()


def _rule_sets(sigma: float | Refusal) -> list[NamedRules]:
    from checks.rule_sets.named import named_rule_sets

    if isinstance(sigma, Refusal) or not isfinite(sigma):
        return []
    return [one for one in named_rule_sets().values() if one.is_for_sigma(sigma)]
