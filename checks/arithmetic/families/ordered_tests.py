"""Adjusted p-values of tests that are made one after the other, or family after family."""

from __future__ import annotations

from collections.abc import Sequence

from checks.arithmetic.families.family_wise import holm
from checks.arithmetic.families.p_adjustment import adjusted


def fixed_sequence(p_values: Sequence[float | None]) -> list[float | None]:
    """Adjust p-values that are tested in their order, each only if all before it held.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values in the order that was fixed before, 0 to 1; None or NaN is a test that was not made.

    Returns
    -------
    list of float or None
        Largest p so far; None from the first test on that was not made: the sequence stops there.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Maurer W, Hothorn LA, Lehmacher W. Multiple comparisons in drug clinical trials and preclinical assays.
       Biometrie in der chemisch-pharmazeutischen Industrie. 1995;6:3-18.

    Examples
    --------
    >>> fixed_sequence([0.01, 0.04, 0.02, None, 0.001])
    [0.01, 0.04, 0.04, None, None]
    """
    ordered_p = adjusted(p_values, lambda ordered: ordered)
    largest, adjusted_p_values = 0.0, list[float | None]()
    for p in ordered_p:
        if p is None:
            break
        largest = max(largest, p)
        adjusted_p_values.append(largest)
    return adjusted_p_values + [None] * (len(ordered_p) - len(adjusted_p_values))


def gatekeeping(p_values: Sequence[float | None], gates: Sequence[int]) -> list[float | None]:
    """Adjust p-values in families that open one after the other, Holm within each.

    Parameters
    ----------
    p_values : sequence of float or None
        p-values, 0 to 1; None or NaN is a test that was not made.
    gates : sequence of int
        Family of each p-value; a family is tested only if every test of all lower ones held.

    Returns
    -------
    list of float or None
        Holm's p within the family, or the largest adjusted p of the families before it if that is more; None where no
        test was made, and in every family behind one in which a test was not made.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1.

    References
    ----------
    .. [1] Westfall PH, Krishen A. Optimally weighted, fixed sequence and gatekeeper multiple testing procedures.
       J Stat Plan Inference. 2001;99(1):25-40. doi:10.1016/S0378-3758(01)00077-5

    Examples
    --------
    >>> gatekeeping([0.01, 0.02, 0.001, 0.03], [1, 1, 2, 2])
    [0.02, 0.02, 0.02, 0.03]
    """
    adjusted_p_values: list[float | None] = [None] * len(p_values)
    largest = 0.0
    for gate in sorted(set(gates)):
        test_indices = [place for place, own in enumerate(gates) if own == gate]
        within = holm([p_values[place] for place in test_indices])
        for place, p in zip(test_indices, within, strict=True):
            adjusted_p_values[place] = None if p is None else max(p, largest)
        if None in within:
            break
        largest = max([largest, *(p for p in within if p is not None)])
    return adjusted_p_values
