from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest

from checks.arithmetic.pairs.signed_rank import SignedRank, signed_rank
from checks.contrasts.contrast import Contrast
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import parse_plan
from checks.contrasts.plan_template import default_plan_text
from checks.contrasts.planned_tests import PairedReport, paired_tests
from checks.contrasts.tipping import tipping

ROW: dict[str, Any] = {
    "analyte": "iron",
    "matrix": "serum",
    "method": "M1",
    "platform": "P1",
    "calibrator_lot": "L1",
    "plate": "A",
    "unit": "ug/dL",
    "censor": "",
    "censor_limit": None,
    "decimals": 0,
    "overridden": False,
}
FALL = ([10, 20, 30, 40, 50, 60, 70, 80], [9, 18, 27, 36, 45, 54, 63, 72])
FLAT = ([10, 20, 30, 40, 50, 60, 70, 80], [11, 18, 33, 36, 55, 54, 77, 72])


def rows(pair: tuple[list[int], list[int]], **changed: Any) -> list[dict[str, Any]]:
    return [
        ROW | {"subject": f"S{number}", "visit": visit, "value": float(value)} | changed
        for visit, values in zip(("0", "3"), pair, strict=True)
        for number, value in enumerate(values)
    ]


def report_of(
    results: list[dict[str, Any]],
    *,
    endpoints: tuple[tuple[str, int], ...] = (("iron", 1),),
    manifest: dict[str, Any] | None = None,
    **settings: str,
) -> PairedReport:
    text = default_plan_text("S", [(analyte, "serum") for analyte, _ in endpoints])
    for analyte, gate in endpoints:
        text = text.replace(f'"{analyte}", matrix = "serum"', f'"{analyte}", matrix = "serum", gate = {gate}')
    for key, value in settings.items():
        start = text.index(f"\n{key} = ") + 1
        stop = text.index("\n\n" if key == "sensitivity" else "\n", start)
        text = text[:start] + f"{key} = {value}" + text[stop:]
    frame = pl.DataFrame(results, infer_schema_length=None, schema_overrides={"censor_limit": pl.Float64})
    return paired_tests(Release("S-R1", "S", "f" * 64, manifest or {}, frame), parse_plan(text))


def contrast_of(results: list[dict[str, Any]], **settings: Any) -> Contrast:
    [contrast] = report_of(results, **settings).contrasts
    return contrast


def below(results: list[dict[str, Any]], n: int, limit: float = 100.0) -> list[dict[str, Any]]:
    for row in results[:n]:
        row |= {"value": None, "censor": "<", "censor_limit": limit}
    return results


@pytest.mark.parametrize(
    ("n_below", "test", "has_estimate"),
    [(2, "signed_rank", True), (4, "prentice_wilcoxon", True), (9, "sign_test", False)],
)
def test_the_ladder_goes_by_how_much_is_censored(n_below: int, test: str, has_estimate: bool) -> None:
    results = below(rows(FALL), n_below, 10.0)

    contrast = contrast_of(results)

    assert contrast.test == test
    assert contrast.p_value is not None
    assert (contrast.shift is not None) == has_estimate
    assert contrast.as_json()["censored"]["n_pre_blq"] == min(n_below, 8)


def test_two_limits_are_scored_and_never_put_at_one() -> None:
    results = rows(FALL)
    results[0] |= {"value": None, "censor": "<", "censor_limit": 10.0}
    results[1] |= {"value": None, "censor": "<", "censor_limit": 12.0}

    assert contrast_of(results).test == "prentice_wilcoxon"


def test_a_mean_of_censored_values_is_refused() -> None:
    contrast = contrast_of(below(rows(FALL), 1, 10.0), test='"paired_t"')

    assert "invented number" in contrast.reason


def test_a_plan_on_logarithms_estimates_a_ratio() -> None:
    contrast = contrast_of(rows(FALL), scale='"log"')

    assert contrast.shift is not None
    assert contrast.shift.estimate == pytest.approx(0.9)
    assert contrast.shift.no_change == 1.0


def test_a_logarithm_of_zero_leaves_the_contrast_untested() -> None:
    assert "logarithm" in contrast_of(rows(([0, *FALL[0][1:]], FALL[1])), scale='"log"').reason


@pytest.mark.parametrize(("test", "p"), [("sign_test", 2 / 256), ("sign_flip", 2 / 256)])
def test_other_primary_tests_follow_the_plan(test: str, p: float) -> None:
    contrast = contrast_of(rows(FALL), test=f'"{test}"')

    assert (contrast.test, contrast.p_value) == (test, p)


def test_a_fixed_sequence_stops_at_the_first_that_fails() -> None:
    results = rows(FLAT) + rows(FALL, analyte="ck")

    first, second = report_of(results, endpoints=(("iron", 1), ("ck", 1)), correction='"fixed_sequence"').contrasts

    assert second.p_value == 2 / 256
    assert second.p_adjusted == first.p_adjusted
    assert not second.is_held


def test_a_gate_that_stays_shut_keeps_the_next_family_out() -> None:
    results = rows(FLAT) + rows(FALL, analyte="ck")
    correction = '"gatekeeping"'

    shut = report_of(results, endpoints=(("iron", 1), ("ck", 2)), correction=correction).contrasts[1]
    first = report_of(results, endpoints=(("iron", 2), ("ck", 1)), correction=correction).contrasts[1]

    assert not shut.is_held
    assert first.is_held


def test_another_lot_is_no_pair_until_it_is_bridged() -> None:
    results = rows(FALL)
    results[8]["calibrator_lot"] = "L2"
    bridged = {"bridging": [{"kind": "calibrator_lot", "first": "L2", "second": "L1"}]}

    apart, together = contrast_of(results), contrast_of(results, manifest=bridged)

    assert apart.as_json()["n_lost"] == {"different calibrator lot between the pair": 1}
    assert (together.n_pairs, together.n_across) == (8, 1)


def test_several_results_are_averaged_only_where_the_plan_says_so() -> None:
    results = [*rows(FALL), ROW | {"subject": "S0", "visit": "0", "value": 14.0}]

    refused = contrast_of(results)
    averaged = contrast_of(results, several_results='"mean"')
    excluded = contrast_of(results, several_results='"exclude_subject"')

    assert "several approved results" in refused.reason
    assert averaged.pairs is not None
    assert averaged.pairs.before.number[0] == 12.0
    assert excluded.n_pairs == 7


def test_overridden_pairs_can_be_excluded_by_the_plan() -> None:
    results = rows(FALL)
    results[0]["overridden"] = True

    kept = contrast_of(results)
    excluded = contrast_of(results, excluded_pairs='["platform", "method", "lot", "overridden"]')

    assert (kept.n_pairs, excluded.n_pairs) == (8, 7)
    assert kept.sensitivity is not None
    assert any(variant.kind == "without_overridden" for variant in kept.sensitivity.variants)


def test_a_finding_that_one_pair_carries_is_said_to_change() -> None:
    fragile = ([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54])  # p = 2/64; five pairs cannot go below 2/32

    contrast = contrast_of(rows(fragile))

    assert contrast.is_held
    assert contrast.sensitivity is not None
    [left_out] = [variant for variant in contrast.sensitivity.variants if variant.kind == "leave_one_out"]
    assert (left_out.p_value, left_out.changes) == (2 / 32, True)
    assert contrast.sensitivity.tipping is not None
    assert (contrast.sensitivity.tipping.n_pairs, contrast.sensitivity.tipping.is_exact) == (1, True)


def test_no_plate_with_both_visits_is_called_confounded() -> None:
    results = rows(FALL)
    for row in results[8:]:
        row["plate"] = "B"

    report = report_of(results)

    assert report.contrasts[0].is_confounded
    assert any("no plate holds both visits" in note for note in report.notes)


def test_other_follow_ups_are_described_outside_the_family() -> None:
    results = rows(FALL) + [row | {"visit": "1"} for row in rows(FLAT)[8:]]

    report = report_of(results, other_followups='["1"]')

    assert report.n_tested == 1
    assert [(c.followup, c.p_holm) for c in report.secondary] == [("1", None)]
    [visits] = report.visits
    assert (visits.visits, visits.n_complete) == (("0", "1", "3"), 8)
    assert isinstance(visits.as_json()["friedman_exact_p"], float)


def test_fewer_pairs_than_alpha_needs_is_never_called_no_effect() -> None:
    four = ([10, 20, 30, 40], [9, 18, 27, 36])

    contrast = contrast_of(rows(four), minimum_pairs="4")

    assert contrast.reach is not None
    assert contrast.reach.smallest_p == 0.125
    assert any("not 'no effect'" in note for note in contrast.notes)


@pytest.mark.parametrize("seed", range(6))
def test_the_tipping_count_is_the_one_that_trying_every_subset_finds(seed: int) -> None:
    differences = np.random.default_rng(seed).normal(-0.9, 1.0, 9)
    tested = signed_rank(differences)
    assert isinstance(tested, SignedRank)
    is_held = tested.p_two <= 0.05

    def holds(is_kept: Any) -> bool | None:
        found = signed_rank(differences[is_kept])
        return found.p_two <= 0.05 if isinstance(found, SignedRank) else None

    found = tipping(differences, holds, is_held=is_held, is_ranked=True)

    turning = [
        size
        for size in range(1, 8)
        if any(holds(np.isin(np.arange(9), out, invert=True)) is (not is_held) for out in combinations(range(9), size))
    ]
    assert found.n_pairs == (turning[0] if turning else None)
