from __future__ import annotations

import time
from typing import Any

import numpy as np
import polars as pl
import pytest

from checks.arithmetic.pairs.signed_rank import sign_flip_distribution, signed_rank
from checks.contrasts.contrast import Contrast
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import parse_plan
from checks.contrasts.plan_template import default_plan_text
from checks.contrasts.planned_tests import paired_tests
from checks.contrasts.tipping import tipping

MOST_SECONDS = 60.0  # of processor time for a thousand pairs: three times what a slow machine needs; no unit
ROW: dict[str, Any] = {
    "analyte": "iron",
    "matrix": "serum",
    "method": "M1",
    "platform": "P1",
    "plate": "A",
    "unit": "ug/dL",
    "overridden": False,
}


def contrast_of(n_pairs: int, n_below: int, **settings: str) -> Contrast:
    rng = np.random.default_rng(1)
    before = np.round(rng.lognormal(2, 0.5, n_pairs), 3)
    visits = {"0": before, "3": np.round(before * rng.lognormal(0.05, 0.3, n_pairs), 3)}
    results = [
        ROW
        | {"subject": f"S{number:04d}", "visit": visit, "value": float(value), "decimals": 3}
        | {"censor": "<" if number < n_below else "", "censor_limit": 5.0 if number < n_below else None}
        for visit, values in visits.items()
        for number, value in enumerate(values)
    ]
    text = default_plan_text("S", [("iron", "serum")])
    for key, value in settings.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{key} = "))
        text = text.replace(line, f'{key} = "{value}"')
    frame = pl.DataFrame(results, infer_schema_length=None)
    [contrast] = paired_tests(Release("S-R1", "S", "f" * 64, {}, frame), parse_plan(text)).contrasts
    return contrast


def by_shifts(weights: list[int]) -> np.ndarray:
    chances = np.ones(1)
    for weight in weights:
        chances = np.convolve(chances, np.concatenate([[0.5], np.zeros(weight - 1), [0.5]]))
    return chances


@pytest.mark.parametrize("seed", range(20))
def test_the_counted_patterns_are_those_of_one_convolution_after_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weights = rng.integers(1, 40, int(rng.integers(1, 30))) * int(rng.integers(1, 4))

    assert np.array_equal(sign_flip_distribution(weights), by_shifts([int(weight) for weight in weights]))


def test_more_patterns_than_a_double_counts_still_add_up_to_one() -> None:
    assert sign_flip_distribution(np.full(1500, 3)).sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize(
    ("n_below", "settings"),
    [(0, {}), (100, {"below_lloq": "prentice_wilcoxon"}), (0, {"test": "sign_flip", "estimator": "mean"})],
)
def test_hundreds_of_pairs_end_within_seconds_and_say_what_is_simulated(
    n_below: int, settings: dict[str, str], is_long: bool
) -> None:
    n_pairs = 1000 if is_long else 400
    started = time.process_time()

    contrast = contrast_of(n_pairs, n_below, **settings)

    assert time.process_time() - started < MOST_SECONDS * n_pairs / 1000
    assert contrast.sensitivity is not None
    assert contrast.sensitivity.tipping is not None
    assert contrast.sensitivity.tipping.words.startswith("at most ")
    assert any("sign patterns, seed" in note for note in contrast.notes) is bool(settings)
    [left_out] = [one for one in contrast.sensitivity.variants if one.kind == "leave_one_out"]
    assert left_out.analysis.startswith("the pair that it leans on most left out (beyond 200 pairs")
    assert left_out.n_pairs == n_pairs - 1
    assert left_out.p_value is not None


def test_beyond_sixty_pairs_a_finding_turns_before_what_falls_is_a_finding_of_its_own() -> None:
    differences = np.concatenate([np.arange(21, 101), -np.arange(1, 21)]).astype(np.float64)

    def holds(is_kept: np.ndarray) -> bool | None:
        return signed_rank(differences[is_kept]).p_two <= 0.05  # type: ignore[union-attr]

    found = tipping(differences, holds, is_held=True, is_ranked=True)

    assert found.n_pairs is not None
    rest = np.sort(differences)[: -found.n_pairs]
    assert not holds(np.isin(differences, rest))
    assert holds(np.isin(differences, np.sort(differences)[: 1 - found.n_pairs]))
