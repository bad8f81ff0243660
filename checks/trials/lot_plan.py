"""``qc try lots --design``: samples that a comparison of two lots needs, before it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from checks.arithmetic.refusal import Refusal
from checks.trials.plain_values import TrialAnswer
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from checks.arithmetic.agreement.lot_design import LotDesign


@dataclass(frozen=True, slots=True)
class LotPlanAnswer(TrialAnswer):
    """Design of one comparison of lots (EP26)."""

    design: LotDesign | Refusal
    """Samples, rejection limit and power, or why there is none."""


def lot_plan(
    critical_percent: float | None, cv_old: float | None, cv_new: float | None, power: float
) -> dict[str, Any]:
    """Design a comparison of two lots.

    Parameters
    ----------
    critical_percent : float or None
        Difference that must be found, in percent.
    cv_old : float or None
        CV of one result of the old lot, in percent.
    cv_new : float or None
        The same of the new lot; None is that of the old one.
    power : float
        Chance of finding it, above 0.05 and below 1.

    Returns
    -------
    dict
        ``design``.

    Raises
    ------
    ConfigError
        If the critical difference or the CV is missing, or the power is out of range.
    """
    from checks.arithmetic.agreement.lot_design import FALSE_REJECTION, lot_design

    if critical_percent is None or cv_old is None:
        raise ConfigError("A design needs the difference that must be found (--allowed) and the CV of a result (--cv).")
    if not FALSE_REJECTION < power < 1:
        raise ConfigError(f"Power '{power:g}' is out of range: above {FALSE_REJECTION:g} and below 1 is expected.")
    return LotPlanAnswer(lot_design(critical_percent, cv_old, cv_new or cv_old, power)).as_json()
