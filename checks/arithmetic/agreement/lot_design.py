"""How many samples a comparison of two lots needs, and the mean difference at which it rejects (EP26)."""

from __future__ import annotations

from dataclasses import dataclass

from checks.arithmetic.pairs.paired_power import paired_t_power
from checks.arithmetic.refusal import Refusal

MOST_SAMPLES = 1000  # beyond it nobody compares lots; no unit
FALSE_REJECTION = 0.05  # chance of rejecting a lot that is as the old one; EP26-A 2013, section 4; no unit


@dataclass(frozen=True, slots=True)
class LotDesign:
    """Design of one comparison."""

    critical_difference_percent: float
    """Difference between the lots that must be found, in percent."""
    sd_difference_percent: float
    """SD of the difference of one sample, from the precision of both lots, in percent."""
    n: int
    """Samples needed."""
    rejection_limit_percent: float
    """Mean difference beyond which the lot is rejected, in percent."""
    power: float
    """Chance of finding the critical difference with so many samples, 0 to 1."""
    false_rejection: float
    """Chance of rejecting a lot that does not differ, 0 to 1."""


def lot_design(critical_percent: float, cv_old: float, cv_new: float, power: float) -> LotDesign | Refusal:
    """Return the fewest samples that find a critical difference between lots.

    Parameters
    ----------
    critical_percent : float
        Critical difference, in percent, above 0.
    cv_old : float
        CV of one result of the old lot under the conditions of the comparison, in percent, above 0.
    cv_new : float
        The same of the new lot.
    power : float
        Chance of finding the critical difference, above 0.05 and below 1.

    Returns
    -------
    LotDesign or Refusal
        A refusal where more than 1000 samples would be needed.

    Notes
    -----
    The mean difference of n samples is held against t(0.975, n - 1) SD / sqrt(n); its power is that of the noncentral t
    with n - 1 degrees of freedom and noncentrality critical sqrt(n) / SD.

    References
    ----------
    .. [1] CLSI EP26-A. User Evaluation of Between-Reagent Lot Variation. 2013.

    Examples
    --------
    >>> design = lot_design(10, 5, 5, 0.9)
    >>> design.n, round(design.rejection_limit_percent, 2), round(design.power, 3)
    (8, 5.91, 0.927)
    """
    from scipy.stats import t

    sd = (cv_old**2 + cv_new**2) ** 0.5
    for n in range(2, MOST_SAMPLES + 1):
        reached = paired_t_power(n, critical_percent, sd, FALSE_REJECTION)
        if reached >= power:
            limit = float(t.isf(FALSE_REJECTION / 2, n - 1)) * sd / n**0.5
            return LotDesign(critical_percent, sd, n, limit, reached, FALSE_REJECTION)
    return Refusal(f"More than {MOST_SAMPLES} samples would be needed: the difference is small against the scatter.")
