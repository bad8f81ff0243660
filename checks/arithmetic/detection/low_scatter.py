"""Scatter of samples with little analyte: what the limit of detection lies above the limit of blank."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LowScatter:
    """Scatter within samples, pooled over them."""

    sd: float
    """Pooled standard deviation within a sample, in the unit of the results."""
    df: int
    """Results less samples."""
    n: int
    """Results."""
    n_samples: int
    """Samples."""
    unequal_p: float | None
    """p of Bartlett's test that all samples scatter alike; None where it cannot be made."""


def low_scatter(samples: Sequence[Floats]) -> LowScatter | Refusal:
    """Pool the scatter within samples.

    Parameters
    ----------
    samples : sequence of ndarray
        Results of each sample, all in one unit; one below a bound stands as minus infinity.

    Returns
    -------
    LowScatter or Refusal
        Square root of the mean variance, weighted by degrees of freedom; a refusal where a result has no number, or no
        sample has two.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.3.3.

    Examples
    --------
    >>> import numpy as np
    >>> low_scatter([np.array([1.0, 3.0]), np.array([4.0, 4.0, 7.0])]).df
    3
    """
    n_bound = sum(int((~np.isfinite(sample)).sum()) for sample in samples)
    if n_bound:
        return Refusal(f"{n_bound} results of low samples lie below a bound and have no scatter; use hit rates.")
    n = sum(sample.size for sample in samples)
    df = n - len(samples)
    if df < 1:
        return Refusal("A limit of detection needs low samples that were measured more than once.")
    squares = sum(float(np.sum((sample - sample.mean()) ** 2)) for sample in samples)
    return LowScatter((squares / df) ** 0.5, df, n, len(samples), _unequal_p(samples))


def _unequal_p(samples: Sequence[Floats]) -> float | None:
    from scipy.stats import bartlett

    varied = [sample for sample in samples if sample.size > 1 and np.ptp(sample) > 0]
    return float(bartlett(*varied).pvalue) if len(varied) > 1 else None
