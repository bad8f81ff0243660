"""The layout of a result id: the number of the run in the high bits, the ordinal of the result in the low ones."""

from __future__ import annotations

ORDINAL_BITS = 20
"""Bits of the ordinal, which counts from 1 within its run."""
ORDINALS = 1 << ORDINAL_BITS
"""A result id modulo this number is the ordinal; in whole multiples of it, the run."""


def result_id_of(run_id: int, ordinal: int) -> int:
    """Return the id of a result.

    Parameters
    ----------
    run_id : int
        Number of the run.
    ordinal : int
        Number of the result in its run, from 1.

    Returns
    -------
    int
        Result id; ids of one run lie together, in the order of its results.

    Examples
    --------
    >>> result_id_of(2, 5), run_id_of(2097157), ordinal_of(2097157)
    (2097157, 2, 5)
    """
    return (run_id << ORDINAL_BITS) + ordinal


def run_id_of(result_id: int) -> int:
    """Return the number of the run of a result.

    Parameters
    ----------
    result_id : int
        Result id.

    Returns
    -------
    int
        Number of the run.
    """
    return result_id >> ORDINAL_BITS


def ordinal_of(result_id: int) -> int:
    """Return the number of a result in its run.

    Parameters
    ----------
    result_id : int
        Result id.

    Returns
    -------
    int
        Ordinal, from 1.
    """
    return result_id & (ORDINALS - 1)
