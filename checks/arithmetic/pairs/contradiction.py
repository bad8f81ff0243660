"""An interval that holds no change beside a p that excludes it, or the other way round: told in a sentence."""

from __future__ import annotations


def contradiction(p_two: float, interval: tuple[float, float], no_change: float, alpha: float, n_unmoved: int) -> str:
    """Say why p and interval of the same pairs disagree about no change.

    Parameters
    ----------
    p_two : float
        Two-sided p, 0 to 1.
    interval : tuple of float and float
        Lower and upper limit of the interval at level one minus alpha.
    no_change : float
        What no change is: 0 for a difference, 1 for a ratio.
    alpha : float
        One minus the level of the interval, 0 to 1.
    n_unmoved : int
        Pairs without a difference.

    Returns
    -------
    str
        Sentence; empty where both say the same.

    Notes
    -----
    The test drops pairs without a difference where the interval keeps them, and the interval is conservative with ties
    and with few pairs: its level is above what was asked for.
    """
    holds_no_change = interval[0] <= no_change <= interval[1]
    if holds_no_change is not (p_two < alpha):
        return ""
    if not holds_no_change:
        return (
            f"The interval leaves out {no_change:g} although p is not below {alpha:.2g}: they are of two methods, and "
            "neither alone is a finding."
        )
    why = (
        f"the test leaves out {n_unmoved} pairs without a difference, the interval keeps them"
        if n_unmoved
        else "with ties, or so few pairs, the interval is wider than its level asks for"
    )
    return f"The interval holds {no_change:g} although p is below {alpha:.2g}: {why}. Read both, and claim no size."
