from __future__ import annotations

import csv

import pytest

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
        worst = max(abs(bias["bias_percent"]) for bias in group["bias_at"])
        assert group["verdict"] == ("pass" if worst <= 10 else "reject")


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
