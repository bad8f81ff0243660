from __future__ import annotations

import pytest

from checks.standard_curves.acceptance import Acceptance, Calibrator, accepted_ends

M10 = Acceptance(recovery_percent=20, lloq_recovery_percent=25, uloq_recovery_percent=25)


def levels(*recoveries, anchors=()):
    return [
        Calibrator(2.0**place, 1.0, None, 1, 1.0, recovery, place in anchors)
        for place, recovery in enumerate(recoveries)
    ]


@pytest.mark.parametrize(
    "recoveries, ends",
    [
        ((100, 100, 100), (0, 2)),
        ((125, 120, 80, 75), (0, 3)),  # 25 % at the ends, 20 % inside
        ((126, 100, 100, 100), (1, 3)),
        ((100, 100, 100, 74), (0, 2)),
        ((100, 100, 50, 100, 100), (0, 4)),  # a failure inside shrinks nothing
        ((100, 50, 100, 100), (2, 3)),  # alone beyond a failure: does not carry the range
        ((None, 100, 100, None), (1, 2)),
        ((100, 50, 100), None),
        ((50, 50, 50), None),
        ((100,), None),
        ((), None),
    ],
)
def test_the_range_ends_at_levels_that_are_given_back_with_their_neighbour(recoveries, ends):
    assert accepted_ends(levels(*recoveries), M10) == ends


def test_an_anchor_never_carries_the_range():
    assert accepted_ends(levels(100, 100, 100, 100, anchors=(0, 3)), M10) == (1, 2)


def test_a_zero_standard_never_carries_the_range():
    zero = Calibrator(0.0, 0.1, None, 1, 0.01, None)

    assert accepted_ends([zero, *levels(100, 100)], M10) == (1, 2)
