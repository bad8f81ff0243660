"""Mixed model of several visits: visit as fixed effect, subject as random intercept, by REML with Satterthwaite.

Written out for this one model, because its variance has one free ratio: the optimum is found on a line, also where it
lies at a subject variance of zero, and every derivative that Satterthwaite needs is exact.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
WIDEST = 18.0  # natural logarithm of the variance ratios that are searched, both ways; no unit
N_GRID = 145  # ratios at which the slope is looked at before the optimum is closed in; no unit


@dataclass(frozen=True, slots=True)
class VisitModel:
    """Fit of one mixed model: ``y ~ factor(time) + (1 | subject)``."""

    n_obs: int
    """Results in the model: every one, of incomplete subjects too."""
    estimate: tuple[float, ...]
    """Mean of the first visit, then the change of each later visit from it, in the unit of the values."""
    se: tuple[float, ...]
    """Standard error of each."""
    df_satterthwaite: tuple[float, ...]
    """Degrees of freedom of each by Satterthwaite."""
    t: tuple[float, ...]
    """t of each, without unit."""
    p: tuple[float, ...]
    """Two-sided p of each; that of the first says only that a mean is not zero."""
    var_subject: float
    """Variance between subjects, in the squared unit."""
    var_residual: float
    """Variance within subjects."""
    reml_loglik: float
    """Restricted log likelihood."""
    F: float
    """F of all changes together, without unit."""
    F_df1: int
    """Visits less one."""
    F_df2: float
    """Denominator degrees of freedom by Satterthwaite."""
    F_p: float
    """p of that F."""
    singular: bool
    """True where the variance between subjects is estimated as zero: the model is then one of independent results."""
    method: str
    """What was used, in words."""


@dataclass(frozen=True, slots=True)
class _Sums:
    present: Floats
    values: Floats
    n_each: Floats
    sum_each: Floats

    @property
    def n_free(self) -> int:
        return int(self.present.sum()) - int(self.present.shape[1])


@dataclass(frozen=True, slots=True)
class _Fit:
    ratio: float
    information: Floats
    means: Floats
    rss: float
    residual_sums: Floats


def visit_model(values: Floats) -> VisitModel | Refusal:
    """Fit the mixed model to all results that are there.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Uncensored results in one unit; NaN is a missing visit, which costs that result and no other.

    Returns
    -------
    VisitModel or Refusal
        A refusal below two subjects or two visits, for a visit without a result, with too few results, and where
        nothing varies within subjects.

    References
    ----------
    .. [1] Patterson HD, Thompson R. Recovery of inter-block information when block sizes are unequal. Biometrika.
       1971;58(3):545-554. doi:10.1093/biomet/58.3.545
    .. [2] Satterthwaite FE. An approximate distribution of estimates of variance components. Biometrics Bull.
       1946;2(6):110-114. doi:10.2307/3002019
    .. [3] Kuznetsova A, Brockhoff PB, Christensen RHB. lmerTest package: tests in linear mixed effects models. J Stat
       Softw. 2017;82(13):1-26. doi:10.18637/jss.v082.i13
    """
    present = np.isfinite(values)
    rows = present.any(axis=1)
    values, present = values[rows], present[rows]
    refusal = _refusal(values, present)
    if refusal is not None:
        return refusal
    filled = np.where(present, values, 0.0)
    sums = _Sums(present.astype(np.float64), filled, present.sum(axis=1).astype(np.float64), filled.sum(axis=1))
    ratio = _best_ratio(sums)
    if ratio is None:
        return Refusal("Nothing varies within subjects beyond the visits, so the model has no residual.")
    return _model_of(sums, _fit(sums, ratio))


def _refusal(values: Floats, present: npt.NDArray[np.bool_]) -> Refusal | None:
    n_subjects, n_visits = values.shape
    if n_subjects < 2 or n_visits < 2:
        return Refusal(f"Two subjects and two visits are needed; there are {n_subjects} and {n_visits}.")
    if not present.any(axis=0).all():
        return Refusal("A visit has no result at all, so its mean cannot be estimated.")
    if int(present.sum()) <= n_visits + 1 or not (present.sum(axis=1) > 1).any():
        return Refusal("There are too few repeated results to tell variation within subjects from that between them.")
    if np.ptp(values[present]) == 0:
        return Refusal("All results are equal, so there is nothing to model.")
    return None


def _weights(sums: _Sums, ratio: float) -> Floats:
    return np.asarray(ratio / (1 + sums.n_each * ratio), dtype=np.float64)


def _fit(sums: _Sums, ratio: float) -> _Fit:
    weights = _weights(sums, ratio)
    information = np.diag(sums.present.sum(axis=0)) - (sums.present.T * weights) @ sums.present
    right = sums.values.sum(axis=0) - sums.present.T @ (weights * sums.sum_each)
    means = np.linalg.solve(information, right)
    residuals = (sums.values - means) * sums.present
    each = residuals.sum(axis=1)
    rss = float((residuals**2).sum() - (weights * each**2).sum())
    return _Fit(ratio, information, means, rss, each)


def _deviance(sums: _Sums, ratio: float) -> float:
    fit = _fit(sums, ratio)
    if fit.rss <= 0:
        return np.inf
    n_free = sums.n_free
    logdet = float(np.log1p(sums.n_each * ratio).sum() + np.linalg.slogdet(fit.information)[1])
    return n_free * (1 + float(np.log(2 * np.pi * fit.rss / n_free))) + logdet


def _slopes(sums: _Sums, fit: _Fit) -> tuple[Floats, float, float, float, float]:
    """Return A', the slope and bend of the log determinants, and those of the residual sum of squares."""
    inner = 1 + sums.n_each * fit.ratio
    first, second = inner**-2, -2 * sums.n_each * inner**-3  # derivatives of the weights
    change = -(sums.present.T * first) @ sums.present
    solved = np.linalg.solve(fit.information, change)
    bend_of_a = np.linalg.solve(fit.information, -(sums.present.T * second) @ sums.present)
    logdet = float((sums.n_each / inner).sum() + np.trace(solved))
    bend = float(-((sums.n_each / inner) ** 2).sum() + np.trace(bend_of_a) - np.trace(solved @ solved))
    move = np.linalg.solve(fit.information, -(sums.present.T @ (first * fit.residual_sums)))
    rss_slope = -float((first * fit.residual_sums**2).sum())
    rss_bend = float(
        -(second * fit.residual_sums**2).sum() + 2 * (first * fit.residual_sums * (sums.present @ move)).sum()
    )
    return change, logdet, bend, rss_slope, rss_bend


def _slope(sums: _Sums, ratio: float) -> float:
    fit = _fit(sums, ratio)
    _, logdet, _, rss_slope, _ = _slopes(sums, fit)
    return logdet + sums.n_free * rss_slope / fit.rss


def _best_ratio(sums: _Sums) -> float | None:
    from scipy.optimize import brentq

    logs = np.linspace(-WIDEST, WIDEST, N_GRID)
    steps = [_slope(sums, float(np.exp(at))) for at in logs]
    if steps[-1] < 0 or _fit(sums, float(np.exp(WIDEST))).rss <= 0:
        return None
    valleys = [0.0]
    for low, high, before, after in zip(logs, logs[1:], steps, steps[1:], strict=False):
        if before < 0 <= after:
            at = brentq(lambda place: _slope(sums, float(np.exp(place))), low, high, xtol=1e-14, rtol=1e-14)
            valleys.append(float(np.exp(at)))
    return min(valleys, key=lambda ratio: _deviance(sums, ratio))


def _model_of(sums: _Sums, fit: _Fit) -> VisitModel:
    from scipy.special import fdtrc, stdtr

    n_visits = sums.present.shape[1]
    variance = fit.rss / sums.n_free
    contrasts = np.eye(n_visits)
    contrasts[1:, 0] = -1
    covariance = np.asarray(variance * np.linalg.inv(fit.information), dtype=np.float64)
    estimate = contrasts @ fit.means
    se = np.sqrt(np.einsum("ij,jk,ik->i", contrasts, covariance, contrasts))
    freedom = [_satterthwaite(sums, fit, variance, row) for row in contrasts]
    t = estimate / se
    f, f_df = _joint(sums, fit, variance, covariance, contrasts[1:])
    df1 = n_visits - 1
    return VisitModel(
        n_obs=int(sums.present.sum()),
        estimate=tuple(estimate.tolist()),
        se=tuple(se.tolist()),
        df_satterthwaite=tuple(freedom),
        t=tuple(t.tolist()),
        p=tuple(2 * float(stdtr(df, -abs(one))) for df, one in zip(freedom, t, strict=True)),
        var_subject=fit.ratio * variance,
        var_residual=variance,
        reml_loglik=-_deviance(sums, fit.ratio) / 2,
        F=f,
        F_df1=df1,
        F_df2=f_df,
        F_p=float(fdtrc(df1, f_df, f)),
        singular=fit.ratio == 0,
        method=_method(fit.ratio == 0),
    )


def _method(is_singular: bool) -> str:
    if is_singular:
        return (
            "REML; the variance between subjects is estimated as zero, so results count as independent and degrees of "
            "freedom are those of ordinary least squares"
        )
    return "REML with Satterthwaite degrees of freedom"


def _satterthwaite(sums: _Sums, fit: _Fit, variance: float, contrast: Floats) -> float:
    if fit.ratio == 0:
        return float(sums.n_free)
    change, _, bend, rss_slope, rss_bend = _slopes(sums, fit)
    cross = -rss_slope / variance**2
    hessian = np.array([[bend + rss_bend / variance, cross], [cross, sums.n_free / variance**2]])
    solved = np.linalg.solve(fit.information, contrast)
    size = float(contrast @ solved)
    gradient = np.array([-variance * float(solved @ change @ solved), size])
    return float((variance * size) ** 2 / (gradient @ np.linalg.solve(hessian, gradient)))


def _joint(sums: _Sums, fit: _Fit, variance: float, covariance: Floats, contrasts: Floats) -> tuple[float, float]:
    # Independent combinations of the changes, each with degrees of freedom of its own, are put together by their F.
    spread, axes = np.linalg.eigh(contrasts @ covariance @ contrasts.T)
    rows = axes.T @ contrasts
    squares = (rows @ fit.means) ** 2 / spread
    f = float(squares.mean())
    freedom = np.array([_satterthwaite(sums, fit, variance, row) for row in rows])
    if freedom.size == 1:
        return f, float(freedom[0])
    if np.ptp(freedom) < 1e-8 * freedom.mean():
        return f, float(freedom.mean())
    expected = float((freedom[freedom > 2] / (freedom[freedom > 2] - 2)).sum())
    return f, 2 * expected / (expected - freedom.size) if expected > freedom.size else 2.0
