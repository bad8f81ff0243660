from __future__ import annotations

import numpy as np
import pytest
from reference_cases import cases_beside

from checks.arithmetic.curves.four_pl import CurveParams
from checks.arithmetic.curves.four_pl_drc import DrcParams, from_drc
from checks.trials.calibrate import calibrate

# No finite optimum of either form: the oracle stopped on the other one. Ours says that it is ill-determined.
WITHOUT_AN_OPTIMUM = {"cal_spinach_1 5PL none", "cal_il3_lmx009 5PL 1/y^2"}
pytestmark = pytest.mark.shared


def fits():
    for case in cases_beside("calibration"):
        for expected in case["expected"]["fits"]:
            yield pytest.param(case["input"], expected, id=f"{case['id']} {expected['model']} {expected['weighting']}")


def answer(case, expected):
    rows = [f"calibrator,S,{x!r},{y!r}" for x, y in zip(case["x"], case["y"], strict=True)]
    rows += [f"sample,s,,{y!r}" for y in expected["inverse"]["y"]]
    text = "\n".join(["role,name,conc,signal", *rows])
    return calibrate(text, model=expected["model"].lower(), weight=expected["weighting"].replace("^", ""))


def or_nan(cells):
    return np.array([np.nan if cell is None or isinstance(cell, str) else cell for cell in cells], dtype=float)


@pytest.mark.parametrize("case, expected", list(fits()))
def test_qc_try_calibrate_answers_every_golden_case(case, expected, request):
    refined, found = expected["refined"], answer(case, expected)
    scale = np.ptp(case["y"])
    predicted = CurveParams(**found["params"]).response(np.array(expected["predict"]["x"]))

    assert found["well_determined"] == refined["well_determined"]
    if not refined["well_determined"]:
        assert "calibration.fit" in {finding["rule"] for finding in found["findings"]}
        assert found["why_ill_determined"]
        if request.node.callspec.id not in WITHOUT_AN_OPTIMUM:
            assert predicted == pytest.approx(expected["predict"]["y"], abs=1e-3 * scale)
        return
    theirs = from_drc(
        DrcParams(**{name: refined["params"][name] for name in ("b", "c", "d", "e", "f") if name in refined["params"]})
    )
    assert found["converged"]
    assert found["wrss"] == pytest.approx(refined["wrss"], rel=1e-9)
    assert found["aicc"] == pytest.approx(expected["aicc"], abs=1e-6, nan_ok=True)
    assert found["params"] == pytest.approx(theirs.as_json(), rel=1e-5)
    assert predicted == pytest.approx(expected["predict"]["y"], abs=1e-6 * scale)
    back = expected["inverse"]
    assert or_nan([row["conc"] for row in found["samples"]]) == pytest.approx(or_nan(back["x"]), rel=1e-5, nan_ok=True)
    assert or_nan([row["se"] for row in found["samples"]]) == pytest.approx(
        or_nan(back["se_delta_curve_only"]), rel=1e-4, nan_ok=True
    )
    wells = or_nan([row["back_calculated"] for row in found["calibrators"]])
    assert wells == pytest.approx(or_nan(expected["backcalc"]["x_back"]), rel=1e-5, nan_ok=True)
