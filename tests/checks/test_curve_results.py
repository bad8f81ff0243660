import polars as pl
import pytest

from checks.curve_results import of_own_results
from schemas.finding import Finding, Scope, Verdict

RESULTS = pl.DataFrame(
    {"ordinal": [1, 2, 3], "analyte": ["nfl"] * 3, "plate": ["P1"] * 3, "wells": ["B1,B2", "B3", "B4,B5"]}
)


def wells(controls_on="A"):
    rows = [("B1", "sample", "A"), ("B2", "sample", "A"), ("B3", "sample", "B"), ("B4", "sample", "B")]
    rows += [("B5", "sample", "B"), ("C1", "control", controls_on)]
    rows += [("A1", "calibrator", "A"), ("A2", "calibrator", "B")]
    return pl.DataFrame(
        [("P1", well, role, "nfl", curve) for well, role, curve in rows],
        schema=["plate", "well", "role", "analyte", "curve"],
        orient="row",
    )


def said_of(curve, **key):
    key = {"analyte": "nfl", "plate": "P1", "curve": curve, **key}
    return Finding("calibration.standards", Verdict.REJECT, Scope.ANALYTE, key, "Two of seven are given back.")


def test_what_fails_a_curve_is_said_of_the_results_that_were_read_from_it():
    found = of_own_results([said_of("B")], wells(), RESULTS)

    assert [(f.scope, f.key["result"], f.verdict) for f in found] == [
        (Scope.RESULT, 2, Verdict.REJECT),
        (Scope.RESULT, 3, Verdict.REJECT),
    ]


@pytest.mark.parametrize(
    "finding, on",
    [
        (said_of("A"), "A"),
        (said_of("C"), "A"),
        (Finding("calibration.standards", Verdict.REJECT, Scope.ANALYTE, {"analyte": "nfl"}, "Two."), "A"),
        (Finding("westgard.1-3s", Verdict.REJECT, Scope.CONTROL, {"analyte": "nfl"}, "3.2 SD."), "B"),
    ],
    ids=["controls are read from it", "nothing is read from it", "the only curve", "no curve"],
)
def test_what_concerns_every_result_stays_with_the_analyte(finding, on):
    assert of_own_results([finding], wells(on), RESULTS) == [finding]


def test_a_curve_that_all_results_are_read_from_is_a_matter_of_the_analyte():
    alone = RESULTS.filter(pl.col("ordinal") > 1)

    assert of_own_results([said_of("B")], wells(), alone) == [said_of("B")]
