"""McNemar's exact test: are subjects lost at one visit more often than at the other."""

from __future__ import annotations

from checks.arithmetic.pairs.sign_test import sign_test
from checks.arithmetic.refusal import Refusal


def exact_mcnemar(n_first_only: int, n_second_only: int) -> float | None:
    """Return the exact two-sided p-value of McNemar's test.

    Parameters
    ----------
    n_first_only : int
        Subjects with the event at the first visit alone, 0 or more.
    n_second_only : int
        Subjects with the event at the second visit alone, 0 or more.

    Returns
    -------
    float or None
        Twice the smaller binomial tail with chance 1/2, at most 1; None where no subject differs.

    Notes
    -----
    Subjects with the event at both visits, or at neither, say nothing and are left out. p = 2 P(X <= min(b, c)) with
    X binomial(b + c, 1/2).

    References
    ----------
    .. [1] McNemar Q. Note on the sampling error of the difference between correlated proportions or percentages.
       Psychometrika. 1947;12:153-157. doi:10.1007/BF02295996.

    Examples
    --------
    >>> exact_mcnemar(1, 5)
    0.21875
    """
    tested = sign_test(n_first_only, n_second_only)
    return None if isinstance(tested, Refusal) else tested.p_two
