from __future__ import annotations

import csv
import statistics

import pytest

from checks.trials.chart import ChartSettings, chart
from schemas.errors import ConfigError, ReaderError


def test_piston_rings_go_out_at_samples_37_to_39_as_printed(shared):
    rows = list(csv.reader((shared / "data" / "qc_pistonrings" / "pistonrings.csv").open()))[1:]
    means = [sum(map(float, row)) / 5 for row in rows]
    ranges = [max(map(float, row)) - min(map(float, row)) for row in rows[:25]]
    center = sum(means[:25]) / 25
    sd = sum(ranges) / 25 / 2.326 / 5**0.5  # d2 of five

    told = chart("value\n" + "\n".join(map(repr, means)), ChartSettings(center=center, sd=sd))

    # Montgomery: samples 37, 38 and 39 plot beyond the limits that were set on samples 1 to 25.
    assert [place for place, zone in enumerate(told["levey_jennings_zone"], start=1) if zone == 3] == [37, 38, 39]
    assert (center, sd) == pytest.approx((74.0012, 0.0044), abs=1e-4)


def test_a_result_that_was_not_measured_keeps_its_place():
    told = chart("value\n10\n\n12\nNA\n14\n\n", ChartSettings(center=10, sd=1, ewmas=((1, 3),), cusums=((0.5, 1, 0),)))

    assert told["z_score"] == [0, None, 2, None, 4]
    assert told["ewma"]["z"] == [10, None, 12, None, 14]
    assert told["ewma"]["out"] == [5]
    assert told["cusum"]["out_upper"] == [3, 5]
    assert told["n_missing"] == 2


def test_limits_come_from_the_baseline_if_none_are_given():
    told = chart("value\n10\n12\n10\n12\n40\n", ChartSettings(baseline=4))

    assert told["center"] == 11
    assert told["sd"] == pytest.approx(2 / 1.1283791670955126)
    assert told["limits_from"] == "centre and SD from the first 4 results"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (ChartSettings(sd=0), "SD '0'"),
        (ChartSettings(ewmas=((0, 3),)), "EWMA '0,3'"),
        (ChartSettings(ewmas=((1.2, 3),)), "EWMA '1.2,3'"),
        (ChartSettings(cusums=((0.5, 0, 0),)), "CUSUM '0.5,0,0'"),
        (ChartSettings(baseline=1), "baseline of '1'"),
    ],
)
def test_settings_that_make_no_chart_are_refused(settings, words):
    with pytest.raises(ConfigError) as refusal:
        chart("value\n1\n2\n", settings)

    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("value\n5\n", "at least two results"),
        ("value\n5\n5\n5\n", "do not scatter"),
        ("value\n,\nNA\n", "No result"),
        ("value\nhigh\n", "'high'"),
        ("result\n5\n", "Column 'value' is missing"),
    ],
)
def test_a_series_that_gives_no_limits_is_refused(text, words):
    with pytest.raises(ReaderError) as refusal:
        chart(text, ChartSettings())

    assert words in str(refusal.value)


def test_one_result_on_given_limits_is_charted_but_has_no_moving_range():
    told = chart("value\n5\n", ChartSettings(center=4, sd=1))

    assert told["z_score"] == [1]
    assert "at least two" in told["moving_range_sigma"]["error"]


def drifting():
    return [100 + 0.5 * place + 0.4 * (-1) ** place for place in range(20)]


def test_the_sd_is_the_one_that_is_asked_for_and_named():
    text = "value\n" + "\n".join(map(str, drifting()))

    long_term, moving = (chart(text, ChartSettings(sd_from=source)) for source in ("long-term", "moving-range"))
    target = chart(text, ChartSettings(center=100, sd=2.5, sd_from="target"))

    assert long_term["sd"] == pytest.approx(statistics.stdev(drifting()))
    assert long_term["limits_from"] == "centre and long-term SD from all results of this file"
    assert moving["sd"] == moving["moving_range_sigma"] < long_term["sd"]
    assert (target["sd"], target["limits_from"]) == (2.5, "given")
    assert moving["long_term_sd"] == long_term["sd"]


@pytest.mark.parametrize(
    ("settings", "verdict", "said"),
    [
        (ChartSettings(center=100, sd=2.5), "reject", "Rows 17, 18, 19, 20 lie beyond 3 SD."),
        (ChartSettings(center=100, sd=5), "pass", None),
        (ChartSettings(center=100, sd=5, cusums=((0.5, 4, 0),)), "reject", "above the interval of CUSUM 0.5,4"),
        (ChartSettings(center=100, sd=5, ewmas=((0.2, 2.7),)), "reject", "beyond the limits of EWMA 0.2,2.7"),
    ],
)
def test_a_chart_that_signals_is_rejected_with_its_rows(settings, verdict, said):
    told = chart("value\n" + "\n".join(map(str, drifting())), settings)

    assert told["verdict"] == verdict
    assert bool(told["reasons"]) == (said is not None)
    assert said is None or any(said in reason for reason in told["reasons"])


def test_several_series_have_charts_and_verdicts_of_their_own():
    text = "series,value\nlow,10\nhigh,100\nlow,11\nhigh,150\nlow,9\n"

    told = chart(text, ChartSettings(center=10, sd=2))

    found = [(one["series"], one["n"], one["verdict"]) for one in told["series"]]
    assert found == [("low", 3, "pass"), ("high", 2, "reject")]
    assert told["verdict"] == "reject"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (ChartSettings(sd=2, sd_from="target"), "--center and --sd"),
        (ChartSettings(sd=2, sd_from="long-term"), "one of"),
    ],
)
def test_an_sd_that_is_asked_for_twice_or_not_given_is_refused(settings, words):
    with pytest.raises(ConfigError, match=words):
        settings.check()
