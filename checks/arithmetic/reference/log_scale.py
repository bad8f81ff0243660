"""Whether numbers spread like concentrations or like logarithms of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

ANTILOGS: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = MappingProxyType(
    {"e to the power of it": np.exp, "2 to the power of it": np.exp2, "10 to the power of it": lambda x: 10.0**x}
)
"""How a logarithm may be undone, by what a person would call it."""


def normal_over_log_normal(numbers: NDArray[np.float64]) -> float:
    """Return how much better a normal curve describes numbers than a log-normal one.

    Parameters
    ----------
    numbers : ndarray of float, shape (n_results,)
        Numbers above 0, at least 3 and not all the same. There is no policy for censored values: leave them out.

    Returns
    -------
    float
        Difference of the two largest log likelihoods, in natural logarithms: 3 means twenty times as likely. Above 0
        speaks for normal. Infinite or NaN never comes back for numbers as described.

    Notes
    -----
    With s the SD (divisor n) of the numbers and t that of their logarithms, each largest log likelihood is
    -n (log(spread) + (1 + log 2 pi) / 2), less the sum of the logarithms for the log-normal curve, so the difference
    is n log(t / s) + sum(log(numbers)). Concentrations in people are skewed to the right, and their logarithms are
    about symmetric; a table of logarithms taken for concentrations is symmetric itself.

    References
    ----------
    .. [1] Limpert E, Stahel WA, Abbt M. Log-normal distributions across the sciences. BioScience. 2001;51(5):341-352.
       doi:10.1641/0006-3568(2001)051[0341:LNDATS]2.0.CO;2.

    Examples
    --------
    >>> import numpy as np
    >>> spread = np.linspace(-2, 2, 41)
    >>> bool(normal_over_log_normal(10 + spread) > 0), bool(normal_over_log_normal(np.exp(spread)) < 0)
    (True, True)
    """
    logs = np.log(numbers)
    return float(numbers.size * np.log(logs.std() / numbers.std()) + logs.sum())
