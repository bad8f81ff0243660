"""The sigma metric of a method: how many of its CVs fit between its bias and the allowable total error."""

from __future__ import annotations

from dataclasses import dataclass

from checks.arithmetic.refusal import Refusal

Z_ONE_SIDED_95 = 1.65  # 95th centile of a normal distribution as the literature on total error rounds it; no unit
QUALITY_GOAL_FACTOR = 1.5  # divisor of the quality goal index; no unit


@dataclass(frozen=True, slots=True)
class SigmaMetric:
    """What allowable error, bias and CV say together."""

    sigma: float | Refusal
    """Sigma metric, without unit."""
    total_error_percent: float
    """Total error, in percent."""
    quality_goal_index: float | Refusal
    """Quality goal index, without unit: below 0.8 imprecision, above 1.2 bias is to be mended first."""
    critical_systematic_error: float | Refusal
    """Shift in SD that must be found by the control procedure."""


def sigma_metric(*, tea_percent: float, bias_percent: float, cv_percent: float) -> SigmaMetric:
    """Return the sigma metric and its kin.

    Parameters
    ----------
    tea_percent : float
        Allowable total error, in percent, above 0.
    bias_percent : float
        Bias, in percent, of either sign.
    cv_percent : float
        CV of the method, in percent, 0 or above.

    Returns
    -------
    SigmaMetric
        Refusals in place of what a CV of 0 leaves undefined.

    Notes
    -----
    sigma = (TEa - abs(bias)) / CV; total error = abs(bias) + 1.65 CV; quality goal index = abs(bias) / (1.5 CV);
    critical systematic error = sigma - 1.65.

    References
    ----------
    .. [1] Westgard JO, Westgard SA. Six Sigma quality management system and design of risk-based statistical quality
       control. Clin Lab Med. 2017;37(1):85-96. doi:10.1016/j.cll.2016.09.008

    Examples
    --------
    >>> sigma_metric(tea_percent=10, bias_percent=-2, cv_percent=2).sigma
    4.0
    """
    bias = abs(bias_percent)
    total = bias + Z_ONE_SIDED_95 * cv_percent
    if cv_percent == 0:
        nothing = Refusal("With a CV of 0 there is no sigma: a method without any scatter was not measured.")
        return SigmaMetric(nothing, total, nothing, nothing)
    sigma = (tea_percent - bias) / cv_percent
    return SigmaMetric(sigma, total, bias / (QUALITY_GOAL_FACTOR * cv_percent), sigma - Z_ONE_SIDED_95)
