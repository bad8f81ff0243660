"""Fourth judge: families of p-values, beside scipy and statsmodels."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from checks.arithmetic.families.false_discovery import benjamini_hochberg, benjamini_yekutieli
from checks.arithmetic.families.family_wise import bonferroni, hochberg, holm, hommel

MANY = pytest.mark.parametrize("n_cases", [100, pytest.param(30_000, marks=pytest.mark.long)])
FEWER = pytest.mark.parametrize("n_cases", [50, pytest.param(10_000, marks=pytest.mark.long)])
THEIRS = {bonferroni: "bonferroni", holm: "holm", hochberg: "simes-hochberg", hommel: "hommel"}
THEIRS |= {benjamini_hochberg: "fdr_bh", benjamini_yekutieli: "fdr_by"}


def family(rng: np.random.Generator) -> list[float | None]:
    # Ties, zeros, ones, and tests that were not made, which do not count in the family.
    p_values = np.round(rng.beta(0.5, 1.5, rng.integers(1, 25)), int(rng.choice([2, 3, 12])))
    return [None if rng.random() < 0.15 else float(p) for p in p_values]


@MANY
def test_false_discoveries_equal_scipy(n_cases: int) -> None:
    rng = np.random.default_rng(1995)
    for _ in range(n_cases):
        p_values = family(rng)
        made = [p for p in p_values if p is not None]
        for ours, method in ((benjamini_hochberg, "bh"), (benjamini_yekutieli, "by")):
            expected = list(false_discovery_control(made, method=method)) if made else []
            assert [p for p in ours(p_values) if p is not None] == pytest.approx(expected, abs=1e-12)


@FEWER
def test_every_adjustment_equals_statsmodels(n_cases: int) -> None:
    reason = "statsmodels is not installed: pip install '.[oracle]'"
    multipletests = pytest.importorskip("statsmodels.stats.multitest", reason=reason).multipletests
    rng = np.random.default_rng(1979)
    for _ in range(n_cases):
        made = [p for p in family(rng) if p is not None]
        for ours, method in THEIRS.items() if made else ():
            assert ours(made) == pytest.approx(list(multipletests(made, method=method)[1]), abs=1e-12), (method, made)
