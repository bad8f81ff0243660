"""Analysis of variance of several visits, with the corrections for unequal correlation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
_FLATTEST = 1e-12  # W below which the covariance is singular in binary arithmetic; no unit


@dataclass(frozen=True, slots=True)
class RepeatedAnova:
    """Outcome of one analysis of variance on complete subjects."""

    F: float
    """F of the visits, without unit."""
    df1: int
    """Visits less one."""
    df2: int
    """That times subjects less one."""
    ss_effect: float
    """Sum of squares between visits, in the squared unit of the values."""
    ss_error: float
    """Residual sum of squares."""
    p: float
    """p if all pairs of visits were equally correlated."""
    gg_eps: float
    """Greenhouse and Geisser's epsilon, 1 / df1 to 1."""
    hf_eps: float | Refusal
    """Huynh and Feldt's epsilon; may exceed 1, and is taken as 1 then."""
    p_gg: float
    """p with degrees of freedom times Greenhouse and Geisser's epsilon."""
    p_hf: float | Refusal
    """p with degrees of freedom times Huynh and Feldt's epsilon."""
    mauchly_W: float | Refusal  # noqa: N815 - Mauchly's own letter
    """Mauchly's W of sphericity: description, never the judge of what is reported."""
    mauchly_p: float | Refusal
    """p of that W."""


def repeated_anova(values: Floats) -> RepeatedAnova | Refusal:
    """Test whether the means of the visits are equal.

    Parameters
    ----------
    values : ndarray of float, shape (n_subjects, n_visits)
        Complete rows, finite, uncensored, in one unit.

    Returns
    -------
    RepeatedAnova or Refusal
        A refusal below two subjects or two visits, and where the residuals do not vary.

    References
    ----------
    .. [1] Greenhouse SW, Geisser S. On methods in the analysis of profile data. Psychometrika. 1959;24(2):95-112.
       doi:10.1007/BF02289823
    .. [2] Huynh H, Feldt LS. Estimation of the Box correction for degrees of freedom from sample data in randomized
       block and split-plot designs. J Educ Stat. 1976;1(1):69-82. doi:10.3102/10769986001001069
    """
    n_subjects, n_visits = values.shape
    if n_subjects < 2 or n_visits < 2:
        return Refusal(f"Two complete subjects and two visits are needed; there are {n_subjects} and {n_visits}.")
    from scipy.special import fdtrc

    visits, subjects, grand = values.mean(axis=0), values.mean(axis=1, keepdims=True), float(values.mean())
    effect = n_subjects * float(((visits - grand) ** 2).sum())
    error = float(((values - visits - subjects + grand) ** 2).sum())
    scale = float(np.abs(values).max())
    if error <= (10 * np.finfo(np.float64).eps * scale) ** 2 * values.size:
        return Refusal("Every subject moves alike, so there is no residual to compare the visits with.")
    df1, df2 = n_visits - 1, (n_visits - 1) * (n_subjects - 1)
    f = (effect / df1) / (error / df2)
    contrasts = _contrast_covariance(values)
    gg = float(np.trace(contrasts) ** 2 / (df1 * (contrasts**2).sum()))
    hf, p_hf = _huynh_feldt(gg, n_subjects, df1, f)
    sphericity, p_of_sphericity = _mauchly(contrasts, n_subjects - 1)
    return RepeatedAnova(
        F=f,
        df1=df1,
        df2=df2,
        ss_effect=effect,
        ss_error=error,
        p=float(fdtrc(df1, df2, f)),
        gg_eps=gg,
        hf_eps=hf,
        p_gg=float(fdtrc(df1 * gg, df2 * gg, f)),
        p_hf=p_hf,
        mauchly_W=sphericity,
        mauchly_p=p_of_sphericity,
    )


def _huynh_feldt(gg: float, n_subjects: int, df1: int, f: float) -> tuple[float | Refusal, float | Refusal]:
    """Return Huynh and Feldt's epsilon and its p; undefined where the subjects span no more than their own spread."""
    from scipy.special import fdtrc

    free = n_subjects - 1 - df1 * gg
    if free <= _FLATTEST * n_subjects:
        none = Refusal("Huynh and Feldt's epsilon is not defined for so few subjects.")
        return none, none
    epsilon = (n_subjects * df1 * gg - 2) / (df1 * free)
    shrink = min(1.0, epsilon)
    return epsilon, float(fdtrc(df1 * shrink, df1 * (n_subjects - 1) * shrink, f))


def _contrast_covariance(values: Floats) -> Floats:
    n_visits = values.shape[1]
    basis, _ = np.linalg.qr(np.eye(n_visits) - 1 / n_visits)
    basis = basis[:, : n_visits - 1]
    return np.asarray(basis.T @ np.cov(values, rowvar=False) @ basis, dtype=np.float64)


def _mauchly(covariance: Floats, df: int) -> tuple[float | Refusal, float | Refusal]:
    from scipy.special import chdtrc

    size = covariance.shape[0]
    if size < 2 or df < size:
        none = Refusal("Sphericity needs three visits or more, and more subjects than visits.")
        return none, none
    statistic = float(np.linalg.det(covariance) / (np.trace(covariance) / size) ** size)
    if statistic <= _FLATTEST:
        flat = Refusal("The differences between visits are collinear, so sphericity cannot be described.")
        return flat, flat
    rho = 1 - (2 * size**2 + size + 2) / (6 * size * df)
    second = (size + 2) * (size - 1) * (size - 2) * (2 * size**3 + 6 * size**2 + 3 * size + 2)
    weight = second / (288 * (df * size * rho) ** 2)
    z, dof = -df * rho * np.log(statistic), size * (size + 1) // 2 - 1
    first = float(chdtrc(dof, z))
    return statistic, float(min(1.0, first + weight * (float(chdtrc(dof + 4, z)) - first)))
