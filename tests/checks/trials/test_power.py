from __future__ import annotations

import pytest

from checks.trials.power import power
from schemas.errors import ConfigError


def test_the_detectable_difference_has_the_power_that_was_asked_for() -> None:
    found = power(n_pairs=15, sd_diff=2.0, delta=None, power=0.8, alpha=0.05)
    back = power(n_pairs=15, sd_diff=2.0, delta=found["value"], power=None, alpha=0.05)

    assert found["kind"] == "mdd"
    assert back["value"] == pytest.approx(0.8, rel=1e-10)


def test_eighty_percent_at_fifteen_pairs_needs_the_published_effects() -> None:
    # 0.78 SD at 0.05 and 1.16 SD at 0.05/16: power.t.test of R 4.2.2
    for alpha, wanted in ((0.05, 0.778), (0.05 / 16, 1.16)):
        found = power(n_pairs=15, sd_diff=1.0, delta=None, power=0.8, alpha=alpha)

        assert found["value"] == pytest.approx(wanted, abs=0.005)


def test_five_pairs_say_that_no_exact_test_reaches_five_percent() -> None:
    found = power(n_pairs=5, sd_diff=1.0, delta=1.0, power=None, alpha=0.05)

    assert any("0.0625" in note for note in found["notes"])


def test_a_difference_of_zero_needs_no_number_of_pairs() -> None:
    assert "error" in power(n_pairs=None, sd_diff=1.0, delta=0.0, power=0.8, alpha=0.05)["value"]


def test_all_faults_of_the_options_are_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        power(n_pairs=1, sd_diff=-1, delta=None, power=None, alpha=2)

    assert len(refused.value.faults) == 4
