from __future__ import annotations

import numpy as np
import pytest

from checks.arithmetic.curves.four_pl import CurveParams
from checks.arithmetic.curves.four_pl_drc import DrcParams, from_drc, to_drc
from schemas.errors import NotEvaluableError

DOSE = np.array([0.5, 3.0, 10.0, 40.0, 900.0])


def drc_response(p, x):
    # LL.5 as the manual of drc prints it.
    return p.c + (p.d - p.c) / (1 + np.exp(p.b * (np.log(x) - np.log(p.e)))) ** p.f


CURVES = [
    pytest.param(CurveParams(a=0.1, b=1.3, c=10.0, d=2.1), id="rising 4PL"),
    pytest.param(CurveParams(a=2.1, b=1.3, c=10.0, d=0.1), id="falling 4PL"),
    pytest.param(CurveParams(a=0.1, b=1.3, c=10.0, d=2.1, g=0.4), id="rising 5PL"),
    pytest.param(CurveParams(a=2.1, b=1.3, c=10.0, d=0.1, g=2.5), id="falling 5PL"),
]


@pytest.mark.parametrize("params", CURVES)
def test_a_curve_and_its_drc_naming_give_the_same_responses(params):
    assert drc_response(to_drc(params), DOSE) == pytest.approx(params.response(DOSE), rel=1e-12)


@pytest.mark.parametrize("params", CURVES)
def test_the_two_namings_lead_back_to_each_other(params):
    assert from_drc(to_drc(params)) == params


@pytest.mark.parametrize("b", [-1.3, 1.3])
def test_a_4pl_of_drc_with_its_ends_swapped_is_the_same_curve(b):
    drc = DrcParams(b=b, c=2.1, d=0.1, e=10.0)

    assert from_drc(drc).response(DOSE) == pytest.approx(drc_response(drc, DOSE), rel=1e-12)


def test_a_5pl_that_bends_at_its_lower_end_is_refused():
    with pytest.raises(NotEvaluableError, match="lower asymptote"):
        from_drc(DrcParams(b=1.0, c=2.0, d=0.1, e=10.0, f=0.5))


def test_the_printed_formula_without_the_turned_slope_is_another_curve_where_a_5pl_rises():
    # y = d + (a - d) / (1 + (x / c)^b)^g holds as it stands for falling curves; for rising ones only with g = 1.
    rising = CurveParams(a=0.1, b=1.3, c=10.0, d=2.1, g=0.4)

    as_it_stands = rising.d + (rising.a - rising.d) / (1 + (DOSE / rising.c) ** rising.b) ** rising.g

    assert np.abs(as_it_stands - rising.response(DOSE)).max() > 0.1
