from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from checks.arithmetic.charts.control_target import ControlReading
from checks.arithmetic.charts.short_lot_target import ShortLotPolicy, guide_target, pooled_target

POLICY = ShortLotPolicy(pooled_results=2, pooled_df=8, guide_runs=5)
DAY = date(2026, 3, 2)


def _lot(values, left_out=""):
    return [ControlReading(float(value), DAY, left_out) for value in values]


def test_the_scatter_within_lots_counts_and_not_that_between_them():
    rng = np.random.default_rng(20261129)
    lots = {f"L{n}": 10.0**n * np.exp(rng.normal(0, 0.08, 5)) for n in range(3)}
    own = 7 * np.exp(rng.normal(0, 0.08, 3))

    found = pooled_target(_lot(own), {name: _lot(values) for name, values in lots.items()}, POLICY)

    within = [np.log(values) for values in [own, *lots.values()]]
    scatter = np.sqrt(sum(((one - one.mean()) ** 2).sum() for one in within) / (2 + 3 * 4))
    assert found.mean == pytest.approx(np.exp(np.log(own).mean()), rel=1e-12)
    # t at 99.865 % with 14 degrees of freedom is 3.636 (R 4.3: qt(pnorm(3), 14) = 3.6358)
    assert found.sd == pytest.approx(found.mean * scatter * 3.6358 / 3 * np.sqrt(4 / 3), rel=1e-4)
    assert f"CV {100 * scatter:.3g} % within 4 lots (14 degrees of freedom)" in found.basis


def test_a_run_in_control_lies_beyond_3_sd_as_often_as_with_a_known_target():
    rng = np.random.default_rng(20261129)
    beyond = 0
    for world in rng.normal(0, 0.15, (20_000, 12)):
        lots = np.exp(world).reshape(3, 4)
        found = pooled_target(_lot(lots[0][1:]), {"B": _lot(lots[1]), "C": _lot(lots[2])}, POLICY)
        beyond += abs(np.log(lots[0][0] / found.mean)) > 3 * found.sd / found.mean
    # 0.27 % of 20,000 are 54, give or take four standard errors of 7.3
    assert 25 <= beyond <= 83


@pytest.mark.parametrize(
    ("own", "other", "words"),
    [
        ([10], [10, 11, 9] * 5, "1 other result of the lot, and 14 degrees of freedom over 2 lots; 2 and 8 are needed"),
        ([10, 11], [10, 11, 9], "2 other results of the lot, and 3 degrees of freedom over 2 lots"),
        ([10, 10, 10], [10] * 9, "do not scatter"),
        ([0, -1, 10], [10, 11, 9] * 5, "1 other result of the lot"),
    ],
)
def test_too_few_results_give_no_target_and_say_how_many_are_needed(own, other, words):
    found = pooled_target(_lot(own), {"B": _lot(other)}, POLICY)

    assert (found.kind, found.mean, found.sd) == ("pooled", None, None)
    assert words in found.basis


def test_what_is_left_out_counts_in_no_lot():
    lots = {"B": _lot([10, 11, 9] * 3)}

    found = pooled_target(_lot([10, 11]) + _lot([99], "rejected by a person"), lots, POLICY)

    assert found == pooled_target(_lot([10, 11]), lots, POLICY)


def test_a_guide_set_needs_its_runs_and_names_those_that_lack_the_lot():
    values = [50, 52, 49, 51, 48]

    full, short = guide_target(_lot(values), 5, (), POLICY), guide_target(_lot(values[:4]), 4, {"run-9"}, POLICY)

    assert (full.mean, full.sd) == (pytest.approx(50.0), pytest.approx(np.std(values, ddof=1)))
    assert full.basis == "guide set of 5 runs (5 results), provisional"
    assert short.mean is None
    assert short.basis == "guide set of 4 runs (4 results); 5 are needed; not measured in run-9"
