"""Two measurements of the same samples as a straight line: Deming and Passing-Bablok regression.

Written here, because no library on PyPI keeps both well. Held against ``scipy.stats.theilslopes``, against orthogonal
regression by singular values, and against the definitions by brute force, in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
FEWEST = 3
"""Samples below which a line says nothing."""
MOST = 3000
"""Samples beyond which the pairs of Passing-Bablok no longer fit into memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line new = intercept + slope x old with confidence limits."""

    n: int
    """Samples."""
    slope: float
    """Slope, without unit."""
    slope_low: float
    """Lower confidence limit of the slope."""
    slope_high: float
    """Upper confidence limit of the slope."""
    intercept: float
    """Intercept, in the unit of the results."""
    intercept_low: float
    """Lower confidence limit of the intercept."""
    intercept_high: float
    """Upper confidence limit of the intercept."""

    def at(self, old: float) -> float:
        """Return what the line expects of the new measurement.

        Parameters
        ----------
        old : float
            Old measurement.

        Returns
        -------
        float
            New measurement, in the same unit.
        """
        return self.intercept + self.slope * old


def deming(x: Floats, y: Floats, *, error_ratio: float = 1.0, conf: float = 0.95) -> Line | Refusal:
    """Fit a line where both measurements have errors of constant SD.

    Parameters
    ----------
    x : ndarray of float, shape (n_samples,)
        Old measurements, without NaN.
    y : ndarray of float, shape (n_samples,)
        New measurements of the same samples, in the same unit.
    error_ratio : float
        Error variance of the new measurement over that of the old one, above 0.
    conf : float
        Level of the limits, above 0 and below 1.

    Returns
    -------
    Line or Refusal
        A refusal for fewer than three samples, or where the two do not vary together.

    Notes
    -----
    Limits by the jackknife: pseudo-values and Student's t with n - 2 degrees of freedom.

    References
    ----------
    .. [1] Linnet K. Performance of Deming regression analysis in case of misspecified analytical error ratio in method
       comparison studies. Clin Chem. 1998;44(5):1024-1031.
    """
    from scipy.stats import t

    if x.size < FEWEST:
        return Refusal(f"{x.size} samples give no line: at least {FEWEST} are needed.")
    full_fit = _deming(x, y, error_ratio)
    each = np.array([_deming(np.delete(x, place), np.delete(y, place), error_ratio) for place in range(x.size)])
    if not np.all(np.isfinite(full_fit)) or not np.all(np.isfinite(each)):
        return Refusal("The two measurements do not vary together, so there is no line.")
    pseudo = x.size * np.asarray(full_fit) - (x.size - 1) * each
    half = t.isf((1 - conf) / 2, x.size - 2) * pseudo.std(axis=0, ddof=1) / np.sqrt(x.size)
    (slope, intercept), (slope_half, intercept_half) = full_fit, half.tolist()
    return Line(
        int(x.size),
        slope,
        slope - slope_half,
        slope + slope_half,
        intercept,
        intercept - intercept_half,
        intercept + intercept_half,
    )


def passing_bablok(x: Floats, y: Floats, *, conf: float = 0.95) -> Line | Refusal:
    """Fit a line by the shifted median of the slopes of all pairs, without a distribution assumed.

    Parameters
    ----------
    x : ndarray of float, shape (n_samples,)
        Old measurements, without NaN.
    y : ndarray of float, shape (n_samples,)
        New measurements of the same samples, in the same unit.
    conf : float
        Level of the limits, above 0 and below 1.

    Returns
    -------
    Line or Refusal
        A refusal for fewer than three samples, beyond 3000, if the measurements are not positively related, or too few
        samples for limits of this level.

    Notes
    -----
    Pairs that are equal in both give no slope; a slope of exactly -1 is left out. Exchanging old and new inverts the
    slope. The intercept is the median of y - slope x.

    References
    ----------
    .. [1] Passing H, Bablok W. A new biometrical procedure for testing the equality of measurements from two different
       analytical methods. J Clin Chem Clin Biochem. 1983;21(11):709-720.
    """
    from scipy.stats import norm

    n = int(x.size)
    if not FEWEST <= n <= MOST:
        return Refusal(f"{n} samples give no Passing-Bablok line: from {FEWEST} to {MOST} are needed.")
    slopes = _pair_slopes(x, y)
    shift, n_slopes = int(np.sum(slopes < -1)), int(slopes.size)
    if n_slopes == 0 or 2 * shift >= n_slopes:
        return Refusal("The two measurements are not positively related, so there is no Passing-Bablok line.")
    half = float(norm.isf((1 - conf) / 2)) * np.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    first = round((n_slopes - half) / 2)
    last = n_slopes - first + 1
    if first < 1 or last + shift > n_slopes:
        return Refusal(f"{n} samples are too few for limits of level {conf:g}.")
    slope = _shifted_median(slopes, shift)
    low, high = float(slopes[first + shift - 1]), float(slopes[last + shift - 1])
    if not np.isfinite([slope, low, high]).all():
        return Refusal("So many old measurements are equal that the slope has no limit.")
    intercepts = [float(np.median(y - b * x)) for b in (slope, high, low)]
    return Line(n, slope, low, high, *intercepts)


def passing_bablok_line(x: Floats, y: Floats) -> tuple[float, float] | None:
    """Return slope and intercept of the line of Passing and Bablok, without limits.

    Parameters
    ----------
    x : ndarray of float, shape (n_samples,)
        Old measurements, without NaN.
    y : ndarray of float, shape (n_samples,)
        New measurements of the same samples, in the same unit.

    Returns
    -------
    tuple of float and float, or None
        None where the measurements are not positively related, or so many old ones are equal that there is no slope.
    """
    slopes = _pair_slopes(x, y)
    shift = int(np.sum(slopes < -1))
    if slopes.size == 0 or 2 * shift >= slopes.size:
        return None
    slope = _shifted_median(slopes, shift)
    return (slope, float(np.median(y - slope * x))) if np.isfinite(slope) else None


def _deming(x: Floats, y: Floats, error_ratio: float) -> tuple[float, float]:
    dx, dy = x - x.mean(), y - y.mean()
    sxx, syy, sxy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    if sxy == 0:
        return float("nan"), float("nan")
    gap = syy - error_ratio * sxx
    slope = (gap + np.sqrt(gap**2 + 4 * error_ratio * sxy**2)) / (2 * sxy)
    return float(slope), float(y.mean() - slope * x.mean())


def _pair_slopes(x: Floats, y: Floats) -> Floats:
    first, second = np.triu_indices(x.size, 1)
    dx, dy = x[second] - x[first], y[second] - y[first]
    is_apart = (dx != 0) | (dy != 0)
    with np.errstate(divide="ignore"):
        slopes = np.where(dx[is_apart] == 0, np.copysign(np.inf, dy[is_apart]), dy[is_apart] / dx[is_apart])
    return np.asarray(np.sort(slopes[slopes != -1]))


def _shifted_median(slopes: Floats, shift: int) -> float:
    middle = slopes.size // 2
    if slopes.size % 2:
        return float(slopes[middle + shift])
    return float((slopes[middle - 1 + shift] + slopes[middle + shift]) / 2)
