"""Precision profile: standard deviation within the laboratory as a polynomial of the concentration."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from checks.arithmetic.refusal import Refusal

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

DEGREES = {"linear": 1, "quadratic": 2}
"""Degree of the polynomial by the name of its shape."""


@dataclass(frozen=True, slots=True)
class PrecisionProfile:
    """A fitted profile: SD = c0 + c1 x + c2 x^2."""

    shape: str
    """``linear`` or ``quadratic``."""
    coefficients: tuple[float, ...]
    """Of rising powers of the concentration."""
    lowest: float
    """Lowest mean that it was fitted to, in the unit of the results."""
    highest: float
    """Highest."""

    def sd_at(self, concentration: float) -> float:
        """Return the standard deviation at a concentration.

        Parameters
        ----------
        concentration : float
            In the unit of the results.

        Returns
        -------
        float
            In the same unit; may be 0 or below where the polynomial leaves the range that it was fitted to.
        """
        return float(np.polynomial.polynomial.polyval(concentration, self.coefficients))


def precision_profile(means: Floats, sds: Floats, dfs: Floats, shape: str = "linear") -> PrecisionProfile | Refusal:
    """Fit a profile by least squares, each sample weighted by its degrees of freedom.

    Parameters
    ----------
    means, sds, dfs : ndarray of shape (n,)
        Mean, standard deviation and degrees of freedom of each sample; one unit for the first two.
    shape : str
        One of :data:`DEGREES`.

    Returns
    -------
    PrecisionProfile or Refusal
        The profile; a refusal of fewer samples at different concentrations than the shape has coefficients, plus one.

    References
    ----------
    .. [1] CLSI EP17-A2 (2012), section 5.4.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([1.0, 2.0, 4.0])
    >>> [round(c, 6) for c in precision_profile(x, 0.5 + 0.1 * x, np.ones(3)).coefficients]
    [0.5, 0.1]
    """
    degree = DEGREES[shape]
    if np.unique(means).size < degree + 2:
        return Refusal(f"A {shape} precision profile needs {degree + 2} samples at different concentrations.")
    fitted = np.polynomial.Polynomial.fit(means, sds, degree, w=np.sqrt(dfs)).convert()
    coefficients = np.zeros(degree + 1)
    coefficients[: fitted.coef.size] = fitted.coef
    return PrecisionProfile(shape, tuple(coefficients.tolist()), float(means.min()), float(means.max()))


def lowest_crossing(excess: Callable[[float], float], start: float, end: float) -> float | None:
    """Return the lowest concentration at which a difference turns from below 0 to 0.

    Parameters
    ----------
    excess : callable
        Difference at a concentration.
    start, end : float
        Where to look.

    Returns
    -------
    float or None
        Concentration, to the precision of floats; None if it stays below 0; ``start`` if it is not below 0 there.
    """
    from scipy.optimize import brentq

    grid = np.linspace(start, end, 400)
    signs: Sequence[float] = [excess(float(x)) for x in grid]
    for place, value in enumerate(signs):
        if value >= 0:
            return float(grid[0]) if place == 0 else float(brentq(excess, grid[place - 1], grid[place], xtol=1e-14))
    return None
