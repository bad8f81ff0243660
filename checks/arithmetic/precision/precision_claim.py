"""Verify a claim of precision or trueness by an experiment of some days, as EP15 asks for it."""

from __future__ import annotations

from dataclasses import dataclass

FALSE_REJECTION = 0.05  # chance that a true claim is not verified, over all levels together; no unit


@dataclass(frozen=True, slots=True)
class PrecisionClaim:
    """One claimed CV against what was observed."""

    claim_cv_percent: float
    """Claim, in percent."""
    observed_cv_percent: float
    """Observed CV, in percent."""
    df: float
    """Degrees of freedom of the observed CV."""
    upper_limit_cv_percent: float
    """Upper verification limit: what a true claim stays below but for the chance of false rejection."""
    verdict: str
    """``pass``: at or below the claim; ``pass_within_limit``: above it and at or below the limit; else ``reject``."""


@dataclass(frozen=True, slots=True)
class BiasClaim:
    """The mean against a target."""

    target: float
    """Target, in the unit of the results."""
    mean: float
    """Observed mean."""
    bias_percent: float
    """100 (mean - target) / target."""
    low: float
    """Lower end of the verification interval."""
    high: float
    """Upper end of the verification interval."""
    verdict: str
    """``pass`` if the mean lies in the interval, else ``reject``."""


def verify_cv(*, claim_cv_percent: float, observed_cv_percent: float, df: float, n_levels: int) -> PrecisionClaim:
    """Hold an observed CV against a claimed one.

    Parameters
    ----------
    claim_cv_percent : float
        Claim, in percent, above 0.
    observed_cv_percent : float
        Observed CV, in percent.
    df : float
        Degrees of freedom that it has if the claims are true, above 0: they come from the design and from the claims,
        never from the results that are held against them.
    n_levels : int
        Levels that are verified together: the chance of false rejection is shared among them.

    Returns
    -------
    PrecisionClaim
        Claim, observation and limit.

    Notes
    -----
    Upper verification limit = claim x sqrt(chi2(1 - 0.05 / n_levels, df) / df).

    References
    ----------
    .. [1] CLSI EP15-A3. User Verification of Precision and Estimation of Bias. 2014, section 2.3.

    Examples
    --------
    >>> round(verify_cv(claim_cv_percent=2, observed_cv_percent=2.4, df=20, n_levels=2).upper_limit_cv_percent, 3)
    2.614
    """
    from scipy.stats import chi2

    limit = claim_cv_percent * float(chi2.isf(FALSE_REJECTION / n_levels, df) / df) ** 0.5
    verdict = "pass_within_limit" if observed_cv_percent <= limit else "reject"
    if observed_cv_percent <= claim_cv_percent:
        verdict = "pass"
    return PrecisionClaim(claim_cv_percent, observed_cv_percent, df, limit, verdict)


def verify_mean(*, target: float, mean: float, se: float, df: float, n_levels: int) -> BiasClaim:
    """Hold an observed mean against a target.

    Parameters
    ----------
    target : float
        Target in the unit of the results, not 0.
    mean : float
        Observed mean.
    se : float
        Standard error of the mean (and of the target, where it has one), in the same unit.
    df : float
        Its degrees of freedom, above 0.
    n_levels : int
        Levels that are verified together.

    Returns
    -------
    BiasClaim
        Interval around the target, and whether the mean lies in it.

    References
    ----------
    .. [1] CLSI EP15-A3 (2014), section 3.3.
    """
    from scipy.stats import t

    half = float(t.isf(FALSE_REJECTION / (2 * n_levels), df)) * se
    low, high = target - half, target + half
    verdict = "pass" if low <= mean <= high else "reject"
    return BiasClaim(target, mean, 100 * (mean - target) / target, low, high, verdict)
