"""Fifth judge: precision designs, beside scipy's analysis of variance and the mixed model of statsmodels."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import f_oneway

from checks.arithmetic.precision.nested_anova import NestedAnova, nested_anova
from checks.arithmetic.precision.nested_reml import nested_reml

CASES = pytest.mark.parametrize("n_cases", [60, pytest.param(5_000, marks=pytest.mark.long)])
MODELS = pytest.mark.parametrize("n_cases", [4, pytest.param(200, marks=pytest.mark.long)])


def days(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    # Unbalanced: some days have fewer results.
    sizes = rng.integers(2, 6, int(rng.integers(3, 12)))
    day = np.repeat(np.arange(sizes.size), sizes)
    between, within = rng.choice([0.0, 1.0, 3.0]), rng.choice([0.5, 2.0])
    return day, np.round(50 + rng.normal(0, between, sizes.size)[day] + rng.normal(0, within, day.size), 2)


@CASES
def test_mean_squares_have_the_f_of_scipy_and_components_the_moments_of_searle(n_cases: int) -> None:
    rng = np.random.default_rng(1992)
    for _ in range(n_cases):
        day, values = days(rng)
        found = nested_anova(values, {"day": day})
        assert isinstance(found, NestedAnova)
        parts = {part.name: part for part in found.components}
        groups = [values[day == one] for one in np.unique(day)]

        theirs = f_oneway(*groups)
        sizes = np.array([group.size for group in groups])
        n_0 = (sizes.sum() - (sizes**2).sum() / sizes.sum()) / (sizes.size - 1)

        assert parts["day"].ms / parts["error"].ms == pytest.approx(theirs.statistic, rel=1e-9)
        moments = max(0.0, (parts["day"].ms - parts["error"].ms) / n_0)
        assert parts["day"].vc == pytest.approx(moments, rel=1e-9, abs=1e-12)


@MODELS
def test_restricted_likelihood_is_that_of_statsmodels(n_cases: int) -> None:
    reason = "statsmodels is not installed: pip install '.[oracle]'"
    MixedLM = pytest.importorskip("statsmodels.regression.mixed_linear_model", reason=reason).MixedLM  # noqa: N806
    rng = np.random.default_rng(1971)
    for _ in range(n_cases):
        day, values = days(rng)
        found = nested_anova(values, {"day": day})
        assert isinstance(found, NestedAnova)
        parts = {part.name: part.vc for part in found.components[1:]}
        ours = nested_reml(values, {"day": day}, parts)
        if not isinstance(ours, dict) or ours["day"] < 0.05 * ours["error"]:
            continue  # at the edge their optimiser stops short: see docs/oracle.md
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                model = MixedLM(values, np.ones((values.size, 1)), groups=day).fit(reml=True, method=["lbfgs", "bfgs"])
            except np.linalg.LinAlgError:
                continue  # their optimiser walks into a singular matrix
        assert (ours["day"], ours["error"]) == pytest.approx((float(model.cov_re[0][0]), model.scale), rel=2e-3)
