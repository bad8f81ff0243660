"""Bootstrap intervals of the mean difference, seeded, so that the same data give the same interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from checks.arithmetic.pairs.pair_differences import is_constant
from checks.arithmetic.refusal import Refusal

Floats = npt.NDArray[np.float64]
N_RESAMPLES = 9_999  # draws with replacement; no unit
SEED = 20240  # of the draws
FEWEST_PAIRS = 3  # below it a resample says nothing that the pairs do not; no unit


@dataclass(frozen=True, slots=True)
class BootstrapMean:
    """Bootstrap intervals of one mean difference, in the unit of the differences."""

    perc_lo: float
    """Lower limit by percentiles."""
    perc_hi: float
    """Upper limit by percentiles."""
    bca_lo: float
    """Lower limit, corrected for bias and acceleration."""
    bca_hi: float
    """Upper limit, corrected for bias and acceleration."""
    R: int
    """Resamples."""
    seed: int
    """Seed of the generator."""


def bootstrap_mean(differences: Floats, *, scale: float, conf: float = 0.95) -> BootstrapMean | Refusal:
    """Estimate intervals of the mean difference by resampling pairs.

    Parameters
    ----------
    differences : ndarray of float, shape (n_pairs,)
        Differences of complete, uncensored pairs, in any one unit; finite.
    scale : float
        Largest absolute value that was subtracted, in the same unit.
    conf : float
        Level, above 0 and below 1.

    Returns
    -------
    BootstrapMean or Refusal
        A refusal below three pairs and where the differences do not vary. Read two digits: the rest is simulation.

    References
    ----------
    .. [1] Efron B. Better bootstrap confidence intervals. J Am Stat Assoc. 1987;82(397):171-185.
       doi:10.1080/01621459.1987.10478410
    """
    if differences.size < FEWEST_PAIRS:
        return Refusal(f"A bootstrap needs at least three complete pairs; there are {differences.size}.")
    if is_constant(differences, scale):
        return Refusal("The differences do not vary, so resampling them gives one and the same mean.")
    from scipy.stats import bootstrap

    # In portions: all resamples at once would need 9,999 times the memory of the pairs.
    common = {"n_resamples": N_RESAMPLES, "confidence_level": conf, "batch": 1000}
    drawn = bootstrap((differences,), np.mean, method="BCa", rng=np.random.default_rng(SEED), **common)
    low, high = np.quantile(drawn.bootstrap_distribution, [(1 - conf) / 2, (1 + conf) / 2])
    corrected = drawn.confidence_interval
    if not (np.isfinite(corrected.low) and np.isfinite(corrected.high)):
        return Refusal("The correction of the bootstrap interval is not defined for these differences.")
    return BootstrapMean(float(low), float(high), float(corrected.low), float(corrected.high), N_RESAMPLES, SEED)
