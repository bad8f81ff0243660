from __future__ import annotations

import numpy as np
import pytest

from checks.arithmetic.precision.component_intervals import component_intervals
from checks.arithmetic.precision.nested_anova import NestedAnova, chi_square_interval, nested_anova


def design(vc_day: float, vc_error: float, seed: int, n_days: int = 10, n: int = 3) -> NestedAnova:
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(n_days), n)
    values = 100 + rng.normal(0, vc_day**0.5, n_days)[day] + rng.normal(0, vc_error**0.5, n_days * n)
    found = nested_anova(values, {"day": day})
    assert isinstance(found, NestedAnova)
    return found


def test_one_mean_square_has_its_exact_interval() -> None:
    found = design(2.0, 1.0, 1)

    error = component_intervals(found)[-1]

    assert error.mls == pytest.approx(chi_square_interval(found.components[-1].vc, found.components[-1].df))
    assert error.satterthwaite == pytest.approx(error.mls)


def test_a_total_has_the_interval_of_graybill_and_wang() -> None:
    # By hand for 10 days of 3: total = MSday / 3 + 2 MSe / 3, G = 1 - df / chi2(0.975), H = df / chi2(0.025) - 1;
    # chi2 with 9 df: 19.0228, 2.7004; with 20 df: 34.1696, 9.5908 (tables).
    found = design(2.0, 1.0, 1)
    days, error = float(found.components[1].ms or 0) / 3, 2 * float(found.components[2].ms or 0) / 3
    low = days + error - np.hypot((1 - 9 / 19.0228) * days, (1 - 20 / 34.1696) * error)
    high = days + error + np.hypot((9 / 2.7004 - 1) * days, (20 / 9.5908 - 1) * error)

    assert component_intervals(found)[0].mls == pytest.approx((low, high), rel=1e-4)


@pytest.mark.parametrize(("vc_day", "vc_error"), [(1.0, 1.0), (0.1, 1.0)])
def test_intervals_by_mls_hold_the_components_in_19_of_20_experiments(vc_day: float, vc_error: float) -> None:
    true = (vc_day + vc_error, vc_day, vc_error)
    held = np.zeros(3)
    for seed in range(400):
        for place, one in enumerate(component_intervals(design(vc_day, vc_error, seed))):
            held[place] += one.mls[0] <= true[place] <= one.mls[1]

    assert np.all(held >= 365)  # 380 expected; 3.5 SD of 400 draws are 15


def test_a_component_that_vanishes_has_a_refusal_by_satterthwaite_and_an_interval_from_0_by_mls() -> None:
    found = next(one for seed in range(50) if (one := design(0.0, 1.0, seed)).components[1].vc == 0)

    day = component_intervals(found)[1]

    assert not isinstance(day.satterthwaite, tuple)
    assert day.mls[0] == 0
    assert day.mls[1] > 0
