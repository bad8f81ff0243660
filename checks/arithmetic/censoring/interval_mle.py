"""Normal model of the log ratio of pairs in which one value may be only a limit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.censoring.censored_pairs import CensoredValues
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
_MOST_STEPS = 200  # Newton steps before giving up; no unit
_SMALL = 1e-10  # size of the last step at which the optimum counts as reached; no unit


@dataclass(frozen=True, slots=True)
class LogRatioMle:
    """Maximum-likelihood estimate of the log ratio, after over before."""

    n_used: int
    """Pairs in the likelihood: those with at least one measured value."""
    mu: float
    """Mean log ratio, natural logarithm."""
    sigma: float
    """SD of the log ratios."""
    se_mu: float
    """Standard error of the mean, from the observed information."""
    gmr: float
    """Geometric mean ratio, without unit."""
    wald_z: float
    """Mean over its standard error, without unit."""
    wald_p: float
    """Two-sided p of that z; rough for few pairs."""
    loglik: float
    """Log likelihood at the optimum."""


def log_ratio_mle(before: CensoredValues, after: CensoredValues) -> LogRatioMle | Refusal:
    """Estimate the ratio of pairs from what measured values and limits say together.

    Parameters
    ----------
    before : CensoredValues
        First values, shape (n_pairs,), above 0.
    after : CensoredValues
        Second values, in the same unit and order, above 0.

    Returns
    -------
    LogRatioMle or Refusal
        A refusal where a number is zero or below, where fewer than two pairs say anything, where no pair is measured
        twice (the estimate does not exist), and where the ratios do not vary.

    Notes
    -----
    log(after / before) is normal with mean mu and SD sigma. A pair with one limit says only that its log ratio lies
    above or below a number; a pair with two limits says nothing and is left out. Newton steps in (mu, log sigma).
    """
    numbers = np.concatenate([before.number, after.number])
    if numbers.size == 0 or float(numbers.min()) <= 0:
        return Refusal("A ratio needs pairs of numbers above zero.")
    is_used = ~(before.is_censored & after.is_censored)
    logs = np.log(after.number[is_used] / before.number[is_used])
    side = _side(before, after)[is_used]
    refusal = _refusal(logs, side)
    return refusal if refusal is not None else _fit(logs, side)


def _side(before: CensoredValues, after: CensoredValues) -> npt.NDArray[np.int64]:
    is_low = after.is_below | before.is_above
    is_high = after.is_above | before.is_below
    return is_high.astype(np.int64) - is_low.astype(np.int64)


def _refusal(logs: Floats, side: npt.NDArray[np.int64]) -> Refusal | None:
    exact = logs[side == 0]
    if logs.size < 2:
        return Refusal(f"Pairs with a measured value: {logs.size}; the model needs at least two.")
    if exact.size == 0:
        return Refusal("No pair is measured at both visits, so the estimate does not exist.")
    if np.ptp(exact) == 0 and not _is_held_apart(float(exact[0]), logs, side):
        return Refusal("The measured ratios do not vary, so the estimate does not exist.")
    return None


def _is_held_apart(exact: float, logs: Floats, side: npt.NDArray[np.int64]) -> bool:
    return bool(np.any((side > 0) & (logs > exact)) or np.any((side < 0) & (logs < exact)))


def _fit(logs: Floats, side: npt.NDArray[np.int64]) -> LogRatioMle | Refusal:
    mu, log_sigma = float(logs.mean()), math.log(max(float(logs.std()), 1e-3))
    loglik, slope, bend = _likelihood(logs, side, mu, log_sigma)
    for _ in range(_MOST_STEPS):
        step = _ascent(slope, bend)
        factor = 1.0
        trial = _likelihood(logs, side, mu + step[0], log_sigma + step[1])
        while trial[0] < loglik - 1e-12 and factor > _SMALL:
            factor /= 2
            trial = _likelihood(logs, side, mu + factor * step[0], log_sigma + factor * step[1])
        mu, log_sigma = mu + factor * float(step[0]), log_sigma + factor * float(step[1])
        loglik, slope, bend = trial
        if float(np.abs(factor * step).max()) < _SMALL:
            return _estimate(int(logs.size), mu, log_sigma, loglik, bend)
    return Refusal("The likelihood of the log ratios has no optimum that could be reached.")


def _ascent(slope: Floats, bend: Floats) -> Floats:
    values, vectors = np.linalg.eigh(-bend)
    step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-8))
    return np.asarray(np.clip(step, -1.0, 1.0), dtype=np.float64)


def _likelihood(logs: Floats, side: npt.NDArray[np.int64], mu: float, log_sigma: float) -> tuple[float, Floats, Floats]:
    sigma = math.exp(log_sigma)
    z = (logs - mu) / sigma
    value, first, second = _exact_terms(z, log_sigma)
    open_value, open_first, open_second = _open_terms(z, side)
    is_exact = side == 0
    by_z = np.where(is_exact, first, open_first)
    by_zz = np.where(is_exact, second, open_second)
    by_log_sigma = -by_z * z - is_exact
    mixed = (by_zz * z + by_z) / sigma
    slope = np.array([-by_z.sum() / sigma, by_log_sigma.sum()])
    bend = np.array([[by_zz.sum() / sigma**2, mixed.sum()], [mixed.sum(), (by_zz * z**2 + by_z * z).sum()]])
    return float(np.where(is_exact, value, open_value).sum()), slope, bend


def _exact_terms(z: Floats, log_sigma: float) -> tuple[Floats, Floats, Floats]:
    return -0.5 * z**2 - 0.5 * math.log(2 * math.pi) - log_sigma, -z, np.full(z.size, -1.0)


def _open_terms(z: Floats, side: npt.NDArray[np.int64]) -> tuple[Floats, Floats, Floats]:
    from scipy.special import log_ndtr

    sign = np.where(side > 0, -1.0, 1.0)
    inner = sign * z
    value = log_ndtr(inner)
    ratio = np.exp(-0.5 * inner**2 - 0.5 * math.log(2 * math.pi) - value)
    return value, sign * ratio, -ratio * (inner + ratio)


def _estimate(n_used: int, mu: float, log_sigma: float, loglik: float, bend: Floats) -> LogRatioMle:
    se_mu = math.sqrt(float(np.linalg.inv(-bend)[0, 0]))
    return LogRatioMle(
        n_used=n_used,
        mu=mu,
        sigma=math.exp(log_sigma),
        se_mu=se_mu,
        gmr=math.exp(mu),
        wald_z=mu / se_mu,
        wald_p=math.erfc(abs(mu / se_mu) / math.sqrt(2)),
        loglik=loglik,
    )
