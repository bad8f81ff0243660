from __future__ import annotations

import json
from typing import Any

import polars as pl
import pytest

from checks.contrasts.contrast import Contrast
from checks.contrasts.frozen_release import Release
from checks.contrasts.plan import parse_plan
from checks.contrasts.plan_template import default_plan_text
from checks.contrasts.planned_tests import PairedReport, paired_tests
from schemas.errors import GateError

ROW: dict[str, Any] = {
    "analyte": "iron",
    "matrix": "serum",
    "method": "M1",
    "platform": "P1",
    "plate": "A",
    "unit": "ug/dL",
    "censor": "",
    "censor_limit": None,
    "decimals": 0,
    "overridden": False,
}


def rows(befores: list[float], afters: list[float], **changed: Any) -> list[dict[str, Any]]:
    return [
        ROW | changed | {"subject": f"S{number}", "visit": visit, "value": value}
        for visit, values in (("0", befores), ("3", afters))
        for number, value in enumerate(values)
    ]


def report_of(
    results: list[dict[str, Any]], *, endpoints: list[tuple[str, str]] | None = None, **settings: str
) -> PairedReport:
    text = default_plan_text("S", endpoints or [("iron", "serum")])
    for key, value in settings.items():
        line = next(line for line in text.splitlines() if line.startswith(f"{key} = "))
        text = text.replace(line, f"{key} = {value}")
    frame = pl.DataFrame(results, infer_schema_length=None, schema_overrides={"censor_limit": pl.Float64})
    return paired_tests(Release("S-R1", "S", "f" * 64, {}, frame), parse_plan(text))


def contrast_of(results: list[dict[str, Any]], **settings: str) -> Contrast:
    [contrast] = report_of(results, **settings).contrasts
    return contrast


def test_six_falling_pairs_have_a_p_of_one_in_thirty_two() -> None:
    contrast = contrast_of(rows([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54]))

    assert contrast.p_value == 2 / 64
    assert contrast.p_holm == contrast.p_value
    assert contrast.shift is not None
    assert contrast.shift.estimate == -3.5


@pytest.mark.parametrize(("alternative", "p"), [("two_sided", 2 / 64), ("less", 1 / 64), ("greater", 1.0)])
def test_the_p_looks_in_the_direction_of_the_plan(alternative: str, p: float) -> None:
    contrast = contrast_of(rows([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54]), alternative=f'"{alternative}"')

    assert contrast.p_value == p


def test_lost_pairs_are_counted_by_reason() -> None:
    results = rows([1, 2, 3, 4, 5, 6, 7, 8], [2, 4, 6, 8, 9, 9, 9, 9])
    results = [row for row in results if (row["subject"], row["visit"]) != ("S0", "3")]
    next(row for row in results if (row["subject"], row["visit"]) == ("S1", "0"))["platform"] = "P2"

    contrast = contrast_of(results)

    assert contrast.n_pairs == 6
    assert contrast.as_json()["n_lost"] == {"different platform between the pair": 1, "no result at visit 3": 1}


def test_a_contrast_with_too_few_pairs_is_listed_and_leaves_the_family() -> None:
    results = rows([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54]) + rows([1, 2], [2, 3], analyte="ck")

    report = report_of(results, endpoints=[("iron", "serum"), ("ck", "serum")])

    tested, untested = report.contrasts
    assert report.n_tested == 1
    assert tested.p_holm == tested.p_value
    assert untested.p_value is None
    assert "2 complete pairs" in untested.reason
    assert report.as_json()["contrasts"][1]["reason"] == untested.reason


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"value": 99}, "several approved results"),
        ({"value": 10, "subject": "S9", "unit": "umol/L"}, ""),
    ],
)
def test_a_subject_with_several_results_leaves_the_contrast_untested(changed: dict[str, Any], said: str) -> None:
    results = rows([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54])

    contrast = contrast_of([*results, results[0] | changed])

    assert said in contrast.reason
    assert (contrast.p_value is None) == bool(said)


def test_several_units_in_one_contrast_are_refused() -> None:
    results = rows([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54])
    results[0]["unit"] = "umol/L"

    assert "several units" in contrast_of(results).reason


def test_a_contrast_where_nothing_moves_is_not_tested() -> None:
    assert "zero" in contrast_of(rows([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])).reason


def censored_rows() -> list[dict[str, Any]]:
    results = rows([10, 20, 30, 40, 50, 60, 9, 9], [9, 18, 27, 36, 45, 54, 9, 20], decimals=0)
    for row in results:
        if row["value"] == 9:
            row |= {"value": None, "censor": "<", "censor_limit": 10.0}
    return results


def test_re_censored_pairs_that_are_both_below_are_a_zero_difference() -> None:
    contrast = contrast_of(censored_rows(), below_lloq='"recensor"')

    assert contrast.ranked is not None
    assert contrast.ranked.n_zero == 2  # <10 and <10, and 10 against <10
    found = contrast.as_json()
    assert (found["n_censored"], found["recensored_at"]) == (3, 10)
    assert "censored" in found["t"]["error"]
    assert isinstance(found["effect"]["rank_biserial"], float)


def test_substitution_is_named_in_report_and_contrast() -> None:
    report = report_of(censored_rows(), below_lloq='"substitute_half"')

    [contrast] = report.contrasts
    assert contrast.values is not None
    assert contrast.values.decimals == 1
    assert "sensitivity" in report.policy
    assert any("sensitivity" in note for note in contrast.notes)


def test_a_limit_finer_than_the_reported_decimals_keeps_its_digits() -> None:
    results = rows([0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [9, 9, 9, 9, 9, 9], decimals=1)
    for row in results:
        if row["visit"] == "3":
            row |= {"value": None, "censor": "<", "censor_limit": 0.25}

    contrast = contrast_of(results)

    assert contrast.ranked is not None
    assert (contrast.ranked.n_zero, contrast.ranked.w_minus) == (0, 21)
    assert contrast.as_json()["recensored_at"] == 0.25


def test_a_release_finer_than_the_reported_decimals_is_tested_as_reported() -> None:
    results = rows([10.2, 20, 30, 40, 50, 60, 70], [9.8, 18, 27, 36, 45, 54, 63], decimals=0)

    assert contrast_of(results).as_json()["n_zero"] == 1


def test_a_value_above_its_limit_cannot_be_substituted() -> None:
    results = censored_rows()
    results[3] |= {"value": None, "censor": ">", "censor_limit": 100.0}

    assert "above an upper limit" in contrast_of(results, below_lloq='"substitute_half"').reason


def test_overridden_results_and_split_plates_are_counted() -> None:
    results = rows([10, 20, 30, 40, 50, 60], [9, 18, 27, 36, 45, 54])
    results[0] |= {"overridden": True, "plate": "B"}

    report = report_of(results)

    assert report.overridden == 1
    assert report.contrasts[0].n_on_two_plates == 1
    assert any("two plates" in note for note in report.notes)


def test_a_plan_of_another_study_is_refused() -> None:
    frame = pl.DataFrame(rows([1], [2]), schema_overrides={"censor_limit": pl.Float64})

    with pytest.raises(GateError, match="'S'"):
        paired_tests(Release("T-R1", "T", "", {}, frame), parse_plan(default_plan_text("S", [("iron", "serum")])))


def test_the_json_is_plain_and_has_visits_as_numbers() -> None:
    found = report_of(censored_rows()).as_json()

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["gated"] is True
    assert (found["contrasts"][0]["baseline"], found["contrasts"][0]["followup"]) == (0, 3)
    assert {"p_value", "p_holm", "p_bh", "estimate", "ci_low", "ci_high", "estimator"} <= set(found["contrasts"][0])


def spread(n: int, *, step: float, first: float = 1.4) -> list[float]:
    return [round(first + step * k + 0.01 * (k * k % 7), 2) for k in range(n)]


def test_a_floor_that_differs_between_visits_is_named_with_its_numbers_and_nothing_is_tested() -> None:
    before = [1.37, 1.37, *spread(28, step=0.31)]
    after = [max(value, 5.23) for value in spread(30, step=0.29, first=1.52)]

    contrast = contrast_of(rows(before, after, analyte="iron", decimals=2))

    n_at = after.count(5.23)
    named = contrast.reason
    assert contrast.p_value is None
    assert contrast.shift is None
    assert "Give what lies at the limit as '<limit'" in named
    assert f"{n_at} of 30 values of visit 3 are 5.23, the lowest there; visit 0 reaches down to 1.37" in named
    assert "has 0 of 5.23: two limits that are not marked" in named
    moved = int(named.partition("re-censored at 5.23, ")[2].partition(" of 30 pairs move")[0])
    assert moved == sum(max(a, 5.23) != b for a, b in zip(before, after, strict=True))


def test_a_floor_at_both_visits_is_named_once_and_its_size_is_not_given_where_it_holds_many() -> None:
    floor = [max(value, 3.0) for value in spread(30, step=0.21)]

    contrast = contrast_of(rows(floor, [*floor[1:], 9.1], analyte="iron", decimals=2))

    named = [note for note in contrast.notes if "a limit that is not marked?" in note]
    assert len(named) == 1
    assert named[0].startswith(f"{floor.count(3.0)} of 30 values of visit 0 and {floor.count(3.0) - 1} of 30")
    assert contrast.shift is None


def test_values_that_end_as_values_do_have_no_floor() -> None:
    contrast = contrast_of(rows(spread(30, step=0.21), spread(30, step=0.2), decimals=2))

    assert contrast.shift is not None
    assert not any("limit" in note for note in contrast.notes)
