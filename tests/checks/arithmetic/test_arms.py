from __future__ import annotations

import os

import numpy as np
import pytest
from scipy import stats

from checks.arithmetic.arms.baseline_model import BaselineModel, baseline_model
from checks.arithmetic.arms.label_swap import LabelSwap, label_swap, rank_sum
from checks.arithmetic.arms.mean_change import MeanChange, mean_change
from checks.arithmetic.refusal import Refusal
from checks.contrasts.arm_comparison import arm_comparison
from checks.contrasts.pairing import release_rows
from checks.contrasts.plan import parse_plan
from checks.contrasts.policy import apply_policy

LONG = bool(os.environ.get("ASSAYGATE_LONG"))
PLAN = 'study = "S"\nbaseline = "0"\nfollowup = "3"\narms = ["a", "b"]\nendpoints = [{analyte = "x", matrix = "csf"}]\n'


def two_arms(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    first, second = rng.integers(2, 6, 2)
    return np.round(rng.normal(0, 3, first + second), rng.integers(0, 2)), np.arange(first + second) >= first


def difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(one.mean() - other.mean())


@pytest.mark.parametrize("seed", range(12))
def test_both_permutation_tests_equal_scipys_list_of_all_labellings(seed: int) -> None:
    scores, is_second = two_arms(np.random.default_rng(seed))
    ranks = stats.rankdata(scores)

    for ours, values in ((label_swap(scores, is_second), scores), (rank_sum(scores, is_second), ranks)):
        if isinstance(ours, Refusal):
            assert np.ptp(values) == 0
            continue
        one, other = values[is_second], values[~is_second]
        for ending, p in (("two-sided", ours.p_two), ("less", ours.p_less), ("greater", ours.p_greater)):
            theirs = stats.permutation_test((one, other), difference, n_resamples=np.inf, alternative=ending)
            assert p == pytest.approx(theirs.pvalue, abs=1e-12)


def test_many_subjects_without_ties_get_the_exact_p_of_scipy() -> None:
    scores = np.random.default_rng(3).permutation(50).astype(float)
    is_second = np.arange(50) >= 30

    ours = rank_sum(scores, is_second)

    assert isinstance(ours, LabelSwap)
    assert ours.is_exact
    assert ours.p_two == pytest.approx(stats.mannwhitneyu(scores[is_second], scores[~is_second], method="exact").pvalue)


def test_covariance_and_welch_equal_other_ways_to_the_same_numbers() -> None:
    rng = np.random.default_rng(5)
    before, is_second = rng.normal(10, 2, 25), np.arange(25) % 2 == 0
    after = 0.6 * before + 1.2 * is_second + rng.normal(0, 1, 25)

    model = baseline_model(before, after, is_second)
    welch = mean_change(after - before, is_second)

    # Frisch, Waugh and Lovell: residuals on the baseline, regressed on each other.
    arm, value = (y - np.polyval(np.polyfit(before, y, 1), before) for y in (is_second.astype(float), after))
    slope = float(arm @ value / (arm @ arm))
    se = float((((value - slope * arm) ** 2).sum() / 22 / (arm @ arm)) ** 0.5)
    theirs = stats.ttest_ind((after - before)[is_second], (after - before)[~is_second], equal_var=False)
    assert isinstance(model, BaselineModel)
    assert isinstance(welch, MeanChange)
    assert (model.estimate, model.se) == pytest.approx((slope, se))
    assert model.p_two == pytest.approx(2 * stats.t.sf(abs(slope / se), 22))
    assert welch.p_two == pytest.approx(theirs.pvalue)
    assert (welch.ci_low, welch.ci_high) == pytest.approx(tuple(theirs.confidence_interval()))


def pairs_of(before: np.ndarray, after: np.ndarray, limit: float):
    import polars as pl

    from checks.contrasts.pairing import pair_up

    rows = [
        {"subject": f"P{n:02}", "visit": visit, "arm": "b" if n % 2 else "a", "value": float(value), "decimals": 2}
        | {"censor": "<" if value < limit else "", "censor_limit": limit if value < limit else None}
        | {"analyte": "x", "matrix": "csf", "method": "m", "platform": "p", "plate": "", "unit": "1"}
        | {"overridden": False}
        for visit, values in (("0", before), ("3", after))
        for n, value in enumerate(values)
    ]
    plan = parse_plan(PLAN)
    return pair_up(release_rows(pl.DataFrame(rows, infer_schema_length=None)), plan.endpoints[0], plan), plan


@pytest.mark.parametrize("limit", [0.0, 8.5, 9.5, 10.5], ids=["measured", "recensored", "scored", "signs"])
def test_p_and_interval_of_the_arms_agree_and_the_test_holds_its_size(limit: float) -> None:
    rng, n_rejected, n_sets = np.random.default_rng(11), 0, 400 if LONG else 8
    for _ in range(n_sets):
        subject = rng.normal(10, 1.5, 16)
        pairs, plan = pairs_of(subject + rng.normal(0, 0.7, 16), subject + 1 + rng.normal(0, 0.7, 16), limit)
        values = apply_policy(pairs, plan)
        found = arm_comparison(values, np.array([int(one[1:]) % 2 == 1 for one in pairs.subjects]), plan)
        assert isinstance(found.mann_whitney, LabelSwap)
        shift = found.hodges_lehmann
        if not isinstance(shift, Refusal) and shift.is_attainable:
            assert (found.mann_whitney.p_two < 0.05) == (not shift.ci_low <= 0 <= shift.ci_high)
        n_rejected += found.mann_whitney.p_two < 0.05

    assert stats.binomtest(n_rejected, n_sets, 0.05, alternative="greater").pvalue > 0.001
