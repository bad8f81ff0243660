from __future__ import annotations

import numpy as np
import pytest

from checks.trials.calibrate import calibrate
from schemas.errors import ConfigError, ReaderError

# y = 2.1 - 2 / (1 + x / 10)
STANDARDS = {2.5: 0.5, 5: 2.3 / 3, 10: 1.1, 20: 4.3 / 3, 40: 1.7, 80: 16.9 / 9, 160: 33.7 / 17}


def table(*rows, standards=STANDARDS):
    lines = [f"calibrator,S,{conc},{signal!r}," for conc, signal in standards.items()]
    return "\n".join(["role,name,conc,signal,dilution", *lines, *rows])


def test_the_parameters_are_named_as_in_the_formula():
    found = calibrate(table("blank,,,0.1,"))

    assert found["params"] == pytest.approx({"a": 0.1, "b": 1.0, "c": 10.0, "d": 2.1, "g": 1.0}, rel=1e-8)
    assert set(found["se"]) == {"a", "b", "c", "d"}
    assert (found["model"], found["weight"], found["lloq"], found["uloq"]) == ("4pl", "1/y2", 2.5, 160.0)
    assert (found["verdict"], found["findings"], found["gated"]) == ("pass", [], False)


def test_each_calibrator_row_is_given_back():
    found = calibrate(table())["calibrators"]

    assert [row["conc"] for row in found] == list(STANDARDS)
    assert [row["recovery_percent"] for row in found] == pytest.approx([100] * 7, rel=1e-8)


@pytest.mark.parametrize(
    "row, conc, censor, limit",
    [
        ("sample,s,,1.1,", 10.0, None, None),
        ("sample,s,,1.1,5", 50.0, None, None),
        ("sample,s,,2.0,10", 1900.0, ">", 1600.0),
        ("sample,s,,0.3,", 10 / 9, "<", 2.5),
        ("sample,s,,2.2,", None, ">", 160.0),
        ("sample,s,,0.05,2", None, "<", 5.0),
        ("sample,s,,,", None, None, None),
    ],
)
def test_a_sample_is_read_from_the_curve_times_its_dilution(row, conc, censor, limit):
    (sample,) = calibrate(table(row))["samples"]

    assert sample["conc"] == (None if conc is None else pytest.approx(conc, rel=1e-7))
    assert (sample["censor"], sample["limit"]) == (censor, limit)


def test_a_concentration_has_confidence_limits_times_the_dilution():
    standards = {conc: signal * (1 + 0.01 * (-1) ** place) for place, (conc, signal) in enumerate(STANDARDS.items())}

    once, fivefold = calibrate(table("sample,s,,1.1,", "sample,s,,1.1,5", standards=standards))["samples"]

    t_95_df3 = 3.182446305284263  # R: qt(0.975, 3)
    assert once["ci_high"] - once["conc"] == pytest.approx(t_95_df3 * once["se"], rel=1e-9)
    assert once["conc"] - once["ci_low"] == pytest.approx(t_95_df3 * once["se"], rel=1e-9)
    assert fivefold["ci_high"] == pytest.approx(5 * once["ci_high"], rel=1e-12)


def test_the_formula_is_told_and_a_rising_5pl_has_its_own():
    tall = {**STANDARDS, 320: 2.1 - 2 / 33, 640: 2.1 - 2 / 65}

    assert calibrate(table(standards=tall))["formula"] == "y = d + (a - d) / (1 + (x / c)^b)^g"
    assert calibrate(table(standards=tall), model="5pl")["formula"] == "y = a + (d - a) / (1 + (x / c)^-b)^g"


def test_an_anchor_is_fitted_and_not_judged():
    found = calibrate(table("anchor,A,0.5,0.19523809523809524,"))

    assert found["df"] == 4
    assert [level["accepted"] for level in found["levels"]] == [None, *[True] * 7]
    assert found["lloq"] == 2.5


BLANK = "blank,,,0.1,"
WITH_A_BAD_ONE = {1.25: 2.9 / 9, **STANDARDS, 20: 1.5736842105263158}  # the signal of 28


def test_a_failed_standard_is_rejected_only_if_a_refit_is_asked_for():
    first, second = (calibrate(table(BLANK, standards=WITH_A_BAD_ONE), refits=refits) for refits in (False, True))

    assert (first["rejected"], first["verdict"]) == ([], "warn")
    assert [entry["conc"] for entry in second["rejected"]] == [20]
    assert second["params"] == pytest.approx({"a": 0.1, "b": 1.0, "c": 10.0, "d": 2.1, "g": 1.0}, rel=1e-6)
    assert [row["conc"] for row in second["calibrators"] if row["rejected"]] == [20]
    assert "once again without the standard 20" in second["findings"][0]["sentence"]


def controls_of(*doses, level="M"):
    return [f"control,{level},10,{2.1 - 2 / (1 + dose / 10)!r}," for dose in doses]


@pytest.mark.parametrize(
    "rows, verdict",
    [
        (controls_of(10, 12, 8), "pass"),  # 20 % inclusive
        (controls_of(10, 12.5, 8), "pass"),  # 2 of 3
        (controls_of(10, 12.5, 7), "reject"),
        (controls_of(10, 10, 10, 10) + controls_of(13, 13, level="H"), "reject"),  # 4 of 6, but none at H
        (["control,M,,0.01,"], "pass"),  # no target: not judged
    ],
)
def test_controls_with_a_target_are_judged_two_thirds_overall_and_half_at_each_level(rows, verdict):
    assert calibrate(table(BLANK, *rows))["verdict"] == verdict


def test_a_run_that_fails_makes_its_results_non_reportable_whatever_they_are():
    good, failed = (
        calibrate(table(BLANK, "sample,s,,1.1,", *controls_of(*doses))) for doses in ((10, 10, 10), (15, 15, 10))
    )

    assert (good["reportable"], good["samples"][0]["reportable"]) == (True, True)
    assert (failed["verdict"], failed["reportable"], failed["samples"][0]["reportable"]) == ("reject", False, False)
    assert failed["samples"][0]["conc"] == pytest.approx(10)


def test_two_dilutions_of_a_sample_that_disagree_are_told():
    found = calibrate(table(BLANK, "sample,s,,1.1,1", "sample,s,,1.1,2", "sample,t,,1.1,"))

    assert {finding["rule"] for finding in found["findings"]} == {"calibration.dilution_agreement"}
    assert found["verdict"] == "warn"


def test_auto_is_a_4pl():
    assert calibrate(table(), model="auto")["model"] == "4pl"


def test_too_few_standards_that_pass_are_rejected():
    found = calibrate(table("blank,,,0.1,", standards=dict(list(STANDARDS.items())[:5])))

    assert found["verdict"] == "reject"
    assert [finding["rule"] for finding in found["findings"]] == ["calibration.standards"]


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "Column 'role' is missing"),
        ("role,name,conc\ncalibrator,a,1", "Column 'signal' is missing"),
        ("role,name,conc,signal\n", "no row below its header"),
        (table("sample,s,,0,5").replace(",dilution", ""), "line [0-9]+: The row has 5 cells, the header 4"),
        ("role,name,conc,signal\ncalibrator,a,1,1_0", "'1_0' in column 'signal' is not a number"),
        ("role,name,conc,signal\nsample,a,,1", "no calibrator"),
        ("role,name,conc,signal\nstandard,a,1,1", "Role 'standard' is not known"),
        ("role,name,conc,signal\ncalibrator,a,x,1", "line 2: 'x' in column 'conc' is not a number"),
        ("role,name,conc,signal\ncalibrator,a,,1", "A calibrator has no concentration"),
        ("role,name,conc,signal\ncalibrator,a,-1,1", "below 0"),
        ("role,name,conc,signal\ncalibrator,a,1,inf", "is not a number"),
        (table("calibrator,z,0,0,"), "not above 0"),
        (table(standards={1: 1, 2: 2}), "2 different concentrations"),
        (table("sample,s,,1,0"), "must be above 0"),
    ],
)
def test_a_table_that_cannot_be_calibrated_is_refused_in_a_sentence(text, words):
    with pytest.raises(ReaderError, match=words):
        calibrate(text)


@pytest.mark.parametrize("choice", [{"model": "3pl"}, {"weight": "1/x"}, {"profile": "none-such"}])
def test_an_unknown_choice_is_refused(choice):
    with pytest.raises(ConfigError, match="is not known"):
        calibrate(table(), **choice)


def without_plateau(signal, seed=1):
    rng = np.random.default_rng(seed)
    conc = np.repeat([1.0, 2, 4, 8, 16, 32, 64], 2)
    rows = [f"calibrator,S,{x},{signal(x) * np.exp(rng.normal(0, 0.008)):.5f}" for x in conc]
    samples = [f"sample,U{x},,{signal(x):.5f}" for x in (3, 11, 45)]
    return "\n".join(["role,name,conc,signal", *rows, *samples])


@pytest.mark.parametrize(
    ("signal", "model", "words"),
    [
        (lambda x: 0.055 * x**0.86, "log-log", "a power law (log-log line, slope 0.86)"),
        (lambda x: 0.021 + 0.0132 * x, "linear", "a straight line"),
    ],
    ids=["power law", "straight line"],
)
def test_standards_without_an_upper_plateau_say_so_and_name_the_model_that_reads_them(signal, model, words):
    for seed in range(4):
        logistic, plain = (calibrate(without_plateau(signal, seed), model=name) for name in ("4pl", model))

        (finding,) = logistic["findings"]
        assert finding["verdict"] == logistic["verdict"] == "warn"
        assert "do not reach an upper plateau (highest signal" in finding["sentence"]
        assert words.split(",")[0] in finding["sentence"]
        assert f"'{model}'" in finding["suggestion"]
        assert (plain["verdict"], plain["reportable"], plain["findings"]) == ("pass", True, [])
        for sample, conc in zip(plain["samples"], (3, 11, 45), strict=True):
            assert sample["conc"] == pytest.approx(conc, rel=0.03)


def test_a_wrong_model_without_a_plateau_is_rejected_by_its_standards():
    told = calibrate(without_plateau(lambda x: 0.2 + 0.0132 * x), model="log-log")

    assert told["verdict"] == "reject"
    assert any("standards are given back" in finding["sentence"] for finding in told["findings"])


def test_a_sample_beyond_the_points_is_censored_at_the_range():
    text = without_plateau(lambda x: 0.055 * x**0.86) + "\nsample,low,,0.01\nsample,high,,9.0\n"

    low, high = calibrate(text, model="point-to-point")["samples"][-2:]

    assert (low["censor"], low["limit"], low["conc"]) == ("<", 1.0, None)
    assert (high["censor"], high["limit"], high["conc"]) == (">", 64.0, None)
