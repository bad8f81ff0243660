"""Budget of uncertainty: components that are independent, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isinf, sqrt

COVERAGE_FACTOR = 2.0
"""Factor from the standard to the expanded uncertainty: about 95 %, as ISO/TS 20914 and Nordtest TR 537 report it."""


@dataclass(frozen=True, slots=True)
class Component:
    """One source of uncertainty."""

    name: str
    """What it is: ``precision``, ``calibrator``, ``bias``, ``reference``."""
    u_percent: float
    """Relative standard uncertainty, in percent, 0 or more."""
    df: float
    """Degrees of freedom; infinite where it is stated and not measured."""
    source: str
    """Where the number is from."""


@dataclass(frozen=True, slots=True)
class Combined:
    """What the components come to."""

    u_percent: float
    """Combined relative standard uncertainty, in percent."""
    df: float
    """Effective degrees of freedom by Welch and Satterthwaite."""
    expanded_percent: float
    """Expanded uncertainty with :data:`COVERAGE_FACTOR`, in percent."""


def combined(components: Sequence[Component]) -> Combined:
    """Combine independent components.

    Parameters
    ----------
    components : sequence of Component
        Components, one at least.

    Returns
    -------
    Combined
        Root of the sum of squares, its degrees of freedom, and twice it.

    References
    ----------
    .. [1] JCGM 100:2008 (GUM), 5.1.2 and G.4.1.
    .. [2] Magnusson B et al. Handbook for calculation of measurement uncertainty in environmental laboratories.
       Nordtest report TR 537, 4th ed., 2017.

    Examples
    --------
    >>> found = combined([Component("precision", 3.0, 20, "-"), Component("bias", 4.0, float("inf"), "-")])
    >>> found.u_percent, found.expanded_percent
    (5.0, 10.0)
    """
    square = sum(one.u_percent**2 for one in components)
    spent = sum(one.u_percent**4 / one.df for one in components if not isinf(one.df) and one.u_percent > 0)
    u_percent = sqrt(square)
    return Combined(u_percent, square**2 / spent if spent > 0 else inf, COVERAGE_FACTOR * u_percent)


def rms_bias(biases_percent: Sequence[float]) -> float:
    """Return the root of the mean square of several biases.

    Parameters
    ----------
    biases_percent : sequence of float
        Bias of each reference material or lot, in percent, one at least.

    Returns
    -------
    float
        In percent: what Nordtest takes for a bias that is not corrected.
    """
    return sqrt(sum(bias**2 for bias in biases_percent) / len(biases_percent))
