from __future__ import annotations

import numpy as np
import pytest

from checks.trials.precision import precision
from checks.trials.precision_verdict import Claims
from schemas.errors import ReaderError


def day_run_table(shift=0.0):
    rows = [
        f"{day},{run},{shift + 100 + day + 0.5 * run + 0.25 * ((day * 7 + run * 3 + rep * 5) % 4)}"
        for day in range(5)
        for run in range(2)
        for rep in range(3)
    ]
    return "day,run,value\n" + "\n".join(rows) + "\n"


def test_glucose_of_ep05_has_its_printed_components(shared):
    text = (shared / "data" / "qc_precision_ep05" / "Glucose.csv").read_text().replace("result", "value", 1)

    told = precision(text)

    by_name = {part["name"]: part for part in told["components"]}
    # Nested ANOVA in R 4.2.2, rounded as PROVENANCE.md beside the file prints it.
    assert told["mean"] == pytest.approx(244.2, abs=0.05)
    assert [by_name[name]["ms"] for name in ("day", "day:run", "error")] == pytest.approx(
        [21.884, 14.050, 7.900], abs=5e-4
    )
    assert told["repeatability_sd"] == pytest.approx(2.8107, abs=5e-5)
    assert told["within_laboratory_sd"] == pytest.approx(3.5963, abs=5e-5)


def test_a_factor_that_never_varies_is_left_out_and_told():
    text = "site,day,run,value\n" + "\n".join(f"S,{day},1,{10 + day + rep}" for day in range(3) for rep in range(2))

    told = precision(text)

    assert [part["name"] for part in told["components"]] == ["total", "day", "error"]
    assert len(told["notes"]) == 2


def test_days_of_one_lot_are_not_those_of_another():
    cells = [(lot, day, rep) for lot in "AB" for day in (1, 2, 3) for rep in (0, 1)]
    rows = [f"{lot},{day},{10 + 3 * (lot == 'B') + day * day % 5 + 0.5 * rep}" for lot, day, rep in cells]

    told = precision("lot,day,value\n" + "\n".join(rows) + "\n")

    assert [(part["name"], part["df"]) for part in told["components"][1:]] == [("lot", 1), ("lot:day", 4), ("error", 6)]


def test_a_run_with_one_result_is_part_of_the_error():
    text = "day,run,value\n" + "\n".join(f"{day},{run},{10 + day + run % 2}" for day in range(3) for run in range(4))

    told = precision(text)

    assert [part["name"] for part in told["components"]] == ["total", "day", "error"]


def test_labels_of_one_day_are_not_those_of_another():
    text = "day,run,value\n1,1,1\n1,1,2\n1,2,3\n1,2,4\n2,1,7\n2,1,9\n2,2,5\n2,2,8\n"

    told = precision(text)

    assert [part["df"] for part in told["components"][1:]] == [1, 2, 4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("day,value\n1,5\n2,6\n3,7\n", "No scatter can be split"),
        ("day,value\n1,5\n1,5\n2,5\n2,5\n", "All results are equal"),
        ("value\n\n,\n", "no row"),
        ("day,value\n1,high\n1,5\n", "'high' in column 'value' is not a number"),
        ("day,value\n,4\n1,5\n", "Column 'day' is empty"),
        ("group,value\nA,<0.5\n", "'<0.5' in column 'value' is not a number: it lies beyond a limit"),
        ("group,value\nA,\nB,\n", "No result of the table was measured"),
        ("day,day,value\n1,1,1\n", "stands twice"),
    ],
)
def test_a_table_that_cannot_be_judged_is_refused_with_a_sentence(text, words):
    with pytest.raises(ReaderError) as refusal:
        precision(text)

    assert words in str(refusal.value)


def test_each_level_has_a_table_of_its_own():
    rows = [f"{level},{day},{base + day + rep}" for level, base in (("low", 10), ("high", 90)) for day in (1, 2, 3)
            for rep in (0, 1)]  # fmt: skip

    told = precision("level,day,value\n" + "\n".join(rows))

    assert [(level["level"], level["mean"]) for level in told["levels"]] == [("low", 12.5), ("high", 92.5)]


def test_a_level_without_scatter_does_not_hide_the_other():
    text = "level,day,value\nlow,1,5\nlow,1,5\nlow,2,5\nlow,2,5\nhigh,1,8\nhigh,1,9\nhigh,2,7\nhigh,2,9\n"

    low, high = precision(text)["levels"]

    assert "All results are equal" in low["error"]
    assert high["repeatability_sd"] > 0


def test_a_file_with_decimal_commas_is_read_as_such():
    told = precision("group;value\nA;1,38\nA;1,40\n")

    assert told["groups"][0]["mean"] == pytest.approx(1.39)


@pytest.mark.parametrize(("claim", "verdict"), [(0.40, "pass"), (0.26, "pass_within_limit"), (0.1, "reject")])
def test_a_claimed_cv_is_verified_as_ep15_does(claim, verdict):
    told = precision(day_run_table(), Claims(repeatability_cv_percent=claim))

    verified = told["verification"]["repeatability"]
    assert verified["verdict"] == verdict
    assert verified["observed_cv_percent"] == told["repeatability_cv_percent"]


def test_a_target_is_verified_with_the_scatter_of_days():
    near = precision("target," + day_run_table().replace("\n", "\n102.6,").removesuffix("102.6,"))
    far = precision("target," + day_run_table().replace("\n", "\n150,").removesuffix("150,"))

    assert near["verification"]["bias"]["verdict"] == "pass"
    assert far["verification"]["bias"]["verdict"] == "reject"


def five_by_five(sd_day: float, sd: float, seed: int = 1) -> str:
    rng = np.random.default_rng(seed)
    days = 100 + sd_day * rng.normal(size=5)
    rows = [f"{day},{days[day] + sd * rng.normal():.4f}" for day in range(5) for _ in range(5)]
    return "\n".join(["day,value", *rows])


@pytest.mark.parametrize(
    ("repeatability", "within", "df", "limit"),
    [
        # EP15-A3 (2014), ferritin: 8 degrees of freedom; 0.70 sqrt(chi2(0.95, 8) / 8) = 0.975 by scipy.stats.chi2
        (0.43, 0.70, 8, 0.9746),
        # by hand: MSw = 5.29, MSb = 5 (8.0089 - 5.29) + 5.29, df = 14.38; chi2.ppf(0.95, 14) = 23.685
        (2.3, 2.83, 14, 3.681),
    ],
)
def test_the_limit_within_the_laboratory_takes_its_degrees_of_freedom_from_the_claims(repeatability, within, df, limit):
    claims = Claims(repeatability, within)

    limits = [precision(five_by_five(2.0, 2.0, seed), claims)["verification"]["within_laboratory"] for seed in (1, 2)]

    for told in limits:
        assert told["df"] == df
        assert told["upper_limit_cv_percent"] == pytest.approx(limit, abs=5e-4)


@pytest.mark.parametrize(("repeatability", "said"), [(None, "say that of repeatability"), (3.0, "is below")])
def test_a_claim_within_the_laboratory_needs_that_of_repeatability_below_it(repeatability, said):
    told = precision(five_by_five(2.0, 2.0), Claims(repeatability, 2.0))

    assert said in told["verification"]["within_laboratory"]["error"]


def test_true_claims_are_rejected_in_one_of_twenty_experiments():
    claims = Claims(2.0, 3.0)
    verdicts = [
        precision(five_by_five(5**0.5, 2.0, seed), claims)["verification"]["within_laboratory"]["verdict"]
        for seed in range(400)
    ]

    assert 8 <= verdicts.count("reject") <= 34  # 5 % of 400, and what chance leaves in 999 of 1000
