from __future__ import annotations

import pytest

from qc.trial.calibrate import calibrate
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
        ("role,name,conc,signal\n", "no rows"),
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
