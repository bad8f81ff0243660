from __future__ import annotations

import pytest

from checks.arithmetic.pairs.contradiction import contradiction


@pytest.mark.parametrize(
    ("p", "interval", "n_unmoved", "said"),
    [
        (0.031, (0.0, 5.0), 8, "leaves out 8 pairs"),
        (0.031, (-0.1, 5.0), 0, "wider than its level"),
        (0.06, (0.2, 5.0), 0, "of two methods"),
        (0.031, (0.1, 5.0), 8, ""),
        (0.3, (-1.0, 5.0), 0, ""),
    ],
)
def test_p_and_interval_that_disagree_about_zero_are_told(
    p: float, interval: tuple[float, float], n_unmoved: int, said: str
) -> None:
    told = contradiction(p, interval, 0.0, 0.05, n_unmoved)

    assert (said in told) if said else told == ""
