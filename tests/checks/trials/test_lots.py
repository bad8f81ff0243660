from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.stats import t

from checks.trials.lot_plan import lot_plan
from checks.trials.lots import LotSettings, lots
from schemas.errors import ConfigError, ReaderError


def test_the_seven_changes_of_ferritin_reagent_are_told_one_by_one(shared):
    rows = list(csv.DictReader((shared / "data" / "qc_ferritin_lots" / "ferritin.csv").open()))
    text = "group,old,new\n" + "\n".join(f"{row['period']},{row['old.lot']},{row['new.lot']}" for row in rows)

    told = lots(text, LotSettings(allowed_percent=10))

    assert sum(group["n"] for group in told["groups"]) == len(rows) == 162
    assert [group["group"] for group in told["groups"]] == ["1", "2", "3", "4", "5", "6", "7"]
    for group in told["groups"]:
        assert 0.8 < group["passing_bablok"]["slope"] < 1.2
        assert group["deming"]["slope_low"] < group["deming"]["slope"] < group["deming"]["slope_high"]
        worst = max(max(-bias["ci_low"], bias["ci_high"]) for bias in group["bias_at"])
        assert (group["verdict"] == "pass") <= (worst <= 10)
        assert bool(group["reasons"]) == (group["verdict"] != "pass")


def test_a_bias_beyond_what_is_allowed_is_rejected_and_without_a_limit_nothing_is_said():
    text = "old,new\n" + "\n".join(f"{value},{1.2 * value}" for value in range(1, 30))

    assert lots(text, LotSettings(allowed_percent=25))["groups"][0]["verdict"] == "pass"
    assert lots(text, LotSettings(allowed_percent=15, at=(10.0,)))["groups"][0]["verdict"] == "reject"
    assert lots(text, LotSettings())["groups"][0]["verdict"] == "not_evaluable"


def test_a_sample_that_lacks_one_lot_is_counted_and_left_out():
    text = "old,new\n1,\n" + "\n".join(f"{value},{value + value % 3}" for value in range(1, 20))

    told = lots(text, LotSettings())

    assert (told["n_missing"], told["groups"][0]["n"]) == (1, 19)


def test_two_samples_give_sentences_in_place_of_lines():
    (group,) = lots("old,new\n1,1\n2,2\n", LotSettings(allowed_percent=10))["groups"]

    assert set(group["deming"]) == set(group["passing_bablok"]) == {"error"}
    assert group["verdict"] == "not_evaluable"


@pytest.mark.parametrize(
    "settings", [LotSettings(allowed_percent=0), LotSettings(at=(-1.0,)), LotSettings(error_ratio=0)]
)
def test_settings_that_judge_nothing_are_refused(settings):
    with pytest.raises(ConfigError, match="above 0"):
        settings.check()


@pytest.mark.parametrize(
    ("text", "words"), [("old,new\n1,<2\n", "'<2'"), ("old,new\n,\n1,\n", "No sample"), ("a,b\n1,2\n", "'old'")]
)
def test_a_table_that_cannot_be_compared_is_refused(text, words):
    with pytest.raises(ReaderError) as refusal:
        lots(text, LotSettings())

    assert words in str(refusal.value)


def lot_text(seed, *, n=25, cv=0.034, slope=1.0, intercept=0.0, scatter=0.0):
    rng = np.random.default_rng(seed)
    true = np.exp(np.linspace(np.log(5), np.log(200), n))
    old = true * np.exp(rng.normal(0, cv, n))
    new = (slope * true + intercept) * np.exp(rng.normal(0, cv, n) + rng.normal(0, scatter, n))
    return "old,new\n" + "\n".join(f"{a:.3f},{b:.3f}" for a, b in zip(old, new, strict=True))


def change_of(seed=1, settings=None, **kind):
    return lots(lot_text(seed, **kind), settings or LotSettings(allowed_percent=10))["groups"][0]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({"slope": 1.2}, "beyond the 10 % that are allowed"),
        ({"slope": 0.7, "intercept": 25.0}, "beyond the 10 % that are allowed"),
        ({"scatter": 0.5}, "Samples scatter by"),
        ({"slope": 1.1}, "25 samples cannot show it below 10 %"),
    ],
    ids=["shifted", "sloped", "scattered", "near the limit"],
)
def test_a_sabotaged_lot_never_passes_and_says_why(kind, said):
    for seed in range(5):
        change = change_of(seed, **kind)

        assert change["verdict"] != "pass"
        assert any(said in reason for reason in change["reasons"])


def test_a_clean_lot_passes_and_is_never_rejected():
    verdicts = [change_of(seed)["verdict"] for seed in range(15)]

    assert verdicts.count("pass") >= 12
    assert "reject" not in verdicts


def test_scatter_is_held_against_the_precision_of_both_lots():
    precise, known = (LotSettings(allowed_percent=10, cv_percent=cv) for cv in (1.0, 3.4))

    assert change_of(settings=known)["verdict"] == "pass"
    too_large = change_of(settings=precise)
    assert too_large["verdict"] == "reject"
    assert too_large["scatter"]["expected_percent"] == pytest.approx(2**0.5)


def test_one_sample_apart_and_a_level_that_no_sample_reaches_are_named():
    rows = lot_text(1).split("\n")
    rows[5] = "10.5,21.0"

    apart = lots("\n".join(rows), LotSettings(allowed_percent=10))["groups"][0]
    beyond = change_of(settings=LotSettings(allowed_percent=10, at=(50.0, 900.0)))
    few = change_of(n=7)

    assert any("10.5 by the old lot and 21 by the new one" in reason for reason in apart["reasons"])
    assert any("level 900" in reason for reason in beyond["reasons"])
    assert any("7 samples are too few" in reason for reason in few["reasons"])


@pytest.mark.parametrize("cv", [2.0, 5.0, 8.0])
def test_the_design_of_ep26_is_what_simulation_finds(cv):
    design = lot_plan(10, cv, None, 0.9)["design"]
    rng = np.random.default_rng(8)
    sd, n = cv * 2**0.5, design["n"]
    critical = t.isf(0.025, n - 1)

    rates = []
    for shift in (0.0, 10.0):
        found = shift + sd * rng.normal(size=(20_000, n))
        rates.append(float((np.abs(found.mean(axis=1)) > critical * found.std(axis=1, ddof=1) / n**0.5).mean()))

    assert rates[0] == pytest.approx(design["false_rejection"], abs=0.006)  # four SD of 20,000 draws
    assert rates[1] == pytest.approx(design["power"], abs=0.009)
    assert design["power"] >= 0.9


def test_a_design_without_its_numbers_is_refused():
    with pytest.raises(ConfigError, match="--cv"):
        lot_plan(10, None, None, 0.9)
    with pytest.raises(ConfigError, match="out of range"):
        lot_plan(10, 5, None, 1.5)
